import type { ExperimentResult } from "../../../src/domain/experiments/experiment_result.ts";

/** What came of asking a model for March 2012: three books, one of them found. */
export function experimentResult(fields: Partial<ExperimentResult> = {}): ExperimentResult {
  return {
    year: 2012,
    month: 3,
    prompt_variant: "baseline",
    prompt_version: "1",
    generator: "gemini",
    model: "some-model",
    asked_books: 20,
    outcome: "named",
    detail: null,
    is_remembered: false,
    books: 3,
    dropped: 1,
    resolved: 1,
    ambiguous: 0,
    not_found: 1,
    invented: 1,
    unavailable: 1,
    in_month: 0,
    in_year: 1,
    elsewhere: 0,
    undated: 0,
    isbns: ["9781402894626"],
    books_stored: null,
    isbns_stored: null,
    tokens: { input: 1, output: 2, thinking: 3 },
    cost_usd: 0.000123,
    ...fields,
  };
}
