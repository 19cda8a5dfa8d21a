import { wordingName } from "../../domain/generation/wording.ts";
import type { BookTally } from "../../domain/generation/book_tally.ts";
import type { ContenderFigures } from "../../domain/experiments/compare_results.ts";
import type { VariantStats } from "../../stats/variant_stats.ts";
import { usd } from "./render_stats.ts";
import { type Column, tableLines } from "./render_table.ts";

interface Figures extends BookTally {
  readonly months: number;
  readonly cost_usd: number | null;
  readonly usd_per_resolved: number | null;
  readonly usd_per_in_month: number | null;
}

/** A screen for people: how wordings and models did. */
export function variantsScreen({ experiments, months }: VariantStats): string {
  return [
    "",
    "in experiments, the latest result of each question",
    ...(experiments.length === 0
      ? ["none yet: deno task experiment --help says how"]
      : contenderTable(experiments)),
    "",
    "in the months made, all generators together",
    ...(months.length === 0 ? ["no month has completed yet"] : tableLines(months, [
      { title: "variant", isNumber: false, cell: ({ prompt_variant }) => prompt_variant },
      ...figureColumns(),
    ])),
    "",
    "resolved in % of the books, in month in % of the resolved ones",
  ].join("\n");
}

/** The lines of a table with one contender in each. */
export function contenderTable(figures: readonly ContenderFigures[]): string[] {
  return tableLines(figures, [
    { title: "variant", isNumber: false, cell: wordingName },
    { title: "model", isNumber: false, cell: modelName },
    ...figureColumns(),
    { title: "only here", isNumber: true, cell: ({ only_here }) => String(only_here) },
    optional<ContenderFigures>("stored", ({ stored }) => stored),
    optional<ContenderFigures>("dropped", ({ dropped }) => dropped),
    optional<ContenderFigures>("refused", ({ refused }) => refused),
    optional<ContenderFigures>("unusable", ({ unusable }) => unusable),
    optional<ContenderFigures>("unheard", ({ unheard }) => unheard),
  ]);
}

/** A model with the generator it is asked through. */
export function modelName({ generator, model }: { generator: string; model: string }): string {
  return `${generator}:${model}`;
}

function figureColumns(): Column<Figures>[] {
  const always = (title: string, cell: (row: Figures) => string): Column<Figures> => ({
    title,
    isNumber: true,
    cell,
  });
  return [
    always("months", ({ months }) => String(months)),
    always("books", ({ books }) => String(books)),
    always("resolved", ({ resolved, books }) => withShare(resolved, books)),
    always("in month", ({ in_month, resolved }) => withShare(in_month, resolved)),
    optional("in year", ({ in_year }) => in_year),
    optional("elsewhere", ({ elsewhere }) => elsewhere),
    optional("undated", ({ undated }) => undated),
    optional("ambiguous", ({ ambiguous }) => ambiguous),
    always("not found", ({ not_found }) => String(not_found)),
    always("invented?", ({ invented }) => String(invented)),
    optional("open", ({ unavailable }) => unavailable),
    always("cost", ({ cost_usd }) => amount(cost_usd)),
    always("$/1,000 resolved", ({ usd_per_resolved }) => thousand(usd_per_resolved)),
    always("$/1,000 in month", ({ usd_per_in_month }) => thousand(usd_per_in_month)),
  ];
}

function optional<Row>(title: string, count: (row: Row) => number): Column<Row> {
  return { title, isNumber: true, isOptional: true, cell: (row) => String(count(row)) };
}

function withShare(part: number, whole: number): string {
  return whole === 0 ? String(part) : `${part} (${Math.round((100 * part) / whole)} %)`;
}

/** A book costs so little that a thousand are easier to compare. */
function thousand(dollars: number | null): string {
  return amount(dollars === null ? null : 1_000 * dollars);
}

/** Dollars, or a dash where nobody knows. */
export function amount(dollars: number | null): string {
  return dollars === null ? "–" : usd(dollars);
}
