import { assertEquals } from "@std/assert";
import { decideMatch } from "../../../src/domain/matching/decide_match.ts";
import type { WorkCandidate } from "../../../src/domain/matching/resolver.ts";
import { QUERY, record, type RecordFields } from "../../support/books/match_records.ts";

const DATED = { published: { year: 2012, month: null, day: null } };
/** An ISBN of the German group. */
const GERMAN = "9783442473663";

function kindOf(
  title: string,
  works: readonly WorkCandidate[],
  areAllHeard = false,
): string {
  return decideMatch({ ...QUERY, title }, works, { areAllHeard }).kind;
}

function german(fields: RecordFields): WorkCandidate {
  return record("google_books", { isbn13: GERMAN, language: "de", ...DATED, ...fields });
}

Deno.test("decideMatch() takes no edition in another language for a title that is English", () => {
  for (const title of ["The Salt Ledger", "Salt and Time", "Insatiable Salt"]) {
    assertEquals(kindOf(title, [german({ title })]), "ambiguous", title);
  }
  const english = record("open_library", { title: "The Salt Ledger", ...DATED });
  assertEquals(kindOf("The Salt Ledger", [german({ title: "The Salt Ledger" }), english]), "found");
});

Deno.test("decideMatch() takes an original in the language of its title", () => {
  for (const title of ["Der Salzladen", "Die Vermessung der Welt", "Fräulein Schmitz"]) {
    assertEquals(kindOf(title, [german({ title })]), "found", title);
  }
  // The ISBN's group is enough where the title's own words say the same.
  const title = "Die Vermessung der Welt";
  assertEquals(kindOf(title, [german({ title, language: null })]), "found");
});

Deno.test("decideMatch() takes a word that may be of either language once everybody was heard", () => {
  const works = [german({ title: "Marina" })];
  assertEquals(kindOf("Marina", works), "ambiguous");
  assertEquals(kindOf("Marina", works, true), "found");
  // That it is German only the ISBN tells.
  assertEquals(kindOf("Marina", [german({ title: "Marina", language: null })], true), "ambiguous");
});

Deno.test("decideMatch() knows of an edition in the language wanted by a record without author", () => {
  const works = [german({ title: "Fräulein" })];
  assertEquals(kindOf("Fräulein", works), "found");
  const nameless = record("open_library", { title: "Fräulein", authors: [], ...DATED });
  assertEquals(kindOf("Fräulein", [...works, nameless]), "ambiguous");
});
