import { assertEquals, assertGreater } from "@std/assert";
import { scheduleBodySchema, scheduleRequest } from "../../src/api/schedule_backfill.ts";
import { recordOutcome } from "../../src/database/months/record_outcome.ts";
import { wakeSnoozedMonths } from "../../src/database/scheduling/snoozed_months.ts";
import { scheduleMonths } from "../../src/scheduler/schedule_months.ts";
import { seedLog } from "../../src/scheduler/seed_log.ts";
import { databaseTest } from "../support/postgres/databases.ts";
import { placeTest, type TestApp, type TestPlace, withApp } from "../support/service/test_app.ts";
import { testScheduler } from "../support/months/test_scheduler.ts";

/** So long that a test would not live to see a month go on by itself. */
const SNOOZE_SECONDS = "3600";

function snoozedTest(
  name: string,
  settings: Record<string, string>,
  body: (place: TestPlace) => Promise<void>,
): void {
  placeTest(name, body, { settings: { SNOOZE_SECONDS, ...settings } });
}

async function schedule({ call }: TestApp, more: Record<string, unknown>): Promise<number> {
  await call("/api/internal/seed-backfill-queue", { year_start: 2012, year_end: 2012 });
  const { status, body } = await call("/api/internal/schedule-backfill", more);
  assertEquals(status, 200);
  return body.run_id;
}

/** How many months wait once none is being worked on. */
async function waiting({ sql, quiet }: TestApp): Promise<number> {
  await quiet();
  const [row] = await sql<{ count: number }[]>`
    SELECT count(*)::int AS count FROM backfill_log WHERE status = 'retry' AND retry_count = 0`;
  return row!.count;
}

snoozedTest(
  "months whose only model refused the key go on as soon as it is right",
  {},
  async (place) => {
    const environment = { ...place.environment, GEMINI_API_KEY: "mistyped" };
    await withApp({ ...place, environment }, async (service) => {
      await schedule(service, { batch_size: 2 });
      assertEquals(await waiting(service), 2);
    });
    await withApp(place, (service) => service.settled());
  },
);

snoozedTest(
  "months kept by a cap go on as soon as it is raised",
  { RESOLVERS: "open_library" },
  (place) =>
    withApp(place, async (service) => {
      const run = await schedule(service, { batch_size: 8, max_cost_usd: 0.012 });
      assertGreater(await waiting(service), 0);
      const raised = await service.call(`/api/internal/runs/${run}/cost-cap`, { max_cost_usd: 1 });
      assertEquals(raised.body.is_resumed, true);
      await service.settled();
    }),
);

databaseTest("wakeSnoozedMonths() leaves alone what waits for something else", async (database) => {
  const scheduler = testScheduler(database, { instance: "one" });
  await seedLog(scheduler, { yearStart: 2012, yearEnd: 2012 });
  const request = scheduleRequest(scheduleBodySchema.parse({ batch_size: 3 }));
  const { claims } = await scheduleMonths(scheduler, { request, startedBy: "api" });
  const ends = [
    { outcome: { kind: "snoozed", delay_seconds: 3_600 }, code: "NO_GENERATOR" },
    { outcome: { kind: "snoozed", delay_seconds: 3_600 }, code: "COST_CAP_REACHED" },
    { outcome: { kind: "retry", delay_seconds: 3_600 }, code: "NO_GENERATOR" },
  ] as const;
  for (const [index, { outcome, code }] of ends.entries()) {
    await database.sql.begin((tx) =>
      recordOutcome(tx, {
        jobId: claims[index]!.job_id,
        outcome,
        error: { code, message: "not now" },
        at: null,
      })
    );
  }
  const wake = () => wakeSnoozedMonths(database.sql, { codes: ["NO_GENERATOR"], at: null });
  assertEquals(await wake(), 1);
  assertEquals(await wake(), 0);
  const due = await database.sql<{ id: number }[]>`
    SELECT id FROM backfill_log WHERE status = 'retry' AND next_attempt_at <= now()`;
  assertEquals(due.map(({ id }) => id), [claims[0]!.month_id]);
});
