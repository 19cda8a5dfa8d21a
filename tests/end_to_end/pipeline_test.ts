import { assert, assertEquals, assertGreater, assertMatch } from "@std/assert";
import { appTest, type TestApp } from "../support/service/test_app.ts";

const INTERNAL = "/api/internal";

async function run(
  { call, settled }: TestApp,
  { year, months = 12, ...more }: { year: number; months?: number; force_retry?: boolean },
): Promise<void> {
  await call(`${INTERNAL}/seed-backfill-queue`, { year_start: year, year_end: year });
  const { status } = await call(`${INTERNAL}/schedule-backfill`, {
    batch_size: months,
    year_range: { start: year, end: year },
    ...more,
  });
  assertEquals(status, 200);
  await settled();
}

appTest("a year of real books goes through the whole pipeline", async (service) => {
  await run(service, { year: 2012 });
  const { body: stats } = await service.call(`${INTERNAL}/backfill-stats`);
  assertEquals(stats.by_status.completed, 12);
  assertGreater(stats.progress.total_isbns_resolved, 120);
  const months = await service.sql`SELECT * FROM backfill_log`;
  for (const month of months) {
    assert(month.isbns_queued <= month.isbns_resolved);
    assert(month.isbns_resolved <= month.books_generated);
    assert(month.completed_at >= month.started_at);
    assertEquals(month.gemini_calls, 1);
  }
  const [counts] = await service.sql`
    SELECT (SELECT count(*) FROM edition)::int AS editions,
      (SELECT count(*) FROM enrichment_queue)::int AS queued,
      (SELECT count(*) FROM work WHERE NOT is_synthetic)::int AS works,
      (SELECT count(DISTINCT isbn13) FROM candidate)::int AS isbns`;
  assertEquals(counts!.editions, counts!.isbns);
  assertEquals(counts!.queued, counts!.isbns);
  assertEquals(stats.progress.total_isbns_queued, counts!.isbns);
  assertGreater(counts!.works, 120);
});

appTest(
  "a month for which the generator names nothing ends completed with zeros",
  async (service) => {
    service.simulator.faults.add({ service: "gemini", kind: "empty" });
    await run(service, { year: 2012, months: 1 });
    const [month] = await service.sql`
    SELECT status, books_generated, isbns_resolved, isbns_queued, resolution_rate, note
    FROM backfill_log WHERE status <> 'pending'`;
    const { note, ...numbers } = month!;
    assertEquals(numbers, {
      status: "completed",
      books_generated: 0,
      isbns_resolved: 0,
      isbns_queued: 0,
      resolution_rate: null,
    });
    assertMatch(note, /Nobody proposed a book/);
  },
);

appTest("a month where no book resolves ends completed with a rate of 0.00", async (service) => {
  service.simulator.faults.add({ service: "gemini", kind: "unknown_titles" });
  await run(service, { year: 2012, months: 1 });
  const [month] = await service.sql`
    SELECT status, books_generated, isbns_resolved, isbns_queued, resolution_rate
    FROM backfill_log WHERE status <> 'pending'`;
  const { books_generated, ...numbers } = month!;
  assertGreater(books_generated, 0);
  assertEquals(numbers, {
    status: "completed",
    isbns_resolved: 0,
    isbns_queued: 0,
    resolution_rate: "0.00",
  });
  const works = await service.sql`SELECT is_synthetic, completeness FROM work`;
  assertEquals(works.length, books_generated);
  for (const work of works) assertEquals({ ...work }, { is_synthetic: true, completeness: 30 });
});

appTest(
  "an unusable answer spends an attempt and is asked again, not replayed",
  async (service) => {
    service.simulator.faults.add({ service: "gemini", kind: "truncated", times: 1 });
    service.simulator.faults.add({ service: "gemini", kind: "bad_content", times: 1 });
    await run(service, { year: 2012, months: 1 });
    const [month] = await service.sql`
    SELECT status, gemini_calls FROM backfill_log WHERE status <> 'pending'`;
    assertEquals(month!.status, "completed");
    const verdicts = await service.sql`SELECT verdict FROM generation ORDER BY id`;
    assertEquals(verdicts.at(-1)!.verdict, "usable");
    assertEquals(month!.gemini_calls, service.simulator.journal.count({ service: "gemini" }));
  },
);

appTest(
  "when the only generator is down the month waits and no attempt is spent",
  async (service) => {
    service.simulator.faults.add({ service: "gemini", kind: "503", times: 4 });
    await run(service, { year: 2012, months: 1 });
    const [month] = await service.sql`
    SELECT status, retry_count FROM backfill_log WHERE status <> 'pending'`;
    assertEquals({ ...month }, { status: "completed", retry_count: 0 });
    const outcomes = await service.sql`SELECT outcome FROM backfill_attempt ORDER BY id`;
    assertEquals(outcomes.at(0)!.outcome, "snoozed");
    assertEquals(outcomes.at(-1)!.outcome, "completed");
  },
);

appTest(
  "a completed month asked for again repeats no call and stores nothing twice",
  async (service) => {
    await run(service, { year: 2012, months: 2 });
    const calls = service.simulator.journal.entries().length;
    const before = await service.sql`SELECT count(*)::int AS works FROM work`;
    await service.sql`UPDATE backfill_log SET status = 'pending', started_at = NULL,
    completed_at = NULL, retry_count = 0 WHERE status = 'completed'`;
    await run(service, { year: 2012, months: 2 });
    assertEquals(service.simulator.journal.entries().length, calls);
    assertEquals(await service.sql`SELECT count(*)::int AS works FROM work`, before);
    const [month] = await service.sql`SELECT sum(isbns_queued)::int AS queued FROM backfill_log`;
    const [queue] = await service.sql`SELECT count(*)::int AS queued FROM enrichment_queue`;
    assertEquals(month, queue);
  },
);
