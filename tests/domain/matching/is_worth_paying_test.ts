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
