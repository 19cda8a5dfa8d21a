import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { progressLine, statsScreen, usd } from "../../../src/cli/screens/render_stats.ts";
import type { BackfillStats } from "../../../src/stats/backfill_stats.ts";

const NOTHING: BackfillStats = {
  total_months: 0,
  by_status: { pending: 0, processing: 0, completed: 0, failed: 0, retry: 0 },
  progress: {
    total_books_generated: 0,
    total_isbns_resolved: 0,
    overall_resolution_rate: 0,
    total_isbns_queued: 0,
  },
  recent_activity: [],
  verification: { in_month: 0, in_year: 0, elsewhere: 0, unknown: 0 },
  isbn_checks: { checked: 0, waiting: 0, not_needed: 0, waiting_since: null },
  costs: {
    total_usd: 0,
    reserved_usd: 0,
    experiments_usd: 0,
    unpriced_answers: 0,
    tokens: { input: 0, output: 0, thinking: 0 },
    usd_per_completed_month: null,
    usd_per_confirmed_book: null,
    by_model: [],
  },
  stale: { total: 0, gone: 0, model: 0, prompt: 0 },
  waiting: null,
  pause: null,
  alerts: [],
  database: { kind: "embedded", status: "ready", error: null, code: null },
};

Deno.test("statsScreen() of an empty log says nothing that needs anybody", () => {
  const screen = statsScreen(NOTHING);
  assertStringIncludes(screen, "0 of 0 months completed");
  assertStringIncludes(screen, "cost $0.00");
  assertStringIncludes(screen, "the log has no months yet: deno task seed adds them");
  for (const word of ["stale", "waiting", "paused", "alert", "a completed month"]) {
    assert(!screen.includes(word), word);
  }
});

Deno.test("progressLine() counts the months it is about, not the whole log's", () => {
  const progress = { ...NOTHING.progress, total_books_generated: 9, total_isbns_resolved: 7 };
  const own = { pending: 2, completed: 3, processing: 1, failed: 1 };
  assertEquals(
    progressLine(progress, { own, wanted: 5 }),
    "3/5 months, 7 of 9 books resolved (1 under way or next, 1 failed)",
  );
});

Deno.test("statsScreen() names pause, alerts, stale months and costs nobody knows", () => {
  const model = { tokens_input: 4_000, tokens_thinking: 3_000, answers: 1_200 };
  const screen = statsScreen({
    ...NOTHING,
    costs: {
      ...NOTHING.costs,
      total_usd: 0.0512,
      reserved_usd: 0.004,
      experiments_usd: 0.01,
      unpriced_answers: 7,
      usd_per_completed_month: 0.0043,
      by_model: [
        {
          ...model,
          generator: "gemini",
          model: "gemini-3.5-flash-lite",
          tokens_output: 12_000,
          cost_usd: 0.0512,
          reserved_usd: 0.004,
          unpriced_answers: 0,
        },
        {
          ...model,
          generator: "openai_compatible",
          model: "llama",
          tokens_output: 5_000,
          cost_usd: 0,
          reserved_usd: 0,
          unpriced_answers: 7,
        },
      ],
    },
    stale: { total: 3, gone: 0, model: 2, prompt: 1 },
    pause: { by: "cost cap", reason: "the day has cost $0.05 of $0.05" },
    alerts: [{
      kind: "cost_cap_reached",
      subject: "day",
      cause: "The day's cap is reached",
      advice: "Raise MAX_COST_PER_DAY",
      opened_at: new Date("2026-11-21"),
    }],
  });
  for (
    const sentence of [
      "cost $0.0512   $0.0043 a completed month",
      "gemini gemini-3.5-flash-lite: 1,200 answers, $0.0512",
      "openai_compatible llama: 1,200 answers, cost unknown",
      "$0.0100 of it is for experiments",
      "$0.0040 of it is reserved",
      "7 answers of models without a price; set MODEL_PRICES",
      "stale 3 (2 by another model, 1 with an older prompt)",
      "paused by cost cap: the day has cost $0.05 of $0.05",
      "alert: The day's cap is reached",
      "Raise MAX_COST_PER_DAY",
    ]
  ) assertStringIncludes(screen, sentence);
});

Deno.test("statsScreen() puts each number of a month under its heading", () => {
  const [heading, row] = statsScreen({
    ...NOTHING,
    recent_activity: [{
      year: 2012,
      month: 3,
      status: "completed",
      books_generated: 17,
      isbns_resolved: 15,
      isbns_queued: 14,
      resolution_rate: 88.24,
      retry_count: 0,
      prompt_variant: "baseline",
      error_message: null,
      note: null,
      started_at: null,
      completed_at: null,
      verification: { in_month: 12, in_year: 2, elsewhere: 1, unknown: 2 },
      cost_usd: 0.004,
    }],
  }).split("\n").slice(-2);
  for (
    const [title, value] of [
      ["books", "17"],
      ["resolved", "15"],
      ["in month", "12"],
      ["queued", "14"],
      ["rate", "88.2 %"],
    ] as const
  ) {
    const end = heading!.indexOf(title) + title.length;
    assertEquals(row!.slice(end - value.length, end), value, title);
  }
});

Deno.test("usd() shows small amounts exactly enough", () => {
  assertEquals([0, 0.00387, 0.05, 12.3456].map(usd), ["$0.00", "$0.0039", "$0.0500", "$12.35"]);
});

Deno.test("statsScreen() says for what months wait, and which part is proved to be of its month", () => {
  const waiting = {
    count: 12,
    first_due_at: new Date("2026-11-22T00:06:30Z"),
    first_reason: "gemini answered 503",
  };
  const verification = { in_month: 73, in_year: 10, elsewhere: 7, unknown: 10 };
  const screen = statsScreen({ ...NOTHING, waiting, verification });
  assertStringIncludes(
    screen,
    "waiting 12, the first until 2026-11-22 00:06 UTC: gemini answered 503",
  );
  assertStringIncludes(screen, "appeared in the month named 73 (73.0 % of the books)");
  assertStringIncludes(screen, "in another year 7   unresolved or undated 10");
  const byHand = { count: 1, first_due_at: null, first_reason: null };
  assertStringIncludes(
    statsScreen({ ...NOTHING, waiting: byHand }),
    "waiting 1, the first until now: no reason given",
  );
});
