// About api.ts
import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { appTest, type TestApp } from "../support/service/test_app.ts";

const SEED = "/api/internal/seed-backfill-queue";
const SCHEDULE = "/api/internal/schedule-backfill";
const STATS = "/api/internal/backfill-stats";

/** Everything a request could have changed. */
async function logRows({ sql }: TestApp): Promise<unknown> {
  return [...await sql`SELECT * FROM backfill_log ORDER BY id`];
}

appTest("seeding adds 300 months once", async (service) => {
  const first = await service.call(SEED, {});
  assertEquals(first.status, 200);
  assertEquals(first.body.months_seeded, 300);
  assertMatch(first.body.message, /300 months/);
  assertEquals((await service.call(SEED, {})).body.months_seeded, 0);
  assertEquals((await service.call(SEED, { year_start: 1999 })).body.months_seeded, 12);
  const { body } = await service.call(STATS);
  assertEquals(body.total_months, 312);
  assertEquals(body.by_status, { pending: 312, processing: 0, completed: 0, failed: 0, retry: 0 });
  assertEquals(body.progress, {
    total_books_generated: 0,
    total_isbns_resolved: 0,
    total_isbns_queued: 0,
    overall_resolution_rate: 0,
  });
  assertEquals(body.recent_activity, []);
});

appTest("a dry run changes nothing and names what the real run then takes", async (service) => {
  await service.call(SEED, {});
  const before = await logRows(service);
  const dry = await service.call(SCHEDULE, { batch_size: 5, dry_run: true });
  assertEquals(dry.status, 200);
  assertEquals(await logRows(service), before);
  assertEquals(dry.body.dry_run, true);
  assertEquals(dry.body.batch_size, 5);
  assertEquals(dry.body.months_selected, 5);
  assertEquals(dry.body.execution_summary, undefined);
  assertEquals(dry.body.total_pending, 300);
  assertEquals(
    dry.body.months.map(({ year, month, status }: Record<string, unknown>) => [
      year,
      month,
      status,
    ]),
    [12, 11, 10, 9, 8].map((month) => [2024, month, "pending"]),
  );
  const real = await service.call(SCHEDULE, { batch_size: 5 });
  const named = (body: { months: { year: number; month: number }[] }): number[][] =>
    body.months.map(({ year, month }) => [year, month]);
  assertEquals(named(real.body), named(dry.body));
  assertEquals(real.body.execution_summary, { triggered: 5, skipped: 0, errors: 0 });
  assertEquals(real.body.months[0].status, "processing");
  await service.settled();
});

for (const [order, start, end] of [["in order", 2019, 2020], ["reversed", 2020, 2019]] as const) {
  appTest(`a year range ${order} bounds the months`, async (service) => {
    await service.call(SEED, {});
    const { body } = await service.call(SCHEDULE, {
      batch_size: 50,
      dry_run: true,
      year_range: { start, end },
    });
    assertEquals(body.months_selected, 24);
    assertEquals([body.months[0].year, body.months[0].month], [2020, 12]);
    assertEquals([body.months[23].year, body.months[23].month], [2019, 1]);
  });
}

appTest("ten months of a year run to the end and show up in the stats", async (service) => {
  await service.call(SEED, {});
  const { body } = await service.call(SCHEDULE, {
    batch_size: 10,
    year_range: { start: 2020, end: 2020 },
  });
  assertEquals(body.execution_summary.triggered, 10);
  await service.settled();
  const { body: stats } = await service.call(STATS);
  assertEquals(stats.by_status.completed, 10);
  assertEquals(stats.recent_activity.length, 10);
  assert(stats.recent_activity.every((month: { year: number }) => month.year === 2020));
  assertEquals(typeof stats.progress.overall_resolution_rate, "number");
});

appTest("months too recent for catalogues are left out with the reason", async (service) => {
  const year = new Date().getUTCFullYear();
  await service.call(SEED, { year_start: year, year_end: year });
  const { body } = await service.call(SCHEDULE, { batch_size: 50, dry_run: true });
  assert(body.months_selected < 12);
  assertMatch(body.notes.join(" "), /too recent to be in catalogues/);
  const asked = await service.call(SCHEDULE, {
    batch_size: 50,
    dry_run: true,
    include_recent: true,
  });
  assertEquals(asked.body.months_selected, 12);
  assertEquals(asked.body.notes, []);
});

appTest(
  "force_retry takes failed months with a fresh budget and keeps their history",
  async (service) => {
    await service.call(SEED, { year_start: 2012, year_end: 2012 });
    await service.sql`UPDATE backfill_log SET status = 'failed', retry_count = 5,
    started_at = now(), completed_at = now(), error_message = 'it broke' WHERE month = 12`;
    const without = await service.call(SCHEDULE, { batch_size: 1, dry_run: true });
    assertEquals(without.body.months[0].month, 11);
    assertEquals(without.body.total_failed, 1);
    const dry = await service.call(SCHEDULE, { batch_size: 1, dry_run: true, force_retry: true });
    assertEquals(dry.body.months[0], {
      year: 2012,
      month: 12,
      status: "failed",
      error_message: "it broke",
    });
    const real = await service.call(SCHEDULE, { batch_size: 1, force_retry: true });
    assertEquals(real.body.months[0].month, 12);
    await service.settled();
    const [month] = await service
      .sql`SELECT status, retry_count FROM backfill_log WHERE month = 12`;
    assertEquals({ ...month }, { status: "completed", retry_count: 0 });
  },
);

