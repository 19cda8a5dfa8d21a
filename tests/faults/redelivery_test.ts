import { assert, assertEquals } from "@std/assert";
import { jobMessage } from "../../src/queue/job_message.ts";
import { appTest, type TestApp } from "../support/service/test_app.ts";

/**
 * Deno KV delivers a message again when its handler has not returned after about a minute. 180 is what
 * the promise is about; less keeps the everyday run short.
 */
const LONG_MONTH_SECONDS = Number(Deno.env.get("LONG_MONTH_SECONDS") ?? 3);
/** October 2012: the generator names twenty books, looked up one after the other. */
const BOOKS = 20;
const bookMs = (LONG_MONTH_SECONDS * 1000) / BOOKS;

async function scheduleOne(service: TestApp): Promise<{ job_id: string }> {
  await service.call("/api/internal/seed-backfill-queue", { year_start: 2012, year_end: 2012 });
  await service.call("/api/internal/schedule-backfill", { batch_size: 1 });
  const [row] = await service.sql<{ job_id: string }[]>`
    SELECT job_id FROM backfill_log WHERE job_id IS NOT NULL`;
  return row!;
}

async function assertWorkedOnce(service: TestApp): Promise<void> {
  assertEquals(service.simulator.journal.count({ service: "gemini" }), 1);
  const attempts = await service.sql`SELECT outcome FROM backfill_attempt`;
  assertEquals(attempts.map(({ outcome }) => outcome), ["completed"]);
}

appTest("a message delivered three times, also after the end, is worked once", async (service) => {
  const { job_id } = await scheduleOne(service);
  const message = jobMessage({ job_id, year: 2012, month: 12 });
  await service.app.scheduler.queue.send([message, message]);
  await service.settled();
  service.app.worker.accept(message);
  await service.app.worker.idle();
  await assertWorkedOnce(service);
});

appTest(
  "messages of nobody's claim, of another version and of no sense are dropped",
  async (service) => {
    await service.call("/api/internal/seed-backfill-queue", { year_start: 2012, year_end: 2012 });
    const stale = jobMessage({ job_id: crypto.randomUUID(), year: 2012, month: 12 });
    const senseless = [{ ...stale, v: 99 }, "hello", { kind: "month_job" }, 7];
    await service.app.scheduler.queue.send([stale, ...senseless as typeof stale[]]);
    await scheduleOne(service);
    await service.settled();
    await service.app.worker.idle();
    await assertWorkedOnce(service);
  },
);

appTest(`a month that takes ${LONG_MONTH_SECONDS} seconds is worked once`, async (service) => {
  await service.call("/api/internal/seed-backfill-queue", { year_start: 2012, year_end: 2012 });
  await service.sql`DELETE FROM backfill_log WHERE month <> 10`;
  await service.call("/api/internal/schedule-backfill", { batch_size: 1 });
  await service.settled();
  await assertWorkedOnce(service);
  const [row] = await service.sql`
    SELECT extract(epoch FROM ended_at - begun_at)::float8 AS seconds FROM backfill_attempt`;
  assert(row!.seconds >= LONG_MONTH_SECONDS * 0.9, `it took ${row!.seconds} seconds`);
}, {
  latency: { open_library: { min_ms: bookMs, max_ms: bookMs + 1 } },
  settings: { LEASE_SECONDS: "10", BOOK_CONCURRENCY: "1", RESOLVERS: "open_library" },
});
