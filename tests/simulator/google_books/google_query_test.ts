import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { parseGoogleQuery } from "../../../src/simulator/google_books/google_query.ts";

const TERM = { field: null, isPhrase: false, isExcluded: false };

Deno.test("parseGoogleQuery() binds a field to one word, or to one phrase", () => {
  assertEquals(parseGoogleQuery('intitle:two words inauthor:"mara quill"'), [
    { ...TERM, field: "intitle", text: "two" },
    { ...TERM, text: "words" },
    { ...TERM, field: "inauthor", text: "mara quill", isPhrase: true },
  ]);
});

Deno.test("parseGoogleQuery() reads exclusion and leaves unknown fields in the text", () => {
  assertEquals(parseGoogleQuery('-intitle:guide ISBN:9781402894626 mission:impossible -"a b"'), [
    { ...TERM, field: "intitle", text: "guide", isExcluded: true },
    { ...TERM, field: "isbn", text: "9781402894626" },
    { ...TERM, text: "mission:impossible" },
    { ...TERM, text: "a b", isPhrase: true, isExcluded: true },
  ]);
});

Deno.test("parseGoogleQuery() leaves out terms without a letter or digit, on any text", () => {
  assertEquals(parseGoogleQuery('intitle:"…" -- &'), []);
  fc.assert(fc.property(fc.string({ unit: "grapheme" }), (text) => {
    for (const term of parseGoogleQuery(text)) assertEquals(/[\p{L}\p{N}]/u.test(term.text), true);
  }));
});
