import { assertEquals } from "@std/assert";
import { seedMonths } from "../../src/database/months/months.ts";
import { makeUpTick } from "../../src/scheduler/make_up_tick.ts";
import { tick } from "../../src/scheduler/tick.ts";
import type { Database } from "../../src/database/connection/connection.ts";
import { databaseTest } from "../support/postgres/databases.ts";
import { shiftedClock } from "../support/shifted_clock.ts";
import { testScheduler } from "../support/months/test_scheduler.ts";

const TICK = { batchSize: 2 };
const DAILY = { ...TICK, schedule: "0 3 * * *" };

/** A process, and what time it is for it and for the database. */
function at(database: Database, instance = "one") {
  const clock = shiftedClock();
  return { ...testScheduler(database, { instance }), clock };
}

databaseTest("a tick that nobody did is made up for, once and late enough", async (database) => {
  await seedMonths(database.sql, { yearStart: 2020, yearEnd: 2021 });
  const one = at(database);
  const two = { ...testScheduler(database, { instance: "two" }), clock: one.clock };
  one.clock.put("2026-11-20T12:00:00Z");
  assertEquals(await makeUpTick(one, DAILY), null, "nothing is missed before the first look");
  one.clock.put("2026-11-21T03:00:30Z");
  assertEquals(await makeUpTick(one, DAILY), null, "the cron may still do it");
  one.clock.put("2026-11-21T03:06:00Z");
  const both = await Promise.all([makeUpTick(one, DAILY), makeUpTick(two, DAILY)]);
  assertEquals(both.toSorted(), [2, null], "one of two processes");
  one.clock.put("2026-11-21T04:00:00Z");
  assertEquals(await makeUpTick(two, DAILY), null, "it is done");
});

databaseTest("a tick that was done at its time is not made up for", async (database) => {
  await seedMonths(database.sql, { yearStart: 2020, yearEnd: 2021 });
  const one = at(database);
  one.clock.put("2026-11-20T12:00:00Z");
  await makeUpTick(one, DAILY);
  one.clock.put("2026-11-21T03:00:01Z");
  assertEquals(await tick(one, TICK), 2);
  one.clock.put("2026-11-21T03:20:00Z");
  assertEquals(await makeUpTick(one, DAILY), null);
});

databaseTest("a tick that failed at its time is made up for", async (database) => {
  await seedMonths(database.sql, { yearStart: 2020, yearEnd: 2021 });
  const one = at(database);
  one.clock.put("2026-11-20T12:00:00Z");
  await makeUpTick(one, DAILY);
  one.clock.put("2026-11-21T03:00:01Z");
  const broken = {
    ...testScheduler(database, { instance: "one", isBroken: true }),
    clock: one.clock,
  };
  const [failed] = await Promise.allSettled([tick(broken, TICK)]);
  assertEquals(failed.status, "rejected");
  one.clock.put("2026-11-21T03:06:00Z");
  assertEquals(await makeUpTick(one, DAILY), 2);
});

databaseTest("of many missed ticks one a day is made up for", async (database) => {
  await seedMonths(database.sql, { yearStart: 2020, yearEnd: 2021 });
  const one = at(database);
  const hourly = { ...TICK, schedule: "0 * * * *" };
  one.clock.put("2026-11-20T12:00:00Z");
  await makeUpTick(one, hourly);
  one.clock.put("2026-11-23T12:30:00Z");
  assertEquals(await makeUpTick(one, hourly), 2);
  one.clock.put("2026-11-23T18:30:00Z");
  assertEquals(await makeUpTick(one, hourly), null, "missed again on the same day");
  one.clock.put("2026-11-24T12:35:00Z");
  assertEquals(await makeUpTick(one, hourly), 2);
});

databaseTest("a missed tick is left to the next one when that is near", async (database) => {
  await seedMonths(database.sql, { yearStart: 2020, yearEnd: 2021 });
  const one = at(database);
  one.clock.put("2026-11-20T12:00:00Z");
  await makeUpTick(one, DAILY);
  one.clock.put("2026-11-23T02:55:00Z");
  assertEquals(await makeUpTick(one, DAILY), null);
  one.clock.put("2026-11-23T03:00:00Z");
  assertEquals(await tick(one, TICK), 2, "its lease is free");
});
