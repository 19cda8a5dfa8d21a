import { assertEquals } from "@std/assert";
import { isProbablyInvented, tallyBooks } from "../../../src/domain/generation/book_tally.ts";
import { decideMatch, type MatchDecision } from "../../../src/domain/matching/decide_match.ts";
import type { WorkCandidate } from "../../../src/domain/matching/resolver.ts";
import * as records from "../../support/books/match_records.ts";

const query = { ...records.QUERY, month: 3 };

function record(title: string, author: string): WorkCandidate {
  const published = { year: 2012, month: 3, day: null };
  return records.record("open_library", { title, authors: [author], published });
}

const decide = (...works: WorkCandidate[]): MatchDecision => decideMatch(query, works);

Deno.test("isProbablyInvented() asks whether anybody knows the title", () => {
  const cases: [string, MatchDecision, boolean][] = [
    ["nobody knows anything", decide(), true],
    ["others of the author's", decide(record("Winter Rooms", "Mara Quill")), true],
    ["the title, by somebody else", decide(record("The Salt Ledger", "Otto Brandt")), false],
    ["a guide to it", decide(record("The Salt Ledger: Study Guide", "Mara Quill")), false],
    ["the book", decide(record("The Salt Ledger", "Mara Quill")), false],
  ];
  for (const [known, decision, expected] of cases) {
    assertEquals(isProbablyInvented(decision), expected, known);
  }
});

Deno.test("tallyBooks() counts each book once, and dates of confirmed books only", () => {
  const found = decide(record("The Salt Ledger", "Mara Quill"));
  assertEquals(found.kind, "found");
  const tally = tallyBooks([
    { decision: found, month_fit: "in_month" },
    { decision: found, month_fit: "in_year" },
    { decision: found, month_fit: "elsewhere" },
    { decision: found, month_fit: "unknown" },
    { decision: { kind: "ambiguous", reason: "", considered: [] }, month_fit: "unknown" },
    { decision: decide(), month_fit: "unknown" },
    { decision: decide(record("The Salt Ledger", "Otto Brandt")), month_fit: "unknown" },
    { decision: null, month_fit: "unknown" },
  ]);
  assertEquals(tally, {
    books: 8,
    resolved: 4,
    ambiguous: 1,
    not_found: 2,
    invented: 1,
    unavailable: 1,
    in_month: 1,
    in_year: 1,
    elsewhere: 1,
    undated: 1,
  });
});
