/** Spellings of one sound in the systems by which Slavic names come into Latin letters. */
const SOUNDS: readonly (readonly [RegExp, string])[] = [
  [/shch|schtsch|szcz|sch|sh|sz|sc/g, "s"],
  [/zh|rz/g, "z"],
  [/kh|ch/g, "h"],
  [/tsch|tch|cz/g, "h"],
  [/tz|ts/g, "c"],
  [/ph/g, "f"],
  [/w/g, "v"],
  [/off$/g, "ov"],
  [/x/g, "ks"],
  [/[ijy]+(?=[aeou])/g, ""],
  [/[ijy]+/g, "i"],
  [/(.)\1+/g, "$1"],
];

/** Shorter names are too alike for their sounds to tell. */
const MIN_LENGTH = 5;

/**
 * A folded name by its sounds, equal for the ways of writing one Slavic name in Latin letters (ALA-LC, ISO 9,
 * BGN/PCGN and their English, German and French habits): "Glukhovsky" and "Gluchovskij". A name below five
 * letters is its own key.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(romanisationKey("glukhovsky"), romanisationKey("gluchovskij"));
 * assertEquals(romanisationKey("petr"), "petr");
 * ```
 */
export function romanisationKey(name: string): string {
  if (name.length < MIN_LENGTH) return name;
  return SOUNDS.reduce((key, [sound, letter]) => key.replace(sound, letter), name);
}
