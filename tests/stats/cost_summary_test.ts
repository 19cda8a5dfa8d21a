import { assertEquals } from "@std/assert";
import type { Queryable } from "../../src/database/connection/connection.ts";
import { openAlert } from "../../src/database/alerts/alerts.ts";
import { seedMonths } from "../../src/database/months/months.ts";
import { readBackfillStats } from "../../src/stats/backfill_stats.ts";
import { readCosts } from "../../src/stats/cost_summary.ts";
import { databaseTest } from "../support/postgres/databases.ts";

/** An answer for January 2012, with what it cost. */
async function answer(
  sql: Queryable,
  { generator, model, tokens, usd }: {
    generator: string;
    model: string;
    tokens: number;
    usd: number | null;
  },
): Promise<void> {
  await sql`
    INSERT INTO generation (month_id, job_id, generator, model, prompt_variant, prompt_version,
      prompt_hash, answer, finish, tokens_input, tokens_output, tokens_thinking, cost_usd, created_at)
    SELECT id, gen_random_uuid(), ${generator}, ${model}, 'baseline', '1',
      gen_random_uuid()::text, '{}', 'stop', ${tokens}, ${2 * tokens}, ${3 * tokens}, ${usd}, now()
    FROM backfill_log WHERE month = 1`;
}

async function spend(
  sql: Queryable,
  { model, reserved, cost }: { model: string; reserved: number; cost: number | null },
): Promise<void> {
  await sql`
    INSERT INTO spending (job_id, generator, model, day, reserved_usd, cost_usd, reserved_at,
      settled_at)
    VALUES (gen_random_uuid(), 'gemini', ${model}, '2026-11-21', ${reserved}, ${cost}, now(),
      ${cost === null ? null : sql`now()`})`;
}

databaseTest("readCosts() names what is reserved and what nobody knows", async ({ sql }) => {
  await seedMonths(sql, { yearStart: 2012, yearEnd: 2012 });
  await answer(sql, { generator: "gemini", model: "flash", tokens: 100, usd: 0.02 });
  await answer(sql, { generator: "gemini", model: "flash", tokens: 100, usd: 0.03 });
  await answer(sql, { generator: "openai_compatible", model: "local", tokens: 10, usd: null });
  await answer(sql, { generator: "wikidata", model: "query", tokens: 0, usd: null });
  await spend(sql, { model: "flash", reserved: 0.09, cost: 0.02 });
  await spend(sql, { model: "flash", reserved: 0.09, cost: 0.03 });
  await spend(sql, { model: "flash", reserved: 0.04, cost: null });
  const { by_model, ...costs } = await readCosts(sql, { months: 3, books: 20 });
  assertEquals(costs, {
    total_usd: 0.09,
    reserved_usd: 0.04,
    experiments_usd: 0,
    unpriced_answers: 1,
    tokens: { input: 210, output: 420, thinking: 630 },
    usd_per_completed_month: 0.03,
    usd_per_confirmed_book: 0.0045,
  });
  assertEquals(
    by_model.map(({ generator, answers, cost_usd, unpriced_answers }) => ({
      generator,
      answers,
      cost_usd,
      unpriced_answers,
    })),
    [
      { generator: "gemini", answers: 2, cost_usd: 0.09, unpriced_answers: 0 },
      { generator: "openai_compatible", answers: 1, cost_usd: 0, unpriced_answers: 1 },
      { generator: "wikidata", answers: 1, cost_usd: 0, unpriced_answers: 0 },
    ],
  );
});

databaseTest("readCosts() makes no month pay for experiments", async ({ sql }) => {
  const [run] =
    await sql`INSERT INTO run (started_by, started_at) VALUES ('x', now()) RETURNING id`;
  await sql`
    INSERT INTO experiment (run_id, started_by, started_at, job_id)
    SELECT ${run!.id}, 'x', now(), gen_random_uuid()`;
  await spend(sql, { model: "flash", reserved: 0.02, cost: 0.02 });
  await sql`UPDATE spending SET job_id = (SELECT job_id FROM experiment)`;
  await spend(sql, { model: "flash", reserved: 0.03, cost: 0.03 });
  const { total_usd, experiments_usd, usd_per_completed_month } = await readCosts(sql, {
    months: 2,
    books: 1,
  });
  assertEquals([total_usd, experiments_usd, usd_per_completed_month], [0.05, 0.02, 0.015]);
});

databaseTest("readCosts() of nothing divides by nothing", async ({ sql }) => {
  const costs = await readCosts(sql, { months: 0, books: 0 });
  assertEquals([costs.total_usd, costs.usd_per_completed_month, costs.usd_per_confirmed_book], [
    0,
    null,
    null,
  ]);
});

databaseTest("readBackfillStats() shows the pause and the open alerts", async (database) => {
  const { sql } = database;
  await sql`UPDATE control SET is_paused = true, paused_by = 'Ada', paused_reason = 'audit',
    paused_at = now()`;
  const at = new Date("2026-11-21T03:00:00Z");
  const alert = { kind: "generators_down" as const, subject: "", cause: "None", advice: "Wait" };
  await openAlert(sql, { ...alert, at });
  const stats = await readBackfillStats(database, { generators: [] });
  assertEquals(stats.pause, { by: "Ada", reason: "audit" });
  assertEquals(JSON.parse(JSON.stringify(stats.alerts)), [{
    ...alert,
    opened_at: at.toISOString(),
  }]);
});
