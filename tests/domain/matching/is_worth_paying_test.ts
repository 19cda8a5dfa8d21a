import { assertEquals } from "@std/assert";
import type { MatchDecision } from "../../../src/domain/matching/decide_match.ts";
import { isWorthPaying } from "../../../src/domain/matching/is_worth_paying.ts";
import type { BookQuery, WorkCandidate } from "../../../src/domain/matching/resolver.ts";

const QUERY: BookQuery = {
  title: "The Salt Ledger",
  author: "Mara Quill",
  year: 2024,
  month: null,
  language: "en",
};

const NOT_FOUND: MatchDecision = { kind: "not_found", considered: [] };
const AMBIGUOUS: MatchDecision = { kind: "ambiguous", reason: "Two are too close", considered: [] };

function by(...authors: readonly string[]): WorkCandidate {
  return {
    provider: "open_library",
    provider_key: "/works/OL1W",
    title: "Winter Arithmetic",
    subtitle: null,
    authors,
    first_published: null,
    popularity: null,
    editions: [],
  };
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
