/** Words that stand in small letters inside a title, in the languages whose titles are written so. */
const SMALL_WORDS = new Set(
  "a an the of and or nor but in on at by to for from with as vs de del la le du van von der und et y"
    .split(" "),
);

/** From this share of capitals a text is one of capitals: "HIGH DRUID of SHANNARA". */
const MOSTLY = 0.8;

/**
 * Whether a text is written in capitals rather than named so: "NW", "NOS4A2" and "H.R.H." are titles, "DARTH
 * MAUL" is a habit.
 *
 * @example
 * ```ts
 * import { assert, assertFalse } from "@std/assert";
 * assert(isInCapitals("THE SALT LEDGER"));
 * assertFalse(isInCapitals("NOS4A2"));
 * ```
 */
export function isInCapitals(text: string): boolean {
  const letters = text.match(/\p{L}/gu) ?? [];
  const capitals = text.match(/\p{Lu}/gu) ?? [];
  if (letters.length === 0 || capitals.length / letters.length < MOSTLY) return false;
  const words = text.match(/\p{Lu}{3,}/gu) ?? [];
  return words.length > 1 || words.some((word) => word.length >= 5);
}

/** The word in small letters behind its first one; numbers ("VII", "2B") and initials stay. */
function lowered(word: string): string {
  if (/\d|\p{L}\.\p{L}|^[IVX]+\P{L}*$/u.test(word)) return word;
  return word.replace(/(?<=\p{L}['’])\p{Lu}{1,2}(?!\p{L})/gu, (end) => end.toLowerCase())
    .replace(/\p{Lu}{2,}/gu, (run) => run[0] + run.slice(1).toLowerCase());
}

/**
 * A title in capitals as titles are written in English.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(toTitleCase("THE MAN IN THE SALT LEDGER"), "The Man in the Salt Ledger");
 * assertEquals(toTitleCase("LEDGERS II: McNALLY'S CHANCE"), "Ledgers II: McNally's Chance");
 * ```
 */
export function toTitleCase(title: string): string {
  const words = title.split(" ");
  return words.map((word, index) => {
    const isInside = index > 0 && index < words.length - 1 && !/[:–—-]$/.test(words[index - 1]!);
    const small = word.toLowerCase();
    return isInside && SMALL_WORDS.has(small) ? small : lowered(word);
  }).join(" ");
}

/** The name of a person in capitals as names are written: "MARA O'DELL" → "Mara O'Dell". */
export function toNameCase(name: string): string {
  return name.split(" ").map((word) =>
    word.length < 3 && !/^(?:LE|DE|DA|DI|DU|LA|EL|AL)$/.test(word) ? word : lowered(word)
  ).join(" ");
}
