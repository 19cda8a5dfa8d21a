import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { appTest, type TestApp } from "../support/service/test_app.ts";

const SEED = "/api/internal/seed-backfill-queue";
const SCHEDULE = "/api/internal/schedule-backfill";
const STATS = "/api/internal/backfill-stats";

async function seed({ call }: TestApp): Promise<void> {
  await call(SEED, { year_start: 2012, year_end: 2012 });
}

appTest("a run has an id, its cap and its prompt variant reach the months", async (service) => {
  await seed(service);
  const { status, body } = await service.call(SCHEDULE, {
    months: ["2012-03", "2012-05"],
    prompt_variant: "era-contextualized",
    max_cost_usd: 0.5,
  });
  assertEquals(status, 200);
  assertEquals(body.batch_size, 2);
  assertEquals(body.execution_summary.triggered, 2);
  await service.settled();
  const rows = await service.sql`
    SELECT l.month, l.prompt_variant, a.run_id, r.max_cost_usd::float8 AS cap, r.started_by
    FROM backfill_log l JOIN backfill_attempt a ON a.month_id = l.id JOIN run r ON r.id = a.run_id
    WHERE l.status = 'completed' ORDER BY l.month`;
  const common = { run_id: body.run_id, cap: 0.5, started_by: "api" };
  assertEquals(rows.map((row) => ({ ...row })), [
    { month: 3, prompt_variant: "era-contextualized", ...common },
    { month: 5, prompt_variant: "era-contextualized", ...common },
  ]);
});

appTest("a completed month runs again, and pays again only when asked afresh", async (service) => {
  await seed(service);
  const asked = (): number => service.simulator.journal.count({ service: "gemini" });
  await service.call(SCHEDULE, { months: ["2012-03"] });
  await service.settled();
  const first = asked();

  const remembered = await service.call(SCHEDULE, {
    months: ["2012-03"],
    rerun: true,
    dry_run: true,
  });
  assertEquals(remembered.body.forecast.cost_usd, 0);
  assertEquals(remembered.body.forecast.calls, { ...remembered.body.forecast.calls, isbndb: 0 });
  assertEquals(
    Object.values(remembered.body.forecast.calls).filter((count) => count !== 0),
    [],
  );
  await service.call(SCHEDULE, { months: ["2012-03"], rerun: true });
  await service.settled();
  assertEquals(asked(), first);

  const again = { months: ["2012-03"], rerun: true, ask_afresh: true };
  const dry = await service.call(SCHEDULE, { ...again, dry_run: true });
  assertEquals(dry.body.forecast.calls.gemini, 1);
  assert(dry.body.forecast.cost_usd > 0);
  await service.call(SCHEDULE, again);
  await service.settled();
  assertEquals(asked(), first + 1);
  assertEquals((await service.call(STATS)).body.by_status.completed, 1);
});

appTest("stale months are counted in the stats and can be made again", async (service) => {
  await seed(service);
  await service.call(SCHEDULE, { months: ["2012-03", "2012-05"] });
  await service.settled();
  await service.sql`UPDATE generation SET model = 'an-older-model' WHERE month_id = (
    SELECT id FROM backfill_log WHERE month = 3)`;
  assertEquals((await service.call(STATS)).body.stale, { total: 1, gone: 0, model: 1, prompt: 0 });
  const { body } = await service.call(SCHEDULE, { stale: true });
  assertEquals(body.months.map(({ month }: { month: number }) => month), [3]);
  await service.settled();
  assertEquals((await service.call(STATS)).body.stale.total, 0);
});

appTest("the stats tell what was spent, and what fits its month", async (service) => {
  await seed(service);
  await service.call(SCHEDULE, { months: ["2012-03", "2012-05"] });
  await service.settled();
  const { costs, verification, progress, recent_activity } = (await service.call(STATS)).body;
  const [sums] = await service.sql`
    SELECT sum(tokens_input)::int AS input, sum(tokens_output)::int AS output,
      sum(tokens_thinking)::int AS thinking, sum(cost_usd)::float8 AS usd FROM generation`;
  const { input, output, thinking, usd } = sums!;
  assertEquals(costs.tokens, { input, output, thinking });
  assert(usd > 0 && Math.abs(costs.total_usd - usd) < 1e-6);
  assertEquals(costs.unpriced_answers, 0);
  assert(Math.abs(costs.usd_per_completed_month - usd / 2) < 1e-6);
  assert(Math.abs(costs.usd_per_confirmed_book - usd / progress.total_isbns_resolved) < 1e-6);
  assertEquals(costs.by_model.length, 1);
  const { in_month, in_year, elsewhere, unknown } = verification;
  assertEquals(in_month + in_year + elsewhere + unknown, progress.total_books_generated);
  assert(in_month > 0);
  assertEquals(
    recent_activity.reduce(
      (sum: number, month: { verification: { in_month: number } }) =>
        sum + month.verification.in_month,
      0,
    ),
    in_month,
  );
});

appTest("requests that cannot be meant are refused with what would be right", async (service) => {
  const cases: [unknown, string[]][] = [
    [{ months: [] }, ["months", "2012-03"]],
    [{ months: ["2012-13"] }, ["months.0", '"2012-13"', "such as"]],
    [{ months: "2012-03" }, ["months", "list of months"]],
    [{ rerun: true }, ["rerun", 'needs "months": […]']],
    [{ rerun: true, stale: true, months: ["2012-03"] }, ["rerun", "stale"]],
    [{ ask_afresh: true }, ["ask_afresh", 'needs "rerun": true or "stale": true']],
    [{ prompt_variant: "best" }, ["prompt_variant", '"best"', "genre-rotation"]],
    [{ max_cost_usd: -1 }, ["max_cost_usd", "-1", "from 0 to 999999"]],
    [{ max_cost_usd: 1_000_000 }, ["max_cost_usd", "1000000", "from 0 to 999999"]],
    [{ max_cost_usd: "1" }, ["max_cost_usd", '"1"', "US dollars"]],
  ];
  for (const [request, words] of cases) {
    const { status, body } = await service.call(SCHEDULE, request);
    assertEquals(status, 400, JSON.stringify(request));
    for (const word of words) assertStringIncludes(body.error, word);
  }
  const [run] = await service.sql`SELECT count(*)::int AS count FROM run`;
  assertEquals(run!.count, 0);
});
