import type { Binding } from "../../domain/matching/resolver.ts";

/** In order: a "large print paperback" is large print, a "Kindle edition, audio" is audio. */
const PATTERNS: readonly (readonly [RegExp, Binding])[] = [
  [/audio|\bcds?\b|cassette|\bmp3\b|playaway|sound|spoken|tape/i, "audio"],
  [/large[ -]?(print|type)|magnaprint|thorndike/i, "large_print"],
  [/mass[ -]?market|\bmmpb\b|pocket ?book/i, "mass_market"],
  [/library|turtleback|school|prebound|perma-?bound/i, "library"],
  [
    /e-?book|kindle|epub|\bpdf\b|digital|electronic|online|nook|adobe|mobi|web ?page|\[?electr/i,
    "ebook",
  ],
  [
    /hard[ -]?(cover|back|bound|bind)|\bhc\b|\bhbk?\b|cloth|cased|gebunden|relié|tapa dura/i,
    "hardcover",
  ],
  [
    /paper[ -]?(back|bound)?|soft[ -]?(cover|back|bound)|\bpbk?\b|\btpb?\b|perfect|broch|taschenbuch|tapa blanda|flex/i,
    "paperback",
  ],
];

/** The binding a free-text description means; `other` for one not known, null for none. */
export function toBinding(text: string | null): Binding | null {
  if (text === null || text.trim() === "" || /^unknown( binding)?$/i.test(text.trim())) return null;
  return PATTERNS.find(([pattern]) => pattern.test(text))?.[1] ?? "other";
}
