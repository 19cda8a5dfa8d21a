import { assertEquals } from "@std/assert";
import { toLanguageCode } from "../../../src/providers/resolvers/language_code.ts";

Deno.test("toLanguageCode() reads two letters, three letters, locales, paths and names", () => {
  const table: readonly [string, string | null][] = [
    ["en", "en"],
    ["EN", "en"],
    ["en_US", "en"],
    ["en-GB", "en"],
    ["eng", "en"],
    ["/languages/eng", "en"],
    ["English", "en"],
    ["english (United States)", "en"],
    ["ger", "de"],
    ["deu", "de"],
    ["fre", "fr"],
    ["fra", "fr"],
    ["Spanish; Castilian", "es"],
    ["chi", "zh"],
    ["jpn", "ja"],
    ["mul", null],
    ["und", null],
    ["", null],
    ["constructor", null],
    ["xx", null],
  ];
  for (const [text, expected] of table) assertEquals(toLanguageCode(text), expected, text);
});
