import { assertEquals, assertMatch, assertRejects } from "@std/assert";
import { seedMonths } from "../../src/database/months/months.ts";
import { AppError } from "../../src/errors.ts";
import { scheduleMonths } from "../../src/scheduler/schedule_months.ts";
import { DUE_MONTHS, newestDue } from "../../src/scheduler/schedule_request.ts";
import { tick } from "../../src/scheduler/tick.ts";
import { databaseTest } from "../support/postgres/databases.ts";
import { testScheduler } from "../support/months/test_scheduler.ts";

const ALL = { request: DUE_MONTHS, startedBy: "command" as const };

databaseTest(
  "two schedulers at one moment never claim the same month, 50 rounds",
  async (database) => {
    await seedMonths(database.sql, { yearStart: 1925, yearEnd: 2024 });
    const one = testScheduler(database, { instance: "one" });
    const two = testScheduler(database, { instance: "two" });
    for (let round = 0; round < 50; round++) {
      await Promise.all([scheduleMonths(one, ALL), scheduleMonths(two, ALL)]);
    }
    const messages = [...one.sent, ...two.sent];
    const months = messages.map(({ year, month }) => `${year}-${month}`);
    assertEquals(months.length, 1000);
    assertEquals(new Set(months).size, 1000);
    const rows = await database.sql`SELECT job_id FROM backfill_log WHERE status = 'processing'`;
    assertEquals(
      new Set(rows.map(({ job_id }) => job_id)),
      new Set(messages.map(({ job_id }) => job_id)),
    );
  },
);

databaseTest(
  "scheduleMonths() gives the months back when the queue takes nothing",
  async (database) => {
    await seedMonths(database.sql, { yearStart: 2020, yearEnd: 2020 });
    const broken = testScheduler(database, { instance: "one", isBroken: true });
    const error = await assertRejects(() => scheduleMonths(broken, ALL), AppError);
    assertEquals(error.code, "QUEUE_UNREACHABLE");
    assertMatch(error.message, /given back/);
    const [row] = await database.sql`
    SELECT count(*) FILTER (WHERE status = 'processing')::int AS processing,
      max(retry_count) AS retries FROM backfill_log`;
    assertEquals({ ...row }, { processing: 0, retries: 0 });
    const working = testScheduler(database, { instance: "one" });
    assertEquals((await scheduleMonths(working, ALL)).claims.length, 10);
  },
);

databaseTest("tick() is done by one of several processes", async (database) => {
  await seedMonths(database.sql, { yearStart: 2000, yearEnd: 2024 });
  const ticks = await Promise.all(
    ["one", "two", "three"].map((instance) =>
      tick(testScheduler(database, { instance }), { batchSize: 7 })
    ),
  );
  assertEquals(ticks.filter((count) => count === 7).length, 1);
  assertEquals(ticks.filter((count) => count === null).length, 2);
});

databaseTest("tick() can be repeated after it failed", async (database) => {
  await seedMonths(database.sql, { yearStart: 2000, yearEnd: 2024 });
  const broken = testScheduler(database, { instance: "one", isBroken: true });
  await assertRejects(() => tick(broken, { batchSize: 7 }), AppError);
  assertEquals(await tick(testScheduler(database, { instance: "two" }), { batchSize: 7 }), 7);
});

Deno.test("newestDue() leaves out the months younger than asked", () => {
  assertEquals(newestDue(new Date("2026-11-21"), 6), { year: 2026, month: 5 });
  assertEquals(newestDue(new Date("2026-01-01"), 1), { year: 2025, month: 12 });
  assertEquals(newestDue(new Date("2026-03-31"), 0), { year: 2026, month: 3 });
});
