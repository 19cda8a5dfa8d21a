import { assertEquals } from "@std/assert";
import { caseFigures, caseOutcomes } from "./case_figures.ts";
import { failedCase, wholeCase } from "./case_report.ts";
import type { AnswerOrder, CaseVerdict, DecidedCase } from "./case_run.ts";
import { ISBN, madeCase, madeRecord } from "./made_case.ts";
import type { MatchCase } from "./match_case.ts";

const FIRST = madeCase([madeRecord("google_books", { language: "en" })], { id: "c1" });
const SECOND = madeCase([], { id: "c2", kind: "trap", sure: false });

function decided(match_case: MatchCase, order: AnswerOrder, verdict: CaseVerdict): DecidedCase {
  return {
    match_case,
    order,
    verdict,
    isbn13: verdict === "wrong" ? ISBN : null,
    decision: { kind: "not_found", considered: [] },
    answers: [],
  };
}

Deno.test("caseFigures() counts a case once, by the worst that became of it in any order", () => {
  const figures = caseFigures([
    decided(FIRST, "all", "right"),
    decided(SECOND, "all", "ambiguous"),
    decided(FIRST, "google_books", "wrong"),
    decided(SECOND, "google_books", "refused"),
  ]);
  const none = { right: 0, wrong: 0, refused: 0, ambiguous: 0 };
  const wrong = { ...none, wrong: 1 };
  assertEquals(figures, {
    cases: 2,
    ...wrong,
    refused: 1,
    by_kind: { control: wrong, trap: { ...none, refused: 1 } },
    sure: { cases: 1, ...wrong, by_kind: { control: wrong } },
    by_order: {
      all: { ...none, right: 1, ambiguous: 1, sure: { ...none, right: 1 } },
      google_books: { ...wrong, refused: 1, sure: wrong },
    },
  });
});

Deno.test("failedCase() tells of a case that failed, with the orders it failed in", () => {
  const outcomes = caseOutcomes([
    decided(FIRST, "all", "right"),
    decided(FIRST, "google_books", "wrong"),
    decided(FIRST, "wikidata", "wrong"),
    decided(SECOND, "all", "right"),
  ]);
  assertEquals(outcomes.map(failedCase), [[
    "  c1, control",
    `    "The Salt Ledger" by Mara Quill (2012), expected ${ISBN}`,
    `    wrong (google_books, wikidata): ${ISBN}`,
  ], []]);
});

Deno.test("wholeCase() shows what is known, what was heard and every order", () => {
  const works = [{
    provider: "google_books",
    provider_key: "abc",
    title: "The Salt Ledger",
    subtitle: null,
    authors: [],
    first_published: null,
    popularity: null,
    editions: [],
  }] as const;
  const all = { ...decided(FIRST, "all", "right"), answers: [{ provider: "google_books", works }] };
  const [outcome] = caseOutcomes([all as DecidedCase, decided(FIRST, "wikidata", "right")]);
  assertEquals(outcome && wholeCase(outcome).slice(2), [
    "    records:",
    `      {"provider":"google_books","title":"The Salt Ledger","authors":["Mara Quill"],` +
    `"year":"2012","isbn13":"${ISBN}","language":"en"}`,
    "    as the clients read them:",
    `      google_books abc: "The Salt Ledger" by nobody, first undated`,
    "    right (all, wikidata): not_found",
  ]);
});
