import type { ResolveFigures } from "./resolve_figures.ts";
import type { Tally } from "./resolve_tally.ts";

const NAME_WIDTH = 28;
const PAIR_WIDTH = 18;

/** The figures for people: one row a category, ours first, "precision / recall" in percent. */
export function resolveTable(figures: ResolveFigures): string[] {
  const names = Object.keys(figures.baselines);
  const { calls_per_resolved: calls, findable } = figures;
  return [
    row("precision / recall, %", ["queries", "ambiguous", "ours", ...names]),
    ...Object.entries(figures.by_category).map(([category, own]) =>
      row(category, [
        String(own.queries),
        String(own.ambiguous),
        pair(own),
        ...names.map((name) => pair(own.baselines[name])),
      ])
    ),
    row("all", [
      String(figures.queries),
      "",
      pair({ precision: figures.precision, recall: figures.recall_all }),
      ...names.map((name) => pair(figures.baselines[name])),
    ]),
    "",
    line("recall of plain titles", percent(figures.recall_plain)),
    line("recall of the core categories", percent(figures.recall_core)),
    line("fictional books accepted", percent(figures.fictional_accepted)),
    line("unjudged answers", String(figures.unjudged)),
    line(
      "calls for each resolved book",
      Object.entries(calls).map(([name, count]) => `${name} ${count}`).join(", "),
    ),
    line("free requests for each resolved", String(figures.free_requests_per_resolved)),
    line("with each ISBN of a batch counted", `isbndb ${figures.isbndb_units_per_resolved}`),
    line(
      "ISBNdb calls by category",
      Object.entries(figures.isbndb_calls_by_category).map(([name, made]) => `${name} ${made}`)
        .join(", "),
    ),
    ...Object.entries(findable).map(([category, found]) =>
      line(`${category}: any provider has it`, percent(found))
    ),
    line("beaten in both by", figures.beaten_by.join(", ") || "nobody"),
  ];
}

function row(name: string, cells: readonly string[]): string {
  const [queries = "", ambiguous = "", ...pairs] = cells;
  return `  ${name.padEnd(NAME_WIDTH)}${queries.padStart(8)}${ambiguous.padStart(11)}` +
    pairs.map((cell) => cell.padStart(PAIR_WIDTH)).join("");
}

function line(name: string, value: string): string {
  return `  ${name.padEnd(36)}${value}`;
}

function pair(of: Pick<Tally, "precision" | "recall"> | undefined): string {
  return `${percent(of?.precision ?? null)} / ${percent(of?.recall ?? null)}`;
}

function percent(value: number | null): string {
  return value === null ? "–" : (100 * value).toFixed(1);
}
