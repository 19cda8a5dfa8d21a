import { assert, assertEquals, assertMatch } from "@std/assert";
import type { Queryable } from "../../src/database/connection/connection.ts";
import { seedMonths } from "../../src/database/months/months.ts";
import type { CostCaps } from "../../src/domain/money/cost_cap.ts";
import type { GeneratorIdentity } from "../../src/domain/providers/provider_lineup.ts";
import { monthKey } from "../../src/domain/months/month.ts";
import { PROMPT_VERSION } from "../../src/domain/generation/prompt_version.ts";
import { previewMonths } from "../../src/scheduler/preview_months.ts";
import { scheduleMonths } from "../../src/scheduler/schedule_months.ts";
import { DUE_MONTHS, type ScheduleRequest } from "../../src/scheduler/schedule_request.ts";
import { databaseTest } from "../support/postgres/databases.ts";
import { testScheduler } from "../support/months/test_scheduler.ts";
import { claimNow } from "../support/months/claim_now.ts";

const GEMINI: GeneratorIdentity = { name: "gemini", kind: "model", model: "g-2" };

/** Completes a month of 2012 as if `model` had answered for it. */
async function complete(
  sql: Queryable,
  { month, model = "g-2", version = PROMPT_VERSION }: {
    month: number;
    model?: string;
    version?: string;
  },
): Promise<void> {
  await sql`UPDATE backfill_log SET status = 'completed', started_at = now(), completed_at = now(),
    books_generated = 3 WHERE month = ${month}`;
  await sql`
    INSERT INTO generation (month_id, job_id, generator, model, prompt_variant, prompt_version,
      prompt_hash, answer, finish, verdict, created_at)
    SELECT id, gen_random_uuid(), 'gemini', ${model}, 'baseline', ${version}, 'hash', '{}', 'stop',
      'usable', now()
    FROM backfill_log WHERE month = ${month}`;
}

const keys = (months: readonly { year: number; month: number }[]): string[] => months.map(monthKey);

databaseTest(
  "a dry run selects what the real run then takes, whatever is asked",
  async (database) => {
    const scheduler = testScheduler(database, { instance: "one", generators: [GEMINI] });
    const { sql } = database;
    const requests: Partial<ScheduleRequest>[] = [
      {},
      { include_failed: true },
      { is_stale: true },
      { is_stale: true, batch_size: 1 },
      { months: [{ year: 2012, month: 2 }, { year: 2012, month: 4 }] },
      { months: [{ year: 2012, month: 2 }, { year: 2012, month: 4 }], is_rerun: true },
    ];
    for (const changes of requests) {
      await sql`DELETE FROM backfill_log`;
      await seedMonths(sql, { yearStart: 2012, yearEnd: 2012 });
      await complete(sql, { month: 4, model: "g-1" });
      await complete(sql, { month: 6, version: "old" });
      await complete(sql, { month: 8 });
      await sql`UPDATE backfill_log SET status = 'failed', started_at = now(), completed_at = now(),
      retry_count = 5 WHERE month = 11`;
      const request = { ...DUE_MONTHS, batch_size: 3, ...changes };
      const preview = await previewMonths(scheduler, request);
      const run = await scheduleMonths(scheduler, { request, startedBy: "command" });
      assert(preview.months.length > 0);
      assertEquals(keys(preview.months), keys(run.months), JSON.stringify(changes));
      assertEquals(run.claims.length, run.months.length);
    }
  },
);

databaseTest("a run that finds no month says why", async (database) => {
  const scheduler = testScheduler(database, { instance: "one", generators: [GEMINI] });
  const notes = async () => (await previewMonths(scheduler, DUE_MONTHS)).notes;
  assertEquals(await notes(), ["The log has no months yet; seed it first"]);
  await seedMonths(database.sql, { yearStart: 2012, yearEnd: 2012 });
  assertEquals(await notes(), []);
  for (let month = 1; month <= 12; month++) await complete(database.sql, { month });
  assertMatch((await notes()).join(), /^No month asked for is due: each has completed/);
});

databaseTest("stale months are taken newest first, and others are left alone", async (database) => {
  const scheduler = testScheduler(database, { instance: "one", generators: [GEMINI] });
  const { sql } = database;
  await seedMonths(sql, { yearStart: 2012, yearEnd: 2012 });
  await complete(sql, { month: 4, model: "g-1" });
  await complete(sql, { month: 6, version: "old" });
  await complete(sql, { month: 8 });
  const request = { ...DUE_MONTHS, is_stale: true };
  const { months } = await scheduleMonths(scheduler, { request, startedBy: "command" });
  assertEquals(keys(months), ["2012-06", "2012-04"]);
  const none = await scheduleMonths(scheduler, { request, startedBy: "command" });
  assertEquals([none.months.length, none.run_id], [0, null]);
  assertMatch(none.notes.join(), /No completed month is stale/);
});

