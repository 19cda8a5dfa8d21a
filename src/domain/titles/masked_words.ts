/** Words that publishers mask, each cover in its own way: "F*ck", "F**k", "F***". */
const MASKED: readonly (readonly [RegExp, string])[] = [
  [/(?<!\p{L})f(?:[*#-]c|[*#]{1,2})k|(?<!\p{L})f[*#]{3}/giu, "fuck"],
  [/(?<!\p{L})s(?:h[*#]|[*#]{2})t|(?<!\p{L})s[*#]{3}/giu, "shit"],
];

/**
 * A title with the words written out that publishers mask.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(unmasked("Go the F**k to Sleep"), "Go the fuck to Sleep");
 * ```
 */
export function unmasked(title: string): string {
  return MASKED.reduce((text, [mask, word]) => text.replace(mask, word), title);
}
