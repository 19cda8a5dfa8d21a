import { assertEquals } from "@std/assert";
import { decideMatch } from "../../../src/domain/matching/decide_match.ts";
import { isBeyondDoubt } from "../../../src/domain/matching/is_beyond_doubt.ts";
import type { WorkCandidate } from "../../../src/domain/matching/resolver.ts";
import { ISBN, OTHER_ISBN, QUERY, record } from "../../support/books/match_records.ts";

const DATED = { published: { year: 2012, month: null, day: null } };

function isSafe(...works: readonly WorkCandidate[]): boolean {
  return isBeyondDoubt(decideMatch(QUERY, works), QUERY);
}

function foundIsbn(...works: readonly WorkCandidate[]): string | null {
  const decision = decideMatch(QUERY, works);
  return decision.kind === "found" ? decision.isbn13 : null;
}

Deno.test("isBeyondDoubt() is true only for a record that bears the title asked for", () => {
  const cases = [
    ["The Salt Ledger", true],
    ["Tide Books: The Salt Ledger", false],
    ["The Salt Leger", false],
    ["Another Book", false],
  ] as const;
  for (const [title, isCertain] of cases) {
    assertEquals(isSafe(record("isbndb", { title, ...DATED })), isCertain, title);
  }
  const series = { title: "Tide Books: The Salt Ledger", isbn13: OTHER_ISBN };
  assertEquals(foundIsbn(record("isbndb", series), record("isbndb")), ISBN);
});

Deno.test("isBeyondDoubt() waits for the others where a record says more than was asked", () => {
  const longer = record("isbndb", { subtitle: "Tides", ...DATED });
  assertEquals([foundIsbn(longer), isSafe(longer)], [ISBN, false]);
});

Deno.test("isBeyondDoubt() wants a date or a second provider beside the title", () => {
  assertEquals(isSafe(record("wikidata")), false);
  assertEquals(isSafe(record("wikidata", DATED)), true);
  assertEquals(isSafe(record("wikidata"), record("open_library")), true);
  // A box set under the bare title: whoever knows the book better gives another ISBN.
  const set = record("wikidata", { isbn13: OTHER_ISBN });
  assertEquals(foundIsbn(set, record("google_books", DATED)), ISBN);
});