appTest("an unknown path needs the secret too, and health needs none", async (service) => {
  const unknown = await service.call("/api/internal/nothing", undefined, { secret: null });
  assertEquals(unknown.status, 401);
  assertEquals((await service.call("/healthz", undefined, { secret: null })).status, 200);
  assertEquals((await service.call("/readyz", undefined, { secret: null })).status, 200);
});

appTest(
  "bad input names the field, what was sent and what is allowed, and changes nothing",
  async (service) => {
    await service.call(SEED, { year_start: 2020, year_end: 2020 });
    const before = await logRows(service);
    const cases: [string, unknown, string[]][] = [
      [SCHEDULE, { batch_size: 51 }, ["batch_size", "51", "1 to 50"]],
      [SCHEDULE, { batch_size: 0 }, ["batch_size", "0", "1 to 50"]],
      [SCHEDULE, { batch_size: 2.5 }, ["batch_size", "2.5", "1 to 50"]],
      [SCHEDULE, { batch_size: "ten" }, ["batch_size", '"ten"', "1 to 50"]],
      [SCHEDULE, { batch_size: null }, ["batch_size", "null", "1 to 50"]],
      [SCHEDULE, { dry_run: "yes" }, ["dry_run", '"yes"', "true or false"]],
      [SCHEDULE, { force_retry: 1 }, ["force_retry", "1", "true or false"]],
      [SCHEDULE, { dryrun: true }, ["dryrun", "dry_run"]],
      [SCHEDULE, { year_range: { start: 1899 } }, ["year_range.start", "1899", "1900 to 2100"]],
      [SCHEDULE, { year_range: { end: 2101 } }, ["year_range.end", "2101", "1900 to 2100"]],
      [SCHEDULE, { year_range: [2000, 2001] }, ["year_range", "start"]],
      [SCHEDULE, { year_range: { from: 2000 } }, ["year_range.from", "start and end"]],
      [SCHEDULE, [], ["body", "object"]],
      [SCHEDULE, '{"batch_size": 5', ["not JSON"]],
      [SEED, { year_start: 2021, year_end: 2020 }, ["year_start", "2021", "year_end"]],
      [SEED, { year_start: 1800 }, ["year_start", "1800", "1900 to 2100"]],
      [SEED, { year_end: "2024" }, ["year_end", '"2024"', "1900 to 2100"]],
      [SCHEDULE, " ".repeat(70_000) + "{}", ["over"]],
      [SCHEDULE, `{"batch_size": ${"[".repeat(20_000)}${"]".repeat(20_000)}}`, [
        "batch_size",
        "a list",
      ]],
      [SCHEDULE, { ["x".repeat(50_000)]: 1 }, ["xxx", "is not a field"]],
    ];
    for (const [path, request, words] of cases) {
      const { status, body } = await service.call(path, request);
      assertEquals(status, 400, JSON.stringify(request).slice(0, 80));
      for (const word of words) assertStringIncludes(body.error, word);
    }
    assertEquals(await logRows(service), before);
  },
);

appTest("two problems are reported together", async (service) => {
  const { body } = await service.call(SCHEDULE, { batch_size: 99, dry_run: "no" });
  assertEquals(body.problems.map(({ field }: { field: string }) => field), [
    "batch_size",
    "dry_run",
  ]);
});

appTest("a job's live status is there from the start and ends with the month", async (service) => {
  await service.call(SEED, { year_start: 2012, year_end: 2012 });
  await service.call(SCHEDULE, { batch_size: 1 });
  const [row] = await service.sql`SELECT job_id FROM backfill_log WHERE status <> 'pending'`;
  const path = `/api/internal/jobs/${row!.job_id}`;
  const queued = await service.call(path);
  assertEquals(queued.status, 200);
  assertEquals(queued.body.job_id, row!.job_id);
  assertEquals([queued.body.year, queued.body.month], [2012, 12]);
  await service.settled();
  let status = await service.call(path);
  // The status is written just after the month's row.
  while (status.body.status !== "complete") status = await service.call(path);
  assertEquals(status.body.stats.books_generated, 3);
  assertEquals(typeof status.body.duration_ms, "number");
  assert(status.body.completed_at >= status.body.created_at);
});

appTest("an unknown job is 404, and so is an unknown path", async (service) => {
  const unknown = await service.call(`/api/internal/jobs/${crypto.randomUUID()}`);
  assertEquals(unknown.status, 404);
  for (const odd of ["x", "%00", "a".repeat(3000)]) {
    assertEquals((await service.call(`/api/internal/jobs/${odd}`)).status, 404);
  }
  assertEquals((await service.call("/nothing")).status, 404);
});

appTest(
  "while paused nothing is scheduled and the answer says who paused it and why",
  async (service) => {
    await service.call(SEED, { year_start: 2012, year_end: 2012 });
    await service.sql`UPDATE control SET is_paused = true, paused_by = 'Ada',
    paused_reason = 'quota audit', paused_at = now()`;
    const { status, body } = await service.call(SCHEDULE, { batch_size: 5 });
    assertEquals(status, 200);
    assertEquals(body.months_selected, 0);
    assertMatch(body.notes[0], /Ada.*quota audit/);
    assertEquals(body.total_pending, 12);
  },
);
