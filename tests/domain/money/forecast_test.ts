import fc from "fast-check";
import { assert, assertEquals } from "@std/assert";
import {
  forecast,
  type ForecastHistory,
  type ForecastLineup,
  type ForecastMonth,
} from "../../../src/domain/money/forecast.ts";

const NO_HISTORY: ForecastHistory = { completed: [], models: [], calls: [] };

const GEMINI = {
  name: "gemini" as const,
  kind: "model" as const,
  model: "gemini-3.5-flash-lite",
  price: { input_usd: 0.3, output_usd: 2.5 },
};
const XAI = { ...GEMINI, name: "xai" as const, model: "grok-4.3" };
const WIKIDATA = {
  name: "wikidata" as const,
  kind: "catalogue" as const,
  model: "query-1",
  price: null,
};

const LINEUP: ForecastLineup = {
  generators: [GEMINI],
  resolvers: [[{ name: "open_library" }, { name: "google_books" }], [{ name: "isbndb" }]],
  checker: { name: "isbndb" },
};

function month(changes: Partial<ForecastMonth> = {}): ForecastMonth {
  return {
    year: 2012,
    month: 3,
    asked_books: 20,
    prompt_chars: 1_300,
    remembered: [],
    known_books: null,
    decided_books: 0,
    ...changes,
  };
}

/** Twelve months of 2012 that all took the same. */
function history(
  { books = 10, tokens = 100, calls = 2 }: { books?: number; tokens?: number; calls?: number } = {},
): ForecastHistory {
  const months = 12;
  const total = months * books;
  return {
    completed: Array.from({ length: months }, (_, index) => ({
      year: 2012,
      month: index + 1,
      asked_books: 20,
      books,
    })),
    models: [{
      generator: "gemini",
      model: GEMINI.model,
      months,
      books: total,
      tokens_input: months * 320,
      tokens_output: total * tokens,
    }],
    calls: [
      { provider: "gemini", calls: months, months, books: total },
      { provider: "open_library", calls: total * calls, months, books: total },
    ],
  };
}

Deno.test("forecast() before any history says that it only assumes", () => {
  const { basis, months, books, calls, cost_usd } = forecast([month(), month({ month: 4 })], {
    lineup: LINEUP,
    history: NO_HISTORY,
  });
  assertEquals(months, 2);
  assert(books > 10 && books < 40);
  assertEquals(calls.gemini, 2);
  assert(calls.open_library! >= books && calls.isbndb! < books / 4);
  // Twenty books cost about $0.004.
  assert(cost_usd > 0.002 && cost_usd < 0.01, String(cost_usd));
  assertEquals(basis, "No month has completed yet: assumptions only");
});

Deno.test("forecast() of a month whose every answer and lookup is remembered costs nothing", () => {
  const done = month({ remembered: ["gemini"], known_books: 14, decided_books: 14 });
  const { books, calls, cost_usd } = forecast([done], { lineup: LINEUP, history: NO_HISTORY });
  assertEquals([books, cost_usd], [14, 0]);
  assertEquals(Object.values(calls).filter((count) => count > 0), []);
});

Deno.test("forecast() asks only about the books whose lookup has expired", () => {
  const expired = month({ remembered: ["gemini"], known_books: 14, decided_books: 4 });
  const { calls } = forecast([expired], { lineup: LINEUP, history: NO_HISTORY });
  assertEquals(calls.gemini, undefined);
  assertEquals(calls.google_books, 10);
});

Deno.test("forecast() asks the generators that are not remembered, and pays only them", () => {
  const lineup = { ...LINEUP, generators: [GEMINI, XAI] };
  const half = forecast([month({ remembered: ["gemini"] })], { lineup, history: NO_HISTORY });
  const both = forecast([month()], { lineup, history: NO_HISTORY });
  assertEquals([half.calls.gemini, half.calls.xai], [undefined, 1]);
  assert(half.cost_usd > 0 && half.cost_usd < both.cost_usd);
});

Deno.test("forecast() names models without a price and counts the others", () => {
  const lineup = { ...LINEUP, generators: [GEMINI, { ...XAI, price: null }, WIKIDATA] };
  const { unpriced_models, cost_usd } = forecast([month()], { lineup, history: NO_HISTORY });
  assertEquals(unpriced_models, ["grok-4.3"]);
  assert(cost_usd > 0);
});

Deno.test("forecast() with a catalogue alone costs calls and no dollars", () => {
  const lineup = { ...LINEUP, generators: [WIKIDATA] };
  const { calls, cost_usd, books } = forecast([month()], { lineup, history: NO_HISTORY });
  assertEquals(cost_usd, 0);
  assert(calls.wikidata! >= 1 && books > 0);
});

Deno.test("forecast() without generators takes nothing", () => {
  const { books, calls, cost_usd } = forecast([month()], {
    lineup: { ...LINEUP, generators: [] },
    history: NO_HISTORY,
  });
  assertEquals([books, cost_usd], [0, 0]);
  assertEquals(Object.values(calls).filter((count) => count > 0), []);
});

Deno.test("forecast() follows what earlier months took", () => {
  const options = { lineup: LINEUP, history: history({ books: 8, tokens: 150, calls: 3 }) };
  const months = Array.from({ length: 12 }, (_, index) => month({ month: index + 1, year: 2013 }));
  const { books, calls, cost_usd, basis } = forecast(months, options);
  const near = (value: number, expected: number): void =>
    assert(Math.abs(value / expected - 1) < 0.2, `${value}, not about ${expected}`);
  near(books, 12 * 8);
  near(calls.open_library!, 12 * 8 * 3);
  near(cost_usd, (12 * 320 * 0.3 + 12 * 8 * 150 * 2.5) / 1_000_000);
  assertEquals(basis, "12 completed months");
});

Deno.test("forecast() of more months never takes less, and nothing is negative", () => {
  const anyMonth = fc.record({
    year: fc.integer({ min: 2000, max: 2024 }),
    month: fc.integer({ min: 1, max: 12 }),
    asked_books: fc.integer({ min: 1, max: 100 }),
    prompt_chars: fc.nat(5_000),
    remembered: fc.subarray(["gemini" as const]),
    known_books: fc.option(fc.nat(100)),
    decided_books: fc.nat(100),
  });
  fc.assert(fc.property(fc.array(anyMonth), anyMonth, (months, more) => {
    const options = { lineup: LINEUP, history: history() };
    const fewer = forecast(months, options);
    const all = forecast([...months, more], options);
    assert(fewer.cost_usd >= 0 && all.cost_usd >= fewer.cost_usd && all.books >= fewer.books);
    for (const [provider, count] of Object.entries(fewer.calls)) {
      assert(count >= 0 && (all.calls[provider] ?? 0) >= count, provider);
    }
  }));
});
