import { assertEquals } from "@std/assert";
import { resolveFigures } from "./resolve_figures.ts";
import type { ResolvedQuery } from "./resolve_run.ts";
import { resolveTable } from "./resolve_table.ts";
import type { Verdict } from "./resolve_tally.ts";

interface Outcome {
  readonly category: string;
  readonly ours: Verdict;
  readonly theirs: Verdict;
  readonly isbndb?: number;
  readonly isFindable?: boolean;
}

function resolved(
  { category, ours, theirs, isbndb = 0, isFindable = true }: Outcome,
): ResolvedQuery {
  const isAnswered = ["right", "wrong", "unjudged"].includes(ours);
  return {
    query: {
      id: "b1",
      category,
      query: { title: "The Salt Ledger", author: "Mara Quill", year: 2024 },
      all_isbn13: ["9781402894626"],
      reject_isbn13: [],
      work: "salt",
    },
    verdict: ours,
    isbn13: isAnswered ? "9781402894626" : null,
    reason: null,
    baselines: { other: theirs },
    isFindable,
    calls: new Map([["open_library", 2], ["isbndb", isbndb]]),
  };
}

const RUN = [
  resolved({ category: "plain", ours: "right", theirs: "right" }),
  resolved({ category: "plain", ours: "not_found", theirs: "wrong", isbndb: 1 }),
  resolved({ category: "series", ours: "right", theirs: "wrong" }),
  resolved({ category: "typo", ours: "wrong", theirs: "right", isbndb: 1 }),
  resolved({ category: "typo", ours: "unjudged", theirs: "not_found", isFindable: false }),
  resolved({ category: "fictional", ours: "wrong", theirs: "not_found", isbndb: 2 }),
  resolved({ category: "fictional", ours: "not_found", theirs: "not_found" }),
];

const OPTIONS = { baselines: ["other"], batches: null };

Deno.test("resolveFigures() counts a batch once among the calls, and each of its ISBNs apart", () => {
  const batches = { provider: "isbndb", requests: 1, isbns: 5 };
  const figures = resolveFigures(RUN, { ...OPTIONS, batches });
  assertEquals(figures.isbndb_calls_per_resolved, 1);
  assertEquals(figures.isbndb_units_per_resolved, 1.8);
  assertEquals(figures.calls_per_resolved.total, 3.8);
});

Deno.test("resolveFigures() counts what the targets are about", () => {
  const figures = resolveFigures(RUN, OPTIONS);
  assertEquals(figures.resolved, 5);
  assertEquals(figures.unjudged, 1);
  assertEquals(figures.precision, 0.5);
  assertEquals(figures.recall_plain, 0.5);
  assertEquals(figures.recall_core, 1);
  assertEquals(figures.recall_all, 0.4);
  assertEquals(figures.fictional_accepted, 0.5);
  assertEquals(figures.isbndb_calls_per_resolved, 0.8);
  assertEquals(figures.calls_per_resolved, { isbndb: 0.8, open_library: 2.8, total: 3.6 });
  assertEquals(figures.free_requests_per_resolved, 2.8);
  assertEquals(figures.isbndb_calls_by_category, { fictional: 2, plain: 1, typo: 1 });
  assertEquals(figures.baselines, { other: { precision: 0.5, recall: 0.4 } });
  assertEquals(figures.findable, { typo: 0.5, translation: 0 });
});

Deno.test("resolveFigures() names the categories in which a baseline is better in both", () => {
  assertEquals(resolveFigures(RUN, OPTIONS).beaten_by, ["other in typo"]);
});

Deno.test("resolveTable() has a row for each category with ours before the baselines", () => {
  const table = resolveTable(resolveFigures(RUN, OPTIONS));
  const words = table.map((line) => line.trim().replace(/\s{2,}/g, " | "));
  assertEquals(words.slice(0, 6), [
    "precision / recall, % | queries | ambiguous | ours | other",
    "fictional | 2 | 0 | 0.0 / – | – / –",
    "plain | 2 | 0 | 100.0 / 50.0 | 50.0 / 50.0",
    "series | 1 | 0 | 100.0 / 100.0 | 0.0 / 0.0",
    "typo | 2 | 0 | 0.0 / 0.0 | 100.0 / 50.0",
    "all | 7 | 50.0 / 40.0 | 50.0 / 40.0",
  ]);
});
