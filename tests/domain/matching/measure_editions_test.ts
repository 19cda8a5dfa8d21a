import { assertEquals } from "@std/assert";
import { measureEditions } from "../../../src/domain/matching/measure_editions.ts";
import { prepareQuery } from "../../../src/domain/matching/record_title.ts";
import type { EditionCandidate } from "../../../src/domain/matching/resolver.ts";
import { edition, ISBN, OTHER_ISBN, QUERY, work } from "../../support/books/match_records.ts";

const IN = (year: number) => ({ published: { year, month: null, day: null } });

function measure(editions: readonly EditionCandidate[], title = QUERY.title): unknown {
  const prepared = prepareQuery({ ...QUERY, title });
  const measured = measureEditions(prepared, {
    work: work({ title, editions }),
    authors: [],
    derivation: null,
  });
  return [measured.editions.map((one) => one.edition.isbn13), measured.disowned];
}

Deno.test("measureEditions() goes by each edition's own title", () => {
  // A work record may hold an edition of another book by mistake; that is no reason to disown it.
  const other = edition({ title: "Winter Arithmetic", isbn13: OTHER_ISBN });
  assertEquals(measure([edition(), other]), [[ISBN], []]);
  const sibling = edition({ title: "The Salt Ledger, Vol. 2", isbn13: OTHER_ISBN });
  assertEquals(measure([edition(), sibling]), [[ISBN], [OTHER_ISBN]]);
});

Deno.test("measureEditions() lets the title of a translation pass beside the original", () => {
  const original = edition({ title: "Ut og stjæle hester", language: "no" });
  const translation = edition({ title: "Out Stealing Horses", isbn13: OTHER_ISBN, language: null });
  assertEquals(measure([original, translation], "Ut og stjæle hester"), [[ISBN, OTHER_ISBN], []]);
  const english = edition({ title: "Ut og stjæle hester", language: "en" });
  assertEquals(measure([english, translation], "Ut og stjæle hester"), [[ISBN], []]);
});

Deno.test("measureEditions() takes no title in another language for a slip of the keys", () => {
  const foreign = { title: "The Salt Ledgar", ...IN(2012) };
  assertEquals(measure([edition({ ...foreign, language: "en" })]), [[ISBN], []]);
  assertEquals(measure([edition({ ...foreign, language: "pt" })]), [[], []]);
});

Deno.test("measureEditions() disowns audio, by its binding or by the house that made it", () => {
  assertEquals(measure([edition({ binding: "audio" })]), [[], [ISBN]]);
  for (const publisher of ["HarperAudio", "Brilliance Audio", "Books on Tape", "Tantor Media"]) {
    assertEquals(measure([edition({ publisher, binding: "hardcover" })]), [[], [ISBN]], publisher);
  }
  assertEquals(measure([edition({ publisher: "Harper" })]), [[ISBN], []]);
});
