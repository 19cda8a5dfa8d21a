import { assertEquals } from "@std/assert";
import { seedMonths } from "../../src/database/months/months.ts";
import { readBackfillStats } from "../../src/stats/backfill_stats.ts";
import { databaseTest } from "../support/postgres/databases.ts";

const NOBODY = { generators: [] };

databaseTest("readBackfillStats() counts states and sums in JSON numbers", async (database) => {
  const { sql } = database;
  await seedMonths(sql, { yearStart: 2012, yearEnd: 2013 });
  await sql`UPDATE backfill_log SET status = 'completed', started_at = now(),
    completed_at = now() + make_interval(mins => month), books_generated = 3, isbns_resolved = 2,
    isbns_queued = 1 WHERE year = 2013 AND month <= 6`;
  await sql`UPDATE backfill_log SET status = 'retry', error_message = 'xai is down',
    next_attempt_at = '2026-11-22T00:06:00Z' WHERE year = 2012 AND month = 1`;
  const stats = await readBackfillStats(database, NOBODY);
  assertEquals(stats.waiting, {
    count: 1,
    first_due_at: new Date("2026-11-22T00:06:00Z"),
    first_reason: "xai is down",
  });
  assertEquals(stats.total_months, 24);
  assertEquals(stats.by_status, { pending: 17, processing: 0, completed: 6, failed: 0, retry: 1 });
  assertEquals(stats.progress, {
    total_books_generated: 18,
    total_isbns_resolved: 12,
    total_isbns_queued: 6,
    overall_resolution_rate: 66.67,
  });
  assertEquals(stats.recent_activity.map(({ month }) => month), [6, 5, 4, 3, 2, 1]);
  assertEquals(stats.recent_activity[0]!.resolution_rate, 66.67);
});

databaseTest("readBackfillStats() of an empty log is zeros, the rate too", async (database) => {
  const stats = await readBackfillStats(database, NOBODY);
  assertEquals(stats.total_months, 0);
  assertEquals(stats.waiting, null);
  assertEquals(stats.progress.overall_resolution_rate, 0);
});

databaseTest("readBackfillStats() shows the twenty months that ended last", async (database) => {
  const { sql } = database;
  await seedMonths(sql, { yearStart: 2012, yearEnd: 2013 });
  await sql`UPDATE backfill_log SET status = 'completed', started_at = now(), completed_at = now()`;
  assertEquals((await readBackfillStats(database, NOBODY)).recent_activity.length, 20);
});
