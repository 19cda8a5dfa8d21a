import { assertEquals } from "@std/assert";
import { systemClock } from "../../src/clock.ts";
import { DATABASE_KINDS } from "../support/postgres/databases.ts";
import { startService } from "../support/service/service_process.ts";
import { type TestPlace, withApp, withPlace } from "../support/service/test_app.ts";

const MONTHS = 8;
const latency = { gemini: { min_ms: 300, max_ms: 900 }, open_library: { min_ms: 50, max_ms: 100 } };

async function startBusy(place: TestPlace): Promise<Awaited<ReturnType<typeof startService>>> {
  const service = await startService(place);
  await service.call("/api/internal/seed-backfill-queue", { year_start: 2012, year_end: 2012 });
  await service.call("/api/internal/schedule-backfill", { batch_size: MONTHS });
  while (place.simulator.journal.count({ service: "gemini" }) < 2) await systemClock.sleep(10);
  return service;
}

/** What is left in the log, then everything worked to its end in the same place. */
async function statusesAfter(place: TestPlace): Promise<Record<string, number>> {
  let statuses: Record<string, number> = {};
  await withApp(place, async ({ settled, sql }) => {
    await settled();
    const rows = await sql`SELECT status, retry_count FROM backfill_log WHERE status <> 'pending'`;
    assertEquals(rows.map(({ retry_count }) => retry_count), Array(MONTHS).fill(0));
    statuses = Object.fromEntries(
      Object.entries(Object.groupBy(rows, ({ status }) => status))
        .map(([status, months]) => [status, months!.length]),
    );
    const outcomes = await sql`SELECT outcome FROM backfill_attempt WHERE outcome <> 'completed'`;
    assertEquals(new Set(outcomes.map(({ outcome }) => outcome)), new Set(["released"]));
  });
  return statuses;
}

for (const kind of DATABASE_KINDS) {
  for (const signal of ["SIGTERM", "SIGINT"] as const) {
    Deno.test({
      name:
        `${signal} gives waiting and long-running months back without spending an attempt [${kind}]`,
      sanitizeOps: false,
      sanitizeResources: false,
      fn: () =>
        withPlace(kind, async (place) => {
          const service = await startBusy(place);
          service.kill(signal);
          const { code, stderr } = await service.ended();
          assertEquals(code, 0, stderr);
          assertEquals(await statusesAfter(place), { completed: MONTHS });
        }, { latency, settings: { SHUTDOWN_GRACE_SECONDS: "0", MONTH_CONCURRENCY: "2" } }),
    });
  }

  Deno.test({
    name: `SIGTERM lets running months finish within the grace [${kind}]`,
    sanitizeOps: false,
    sanitizeResources: false,
    fn: () =>
      withPlace(kind, async (place) => {
        const service = await startBusy(place);
        service.kill("SIGTERM");
        assertEquals((await service.ended()).code, 0);
        await withApp(place, async ({ sql }) => {
          const [row] = await sql`
            SELECT count(*)::int AS completed FROM backfill_attempt WHERE outcome = 'completed'`;
          assertEquals(row!.completed, 2);
        });
      }, { latency, settings: { SHUTDOWN_GRACE_SECONDS: "30", MONTH_CONCURRENCY: "2" } }),
  });
}
