import { assert, assertEquals } from "@std/assert";
import { systemClock } from "../../src/clock.ts";
import { appTest, type TestApp } from "../support/service/test_app.ts";

const settings = {
  LEASE_SECONDS: "10",
  MONTH_TIME_LIMIT_SECONDS: "60",
  RESOLVERS: "open_library",
};

/** Schedules one month whose worker looks up books and gets no answer until the faults are cleared. */
async function untilBusy(service: TestApp): Promise<string> {
  service.simulator.faults.add({ service: "open_library", kind: "timeout" });
  await service.call("/api/internal/seed-backfill-queue", { year_start: 2012, year_end: 2012 });
  await service.call("/api/internal/schedule-backfill", {
    batch_size: 1,
    year_range: { start: 2012, end: 2012 },
  });
  while (service.simulator.journal.count({ service: "open_library" }) === 0) {
    await systemClock.sleep(5);
  }
  const [row] = await service.sql`SELECT job_id FROM backfill_log WHERE status = 'processing'`;
  return row!.job_id;
}

/** Waits until the worker has let go of everything, then tells what it left; the faults are over. */
async function afterwards(service: TestApp, jobId: string): Promise<{ status: string }> {
  await service.app.worker.idle();
  service.simulator.faults.clear();
  assert(!service.app.worker.held().includes(jobId));
  const [stored] = await service.sql`SELECT count(*)::int AS works FROM work`;
  assertEquals(stored!.works, 0, "a worker that lost its claim stored books");
  const [row] = await service.sql`SELECT status FROM backfill_log WHERE job_id = ${jobId}`;
  return { ...row } as { status: string };
}

appTest("a month set back to pending by hand is left alone by its worker", async (service) => {
  const jobId = await untilBusy(service);
  await service.sql`UPDATE backfill_log SET status = 'pending', started_at = NULL,
    completed_at = NULL, retry_count = 0 WHERE status IN ('failed', 'processing')`;
  assertEquals(await afterwards(service, jobId), { status: "pending" });
  await service.call("/api/internal/schedule-backfill", { batch_size: 1 });
  await service.settled();
  const [row] = await service.sql`SELECT status FROM backfill_log WHERE month = 12`;
  assertEquals(row!.status, "completed");
}, { settings });

appTest(
  "a stuck month set to retry by hand is left alone by its worker and runs again",
  async (service) => {
    const jobId = await untilBusy(service);
    await service.sql`UPDATE backfill_log SET status = 'retry', retry_count = retry_count + 1
    WHERE status = 'processing' AND started_at < now() + interval '1 hour'`;
    assertEquals(await afterwards(service, jobId), { status: "retry" });
    await service.settled();
    const [row] = await service.sql`SELECT status, retry_count FROM backfill_log WHERE month = 12`;
    assertEquals({ ...row }, { status: "completed", retry_count: 1 });
  },
  { settings },
);

appTest("the reading statements of operators answer while a worker is busy", async (service) => {
  await untilBusy(service);
  const counts = await service.sql`SELECT status, COUNT(*) FROM backfill_log GROUP BY status`;
  assertEquals(counts.length, 2);
  const [running] = await service
    .sql`SELECT year, month, EXTRACT(EPOCH FROM (NOW() - started_at)) / 60
    AS minutes FROM backfill_log WHERE status = 'processing'`;
  assert(Number(running!.minutes) >= 0);
  const years = await service
    .sql`SELECT year, COUNT(*) FILTER (WHERE status = 'completed') AS completed,
    COUNT(*) AS total, AVG(resolution_rate) AS rate FROM backfill_log GROUP BY year ORDER BY year`;
  assertEquals(years.length, 1);
  service.simulator.faults.clear();
  await service.settled();
}, { settings });
