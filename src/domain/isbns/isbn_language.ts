/**
 * Registration groups of one language or of one country whose books are mostly in it, as the International
 * ISBN Agency's range message assigns them (2026); where English is printed as a rule, or several
 * languages are, a group says nothing and is left out (India 81 and 93, Malaysia 967).
 */
const LANGUAGES: readonly (readonly [string, string])[] = [
  ["9782", "fr"],
  ["97910", "fr"],
  ["9783", "de"],
  ["9784", "ja"],
  ["9785", "ru"],
  ["9787", "zh"],
  ["97880", "cs"],
  ["97882", "no"],
  ["97883", "pl"],
  ["97884", "es"],
  ["97885", "pt"],
  ["97865", "pt"],
  ["97887", "da"],
  ["97888", "it"],
  ["97912", "it"],
  ["97889", "ko"],
  ["97911", "ko"],
  ["97890", "nl"],
  ["97894", "nl"],
  ["97891", "sv"],
  ["978950", "es"],
  ["978951", "fi"],
  ["978952", "fi"],
  ["978953", "hr"],
  ["978954", "bg"],
  ["978956", "es"],
  ["978957", "zh"],
  ["978958", "es"],
  ["978960", "el"],
  ["978618", "el"],
  ["978961", "sl"],
  ["978963", "hu"],
  ["978615", "hu"],
  ["978964", "fa"],
  ["978600", "fa"],
  ["978968", "es"],
  ["978970", "es"],
  ["978607", "es"],
  ["978972", "pt"],
  ["978989", "pt"],
  ["978973", "ro"],
  ["978606", "ro"],
  ["978974", "th"],
  ["978975", "tr"],
  ["978605", "tr"],
  ["978979", "id"],
  ["978602", "id"],
  ["978986", "zh"],
  ["978987", "es"],
];

/**
 * The language (ISO 639-1) that most books of an ISBN's registration group are in, or null where the group
 * does not tell, as those of English (0, 1 and 979-8) don't: every country publishes in English there.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(isbnLanguage("9783442473663"), "de");
 * assertEquals(isbnLanguage("9781402894626"), null);
 * ```
 */
export function isbnLanguage(isbn13: string): string | null {
  return LANGUAGES.find(([group]) => isbn13.startsWith(group))?.[1] ?? null;
}
