import { assertEquals } from "@std/assert";
import type { CategoryFigures, ResolveFigures } from "./resolve_figures.ts";
import { missedTargets } from "./resolve_targets.ts";

function category(precision: number | null, recall: number | null): CategoryFigures {
  return {
    queries: 100,
    precision,
    recall,
    ambiguous: 0,
    wrong: 0,
    unjudged: 0,
    baselines: {},
  };
}

const REACHED: ResolveFigures = {
  queries: 180,
  resolved: 170,
  unjudged: 0,
  precision: 0.997,
  recall_plain: 0.985,
  recall_core: 0.975,
  recall_all: 0.9,
  fictional_accepted: 0,
  isbndb_calls_per_resolved: 0.15,
  isbndb_units_per_resolved: 1,
  free_requests_per_resolved: 8.5,
  calls_per_resolved: {},
  isbndb_calls_by_category: {},
  baselines: {},
  by_category: {
    typo: category(0.99, 0.784),
    "series-title": category(0.99, 0.9),
    fictional: category(null, null),
    unheard: category(0.1, 0.1),
  },
  beaten_by: [],
  findable: {},
};

function missed(changes: Partial<ResolveFigures>): string[] {
  return missedTargets({ ...REACHED, ...changes }, { asked: new Set(["series-title"]) });
}

Deno.test("missedTargets() is content with what just reaches every target", () => {
  assertEquals(missed({}), []);
});

Deno.test("missedTargets() names each figure that misses its target", () => {
  const cases: [Partial<ResolveFigures>, string][] = [
    [{ precision: 0.9969 }, "precision (wanted ≥ 0.997)"],
    [{ precision: null }, "precision (wanted ≥ 0.997)"],
    [{ recall_plain: 0.9849 }, "recall_plain (wanted ≥ 0.985)"],
    [{ recall_core: 0.9749 }, "recall_core (wanted ≥ 0.975)"],
    [{ fictional_accepted: 0.0001 }, "fictional_accepted (wanted 0)"],
    [{ isbndb_calls_per_resolved: 0.151 }, "isbndb_calls_per_resolved (wanted ≤ 0.15)"],
    [{ free_requests_per_resolved: 8.501 }, "free_requests_per_resolved (wanted ≤ 8.5)"],
    [
      { beaten_by: ["calibre in typo"] },
      "baselines (wanted none better in precision and recall in any category): calibre in typo",
    ],
  ];
  for (const [changes, message] of cases) assertEquals(missed(changes), [message]);
});

Deno.test("missedTargets() holds a category to what it was, and asked ones to a floor of their own", () => {
  const cases: [string, CategoryFigures, string][] = [
    ["typo", category(1, 0.7839), "typo 1 / 0.7839"],
    ["typo", category(0.9899, 0.9), "typo 0.9899 / 0.9"],
    ["series-title", category(0.9899, 1), "series-title 0.9899 / 1"],
    ["series-title", category(1, 0.8999), "series-title 1 / 0.8999"],
  ];
  for (const [name, figures, place] of cases) {
    const by_category = { ...REACHED.by_category, [name]: figures };
    assertEquals(missed({ by_category }).map((line) => line.split("): ")[1]), [place]);
  }
});

Deno.test("missedTargets() lets a small category fail by one question", () => {
  const small = (recall: number): CategoryFigures => ({ ...category(1, recall), queries: 20 });
  const of = (recall: number) => ({ ...REACHED.by_category, typo: small(recall) });
  assertEquals(missed({ by_category: of(0.745) }), []);
  assertEquals(missed({ by_category: of(0.743) }).length, 1);
});
