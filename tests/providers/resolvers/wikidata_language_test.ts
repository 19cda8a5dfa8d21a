import { assert, assertEquals } from "@std/assert";
import { toLanguageCode } from "../../../src/providers/resolvers/language_code.ts";
import { languageOfItem } from "../../../src/providers/resolvers/wikidata_language.ts";

Deno.test("languageOfItem() knows the large languages and takes varieties for their language", () => {
  const table: readonly [string, string | null][] = [
    ["Q1860", "en"],
    ["Q7979", "en"],
    ["Q188", "de"],
    ["Q750553", "pt"],
    ["Q5", null],
    ["constructor", null],
    ["", null],
  ];
  for (const [id, code] of table) assertEquals(languageOfItem(id), code, id);
});

Deno.test("languageOfItem() gives codes the other catalogues' records are given as well", () => {
  for (const id of ["Q1860", "Q150", "Q9043", "Q25167", "Q7850", "Q397", "Q9142"]) {
    const code = languageOfItem(id);
    assert(code !== null && toLanguageCode(code) === code, id);
  }
});
