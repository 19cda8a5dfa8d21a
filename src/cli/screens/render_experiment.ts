import { compareResults } from "../../domain/experiments/compare_results.ts";
import type { ExperimentResult } from "../../domain/experiments/experiment_result.ts";
import { wordingName } from "../../domain/generation/wording.ts";
import { monthKey } from "../../domain/months/month.ts";
import type { ExperimentPlan } from "../../experiments/plan_experiment.ts";
import type { ExperimentReport } from "../../experiments/run_experiment.ts";
import { usd } from "./render_stats.ts";
import { tableLines } from "./render_table.ts";
import { amount, contenderTable, modelName } from "./render_variants.ts";

/** What a dry run tells, for scripts. */
export function planBody(
  { questions, estimate }: ExperimentPlan,
  { isStoring }: { isStoring: boolean },
) {
  const { questions: amounts, ...totals } = estimate;
  return {
    dry_run: true,
    store: isStoring,
    ...totals,
    questions: questions.map(({ variant, generator, request, is_remembered }, index) => ({
      ...request.month,
      prompt_variant: variant,
      prompt_version: request.prompt.version,
      generator: generator.name,
      model: generator.model,
      asked_books: request.max_books,
      is_remembered,
      ...amounts[index]!,
    })),
  };
}

/** What a dry run tells, for people. `budgetUsd` is null when none was given. */
export function planScreen(
  plan: ExperimentPlan,
  { budgetUsd, isStoring }: { budgetUsd: number | null; isStoring: boolean },
): string {
  const body = planBody(plan, { isStoring });
  const { questions, expected_usd, at_most_usd, unpriced_models, calls, basis } = body;
  const known = questions.filter(({ is_remembered }) => is_remembered).length;
  const sorted = Object.entries(calls).toSorted(([, a], [, b]) => b - a);
  const lines = [
    ...tableLines(questions, [
      { title: "month", isNumber: false, cell: monthKey },
      { title: "variant", isNumber: false, cell: wordingName },
      { title: "model", isNumber: false, cell: modelName },
      { title: "books", isNumber: true, cell: ({ asked_books }) => String(asked_books) },
      {
        title: "expected",
        isNumber: true,
        cell: (one) => one.is_remembered ? "remembered" : amount(one.expected_usd),
      },
      { title: "at most", isNumber: true, cell: ({ at_most_usd }) => amount(at_most_usd) },
    ]),
    "",
    `Questions: ${questions.length}, ${known} of them answered before. To be expected: ` +
    `${usd(expected_usd)}, and ${usd(at_most_usd)} if every answer is as long as allowed`,
    sorted.length === 0
      ? "No call to a model, and few to resolvers"
      : `Calls: ${sorted.map(([provider, count]) => `${provider} ${count}`).join(", ")}`,
    basis,
  ];
  if (unpriced_models.length > 0) {
    lines.push(
      `Not in it: ${unpriced_models.join(", ")}, whose price is not known (set MODEL_PRICES)`,
    );
  }
  if (isStoring) {
    lines.push(
      "To be stored: of every answer the books that catalogues confirm, as works and authors, ISBNs " +
        "with their evidence, and entries of the enrichment queue. What is there already is not " +
        "stored again, nothing unconfirmed is, and the months stay as they are",
    );
  }
  lines.push(adviceFor(budgetUsd, expected_usd));
  return lines.join("\n");
}

function adviceFor(budgetUsd: number | null, expectedUsd: number): string {
  if (budgetUsd === null) return "Nothing was asked. --run --budget USD puts the questions";
  return budgetUsd < expectedUsd
    ? `Nothing was asked. The budget of ${usd(budgetUsd)} will most likely not do`
    : "Nothing was asked. --run puts the questions";
}

/** One line about a result, as it comes. */
export function resultLine(result: ExperimentResult): string {
  const { outcome, detail, books, resolved, in_month, books_stored, is_remembered, cost_usd } =
    result;
  const found = outcome === "named"
    ? `${books} books, ${resolved} resolved, ${in_month} of the month` +
      (books_stored === null ? "" : `, ${books_stored} stored`)
    : `${outcome}: ${detail}`;
  const cost = is_remembered ? "remembered" : amount(cost_usd);
  return `${monthKey(result)} ${wordingName(result)} ${modelName(result)}: ${found} (${cost})`;
}

/** What an experiment came to, for scripts. */
export function reportBody(report: ExperimentReport) {
  return { dry_run: false, ...report, figures: compareResults(report.results) };
}

/** What an experiment came to, for people. */
export function reportScreen(
  report: ExperimentReport,
  { budgetUsd }: { budgetUsd: number },
): string {
  return [
    "",
    ...contenderTable(compareResults(report.results)),
    "",
    `Experiment ${report.experiment_id} has spent ${usd(report.spent_usd)} of ${usd(budgetUsd)}`,
    storedLine(report.stored),
    "deno task schedule --months LIST --rerun --variant NAME makes months with a variant, and deno " +
    "task stats --variants shows these figures again",
  ].join("\n");
}

function storedLine(stored: ExperimentReport["stored"]): string {
  if (stored === null) {
    return "No book was stored. --store adds the confirmed ones, also afterwards";
  }
  const { books_new, books_known, isbns_new } = stored;
  return `Of the confirmed books ${books_new} were new and are stored, with ${isbns_new} new ISBNs; ` +
    `${books_known} were there already. The months are as they were`;
}
