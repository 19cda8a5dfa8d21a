import { assert, assertEquals, assertFalse } from "@std/assert";
import { callsPer, isBetter, share, type Tally, tally, tallyByCategory } from "./resolve_tally.ts";

const of = (category: string, ...verdicts: Parameters<typeof tally>[0][number]["verdict"][]) =>
  verdicts.map((verdict) => ({ category, verdict, isAnswerable: category !== "fictional" }));

function figures(precision: number | null, recall: number | null): Tally {
  return { queries: 10, precision, recall, ambiguous: 0, wrong: 0, unjudged: 0 };
}

Deno.test("tally() divides right answers by judged ones and by questions", () => {
  const verdicts = of("plain", "right", "right", "wrong", "unjudged", "ambiguous", "not_found");
  assertEquals(tally(verdicts), {
    queries: 6,
    precision: 0.6667,
    recall: 0.3333,
    ambiguous: 1,
    wrong: 1,
    unjudged: 1,
  });
});

Deno.test("tally() counts fictional books against precision, but not as missed", () => {
  const both = tally([...of("plain", "right"), ...of("fictional", "wrong", "not_found")]);
  assertEquals([both.precision, both.recall], [0.5, 1]);
  const alone = tally(of("fictional", "not_found"));
  assertEquals([alone.precision, alone.recall], [null, null]);
});

Deno.test("tallyByCategory() keeps the categories apart and in order", () => {
  const byCategory = tallyByCategory([...of("typo", "right"), ...of("plain", "wrong", "right")]);
  assertEquals([...byCategory].map(([name, { recall }]) => [name, recall]), [
    ["plain", 0.5],
    ["typo", 1],
  ]);
});

Deno.test("isBetter() wants more of both: a tie in either is none", () => {
  const ours = figures(0.9, 0.8);
  assert(isBetter(figures(0.91, 0.81), ours));
  assertFalse(isBetter(figures(0.9, 0.9), ours));
  assertFalse(isBetter(figures(1, 0.8), ours));
  assertFalse(isBetter(figures(null, 0), figures(null, 0)));
  assert(isBetter(figures(0.1, 0.1), figures(null, 0)));
});

Deno.test("callsPer() averages each provider's calls and all of them", () => {
  const calls = new Map([["wikidata", 3], ["isbndb", 1]]);
  assertEquals(callsPer(8, calls), { isbndb: 0.125, wikidata: 0.375, total: 0.5 });
  assertEquals(callsPer(0, calls), { isbndb: 0, wikidata: 0, total: 0 });
});

Deno.test("share() has four digits and is 0 of nothing", () => {
  assertEquals([share(1, 3), share(0, 0), share(2, 2)], [0.3333, 0, 1]);
});
