import { assertEquals } from "@std/assert";
import type { MatchDecision } from "../../../src/domain/matching/decide_match.ts";
import { isWorthPaying } from "../../../src/domain/matching/is_worth_paying.ts";
import type { WorkCandidate } from "../../../src/domain/matching/resolver.ts";
import { QUERY, work } from "../../support/books/match_records.ts";

const NOT_FOUND: MatchDecision = { kind: "not_found", considered: [] };
const AMBIGUOUS: MatchDecision = { kind: "ambiguous", reason: "Two are too close", considered: [] };

function by(...authors: readonly string[]): WorkCandidate {
  return work({ title: "Winter Arithmetic", authors });
}

Deno.test("isWorthPaying() pays unless the author is known for other books", () => {
  const cases: [MatchDecision, WorkCandidate[], boolean][] = [
    [NOT_FOUND, [], true],
    [NOT_FOUND, [by("Ida Voss"), by()], true],
    [NOT_FOUND, [by("Ida Voss"), by("Quill, Mara")], false],
    [AMBIGUOUS, [by("Mara Quill")], true],
  ];
  for (const [decision, works, isWorth] of cases) {
    assertEquals(isWorthPaying(QUERY, { decision, works }), isWorth, JSON.stringify(works));
  }
});

Deno.test("isWorthPaying() pays for the sibling of a book that is known", () => {
  const refused = (verdict: string): MatchDecision => ({
    kind: "not_found",
    considered: [{
      provider: "open_library",
      provider_key: "/works/OL1W",
      title: "The Salt Ledger, Vol. 2",
      authors: ["Mara Quill"],
      score: 53,
      parts: { title: 25, author: 25, year: 3, edition: 0, agreement: 0 },
      verdict,
    }],
  });
  const works = [by("Mara Quill")];
  for (const verdict of ["vetoed: another volume", "vetoed: another subtitle"]) {
    assertEquals(isWorthPaying(QUERY, { decision: refused(verdict), works }), true, verdict);
  }
  assertEquals(isWorthPaying(QUERY, { decision: refused("vetoed: another title"), works }), false);
});

Deno.test("isWorthPaying() pays for no volume far beyond those that are known", () => {
  const refused: MatchDecision = {
    kind: "not_found",
    considered: [{
      provider: "open_library",
      provider_key: "/works/OL1W",
      title: "Naruto, Vol. 11",
      authors: ["Mara Quill"],
      score: 53,
      parts: { title: 25, author: 25, year: 3, edition: 0, agreement: 0 },
      verdict: "vetoed: another volume",
    }],
  };
  const works = [work({ title: "Naruto, Vol. 11", authors: ["Mara Quill"] })];
  const isWorth = (title: string) =>
    isWorthPaying({ ...QUERY, title }, { decision: refused, works });
  assertEquals(isWorth("Naruto, Vol. 12"), true);
  assertEquals(isWorth("Naruto, Vol. 27"), true);
  assertEquals(isWorth("Naruto, Vol. 967"), false);
});
