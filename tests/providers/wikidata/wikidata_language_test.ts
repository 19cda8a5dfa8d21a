import { assert, assertEquals } from "@std/assert";
import { toLanguageCode } from "../../../src/providers/resolvers/language_code.ts";
import {
  ENGLISH_ITEMS,
  LABEL_LANGUAGES,
  languageOfItem,
} from "../../../src/providers/wikidata/wikidata_language.ts";

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

Deno.test("LABEL_LANGUAGES are no more than one request may ask for, English first", () => {
  assertEquals(LABEL_LANGUAGES.slice(0, 2), ["en", "mul"]);
  assertEquals(new Set(LABEL_LANGUAGES).size, LABEL_LANGUAGES.length);
  assert(LABEL_LANGUAGES.length <= 50);
});

Deno.test("ENGLISH_ITEMS are English and its varieties", () => {
  assert(ENGLISH_ITEMS.includes("Q1860") && ENGLISH_ITEMS.length > 1);
  assert(ENGLISH_ITEMS.every((id) => languageOfItem(id) === "en"));
});
