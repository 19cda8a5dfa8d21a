import { assertEquals } from "@std/assert";
import { compareResults } from "../../../src/domain/experiments/compare_results.ts";
import type { ExperimentResult } from "../../../src/domain/experiments/experiment_result.ts";

/** A list of books of the month, all of them resolved. */
function result(
  fields: Partial<ExperimentResult> & Pick<ExperimentResult, "isbns">,
): ExperimentResult {
  const count = fields.isbns.length;
  return {
    year: 2012,
    month: 3,
    prompt_variant: "baseline",
    prompt_version: "1",
    generator: "gemini",
    model: "gemini-3.5-flash-lite",
    asked_books: 20,
    outcome: "named",
    detail: null,
    is_remembered: false,
    books: count,
    dropped: 0,
    resolved: count,
    ambiguous: 0,
    not_found: 0,
    invented: 0,
    unavailable: 0,
    in_month: count,
    in_year: 0,
    elsewhere: 0,
    undated: 0,
    books_stored: null,
    isbns_stored: null,
    tokens: { input: 100, output: 200, thinking: 300 },
    cost_usd: 0.002,
    ...fields,
  };
}

const grok = { generator: "xai", model: "grok-4.3" } as const;

Deno.test("compareResults() sums a contender's months and divides its cost", () => {
  const [figures, ...others] = compareResults([
    result({ isbns: ["a", "b", "c"], cost_usd: 0.003 }),
    result({ isbns: ["d"], month: 4, in_month: 0, in_year: 1, cost_usd: 0.001 }),
  ]);
  assertEquals(others, []);
  assertEquals([figures!.months, figures!.books, figures!.resolved], [2, 4, 4]);
  assertEquals([figures!.cost_usd, figures!.tokens], [0.004, 1200]);
  assertEquals([figures!.usd_per_resolved, figures!.usd_per_in_month], [0.001, 0.001333]);
  assertEquals(figures!.stored, 0);
});

Deno.test("compareResults() sums the books that were stored, where any were to be", () => {
  const [figures] = compareResults([
    result({ isbns: ["a", "b"], books_stored: 2, isbns_stored: 2 }),
    result({ isbns: ["c", "d"], month: 4, books_stored: 1, isbns_stored: 2 }),
    result({ isbns: ["e"], month: 5 }),
  ]);
  assertEquals(figures!.stored, 3);
});

Deno.test("compareResults() knows the cost of nothing when one answer's is not known", () => {
  const [figures] = compareResults([
    result({ isbns: ["a"] }),
    result({ isbns: ["b"], month: 4, cost_usd: null }),
  ]);
  assertEquals([figures!.cost_usd, figures!.usd_per_resolved], [null, null]);
});

Deno.test("compareResults() divides by nothing where nothing was resolved", () => {
  const [figures] = compareResults([result({ isbns: [], books: 1, not_found: 1, invented: 1 })]);
  assertEquals([figures!.usd_per_resolved, figures!.usd_per_in_month], [null, null]);
  assertEquals([figures!.cost_usd, figures!.invented], [0.002, 1]);
});

Deno.test("compareResults() counts what only one of them names, where others answered too", () => {
  const figures = compareResults([
    result({ isbns: ["a", "b"] }),
    result({ isbns: ["b", "c", "d"], ...grok }),
    result({ isbns: ["e"], month: 4, ...grok }),
  ]);
  assertEquals(figures.map(({ generator, only_here }) => [generator, only_here]), [
    ["xai", 2],
    ["gemini", 1],
  ]);
});

Deno.test("compareResults() holds refusals against a model, and its absence against nobody", () => {
  const figures = compareResults([
    result({ isbns: ["a"] }),
    result({ isbns: [], month: 4, outcome: "refused", detail: "no" }),
    result({ isbns: [], month: 5, outcome: "unusable", detail: "no JSON" }),
    result({ isbns: [], month: 6, outcome: "unavailable", detail: "down", cost_usd: null }),
  ]);
  const { months, refused, unusable, unheard, cost_usd } = figures[0]!;
  assertEquals({ months, refused, unusable, unheard, cost_usd }, {
    months: 3,
    refused: 1,
    unusable: 1,
    unheard: 1,
    cost_usd: 0.006,
  });
});

Deno.test("compareResults() puts the cheaper of two that name the same books first", () => {
  const isbns = ["a"];
  const figures = compareResults([result({ isbns }), result({ isbns, ...grok, cost_usd: 0.001 })]);
  assertEquals(figures.map(({ generator }) => generator), ["xai", "gemini"]);
});