databaseTest("named months that are left out are named with the reason", async (database) => {
  const scheduler = testScheduler(database, { instance: "one", generators: [GEMINI] });
  const { sql } = database;
  await seedMonths(sql, { yearStart: 2012, yearEnd: 2012 });
  await complete(sql, { month: 1 });
  await sql`UPDATE backfill_log SET status = 'failed', started_at = now(), completed_at = now()
    WHERE month = 2`;
  await sql`UPDATE backfill_log SET status = 'retry', next_attempt_at = '2099-01-01Z' WHERE month = 3`;
  const months = [1, 2, 3, 4, 5].map((month) => ({ year: 2012, month }));
  const { notes, months: selected } = await previewMonths(scheduler, {
    ...DUE_MONTHS,
    months: [...months, { year: 1999, month: 1 }],
  });
  assertEquals(keys(selected), ["2012-05", "2012-04"]);
  assertEquals(notes.toSorted(), [
    "Left out 1999-01: not in the log; seed it first",
    'Left out 2012-01: completed; ask for it with "rerun": true',
    'Left out 2012-02: failed; ask for it with "force_retry": true',
    "Left out 2012-03: waiting until 2099-01-01T00:00:00.000Z for another attempt",
  ]);
  const full = await previewMonths(scheduler, { ...DUE_MONTHS, months, batch_size: 1 });
  assertMatch(full.notes.join("\n"), /Left out 2012-0[34].*: beyond the batch size/);
});

databaseTest("a dry run says what will hold the months up", async (database) => {
  await seedMonths(database.sql, { yearStart: 2012, yearEnd: 2012 });
  const nobody = testScheduler(database, { instance: "one" });
  assertMatch((await previewMonths(nobody, DUE_MONTHS)).notes.join(), /^No generator is set up/);
  const scheduler = {
    ...testScheduler(database, { instance: "one", generators: [GEMINI] }),
    model_prices: { "g-2": { input_usd: 10, output_usd: 10 } },
  };
  const notes = async (caps: CostCaps, runCapUsd: number | null = null): Promise<string> => {
    const request = { ...DUE_MONTHS, max_cost_usd: runCapUsd };
    return (await previewMonths({ ...scheduler, cost_caps: caps }, request)).notes.join();
  };
  const none = { max_cost_per_day_usd: null, max_cost_per_run_usd: null };
  assertEquals(await notes(none), "");
  assertMatch(await notes(none, 0.001), /^The forecast is above the cap of \$0\.001: /);
  assertMatch(await notes({ ...none, max_cost_per_run_usd: 0.002 }), /the cap of \$0\.002/);
  assertEquals(await notes({ ...none, max_cost_per_run_usd: 0.002 }, 5), "");
  assertMatch(await notes({ ...none, max_cost_per_day_usd: 0.003 }, 5), /the cap of \$0\.003/);
});

databaseTest("named months are asked for, however recent they are", async (database) => {
  const scheduler = testScheduler(database, { instance: "one" });
  const recent = { year: scheduler.clock.now().getUTCFullYear(), month: 1 };
  await seedMonths(database.sql, { yearStart: recent.year, yearEnd: recent.year });
  const months = [recent, { ...recent, month: 12 }];
  assertEquals((await previewMonths(scheduler, { ...DUE_MONTHS, months })).months.length, 2);
});

databaseTest("a rerun that asks afresh takes the answers out of the memory", async (database) => {
  const scheduler = testScheduler(database, { instance: "one", generators: [GEMINI] });
  const { sql } = database;
  await seedMonths(sql, { yearStart: 2012, yearEnd: 2012 });
  for (const month of [4, 5]) await complete(sql, { month });
  const remembered = async (): Promise<unknown[]> =>
    [
      ...await sql`
      SELECT l.month FROM generation g JOIN backfill_log l ON l.id = g.month_id
      WHERE g.superseded_at IS NULL ORDER BY l.month`,
    ].map(({ month }) => month);
  const rerun = { ...DUE_MONTHS, is_rerun: true, months: [{ year: 2012, month: 4 }] };
  await scheduleMonths(scheduler, { request: rerun, startedBy: "command" });
  assertEquals(await remembered(), [4, 5]);
  await sql`UPDATE backfill_log SET status = 'completed', completed_at = now() WHERE month = 4`;
  const request = { ...rerun, ask_afresh: true };
  await scheduleMonths(scheduler, { request, startedBy: "command" });
  assertEquals(await remembered(), [5]);
});

databaseTest(
  "claims belong to their run, and a later claim without one to the same",
  async (database) => {
    const scheduler = testScheduler(database, { instance: "one" });
    const { sql } = database;
    await seedMonths(sql, { yearStart: 2012, yearEnd: 2012 });
    const request: ScheduleRequest = {
      ...DUE_MONTHS,
      batch_size: 2,
      prompt_variant: "genre-rotation",
      max_cost_usd: 0.25,
    };
    const { run_id, claims } = await scheduleMonths(scheduler, { request, startedBy: "api" });
    const [run] = await sql`SELECT id, started_by, max_cost_usd::float8 AS cap FROM run`;
    assertEquals({ ...run }, { id: run_id, started_by: "api", cap: 0.25 });
    assertEquals(claims.map(({ prompt_variant }) => prompt_variant), [
      "genre-rotation",
      "genre-rotation",
    ]);
    const monthIds = claims.map(({ month_id }) => month_id);
    await sql`UPDATE backfill_log SET status = 'retry' WHERE id = ANY(${monthIds}::int[])`;
    const again = await claimNow(sql, {
      monthIds,
      leaseSeconds: 120,
      claimedBy: "rescue",
      at: null,
    });
    assertEquals(again.map(({ prompt_variant }) => prompt_variant)[0], "genre-rotation");
    const attempts = await sql`SELECT run_id FROM backfill_attempt`;
    assertEquals(attempts.map((attempt) => attempt.run_id), [run_id, run_id, run_id, run_id]);
  },
);
