import { assert, assertEquals, assertGreater, assertMatch } from "@std/assert";
import { listOpenAlerts } from "../../src/database/alerts/alerts.ts";
import { pauseBackfill, readPause } from "../../src/database/scheduling/pause.ts";
import { LOCAL_MODEL } from "../../src/simulator/openai_compatible/openai_compatible.ts";
import { shiftedClock } from "../support/shifted_clock.ts";
import { placeTest, type TestApp, type TestPlace, withApp } from "../support/service/test_app.ts";

const MONTHS = 24;

/** As a default run, but for the resolvers, which cost time here and no money. */
const usual = { RESOLVERS: "open_library", MONTH_CONCURRENCY: "8" };

async function schedule({ call }: TestApp, more: Record<string, unknown> = {}): Promise<void> {
  await call("/api/internal/seed-backfill-queue", { year_start: 2011, year_end: 2012 });
  const answer = await call("/api/internal/schedule-backfill", { batch_size: MONTHS, ...more });
  assertEquals(answer.status, 200);
}

async function spent({ sql }: TestApp): Promise<number> {
  const [row] = await sql<{ usd: number }[]>`
    SELECT coalesce(sum(coalesce(cost_usd, reserved_usd)), 0)::float8 AS usd FROM spending`;
  return row!.usd;
}

async function counts({ sql }: TestApp): Promise<{ completed: number; waiting: number }> {
  const [row] = await sql<{ completed: number; waiting: number }[]>`
    SELECT count(*) FILTER (WHERE status = 'completed')::int AS completed,
      count(*) FILTER (WHERE status = 'retry' AND retry_count = 0)::int AS waiting
    FROM backfill_log`;
  return row!;
}

function cappedTest(
  name: string,
  settings: Record<string, string>,
  body: (place: TestPlace) => Promise<void>,
): void {
  placeTest(name, body, { settings: { ...usual, ...settings } });
}

/** The same place with other settings, as after a restart. */
function restarted(place: TestPlace, settings: Record<string, string>): TestPlace {
  return { ...place, environment: { ...place.environment, ...settings } };
}

cappedTest(
  "a run that would cost more than its cap pauses below it, keeps its work and goes on when raised",
  { MAX_COST_PER_RUN: "0.05", GENERATORS: "gemini,xai" },
  async (place) => {
    await withApp(place, async (service) => {
      await schedule(service);
      await service.quiet();
      const usd = await spent(service);
      assert(usd <= 0.05, `${usd} were spent`);
      assertGreater(usd, 0.03);
      const { completed, waiting } = await counts(service);
      assertGreater(completed, 0);
      assertGreater(waiting, 0);
      assertEquals(completed + waiting, MONTHS);
      const pause = await readPause(service.sql);
      assertEquals(pause?.by, "cost cap");
      assertMatch(
        pause!.reason!,
        /^The cap of \$0\.05 for run \d+ is reached: \$0\.0\d+ are spent/,
      );
      const [alert] = await listOpenAlerts(service.sql);
      assertEquals(alert?.kind, "cost_cap_reached");
      assertMatch(alert!.subject, /^run \d+ at \$0\.05$/);

      await service.app.rescue();
      await service.app.tick();
      await service.quiet();
      assertEquals(await counts(service), { completed, waiting });
      assertEquals(await spent(service), usd);
    });
    await withApp(restarted(place, { MAX_COST_PER_RUN: "2" }), async (service) => {
      await service.settled();
      assertEquals(await counts(service), { completed: MONTHS, waiting: 0 });
      assertEquals(await readPause(service.sql), null);
      assertEquals((await listOpenAlerts(service.sql)).length, 0);
      // Nothing that was answered before the pause was asked for again.
      for (const service of ["gemini", "xai"] as const) {
        assertEquals(place.simulator.journal.count({ service }), MONTHS);
      }
    });
  },
);

cappedTest("a run's own cap counts, and a pause by a person stays", {}, async (place) => {
  await withApp(place, async (service) => {
    await schedule(service, { max_cost_usd: 0.02 });
    await service.quiet();
    assert(await spent(service) <= 0.02);
    assertGreater((await counts(service)).waiting, 0);
    await service.sql`UPDATE control SET is_paused = false, paused_at = NULL`;
    await pauseBackfill(service.sql, { by: "operator", reason: "moving house", at: null });
    const [run] = await service.sql<{ id: number }[]>`SELECT id FROM run`;
    const path = `/api/internal/runs/${run!.id}/cost-cap`;
    const { status, body } = await service.call(path, { max_cost_usd: 1 });
    assertEquals(status, 200);
    assertEquals(body, {
      run_id: run!.id,
      max_cost_usd: 1,
      spent_usd: await spent(service),
      is_resumed: false,
    });
    await service.app.rescue();
    assertEquals((await readPause(service.sql))?.by, "operator");
    assertEquals((await listOpenAlerts(service.sql)).length, 0);
    await service.sql`UPDATE control SET is_paused = false, paused_at = NULL`;
    await service.settled();
    assertEquals((await counts(service)).completed, MONTHS);
  });
});

cappedTest(
  "a day that has cost what it may ends at midnight UTC",
  { MAX_COST_PER_DAY: "0.05" },
  async (place) => {
    const clock = shiftedClock();
    clock.put("2026-11-22T20:00:00Z");
    await withApp(place, async (service) => {
      await schedule(service);
      await service.quiet();
      const first = await spent(service);
      assert(first <= 0.05, `${first} were spent`);
      const { completed } = await counts(service);
      clock.put("2026-11-22T23:59:00Z");
      await service.app.rescue();
      assertEquals((await readPause(service.sql))?.by, "cost cap");

      clock.put("2026-11-23T00:01:00Z");
      await service.app.rescue();
      await service.quiet();
      assertGreater((await counts(service)).completed, completed);
      const days = await service.sql<{ day: string; usd: number }[]>`
        SELECT day::text, sum(cost_usd)::float8 AS usd FROM spending GROUP BY day ORDER BY day`;
      assertEquals(days.map(({ day }) => day), ["2026-11-22", "2026-11-23"]);
      for (const { day, usd } of days) assert(usd <= 0.05, `${day} cost ${usd}`);
    }, { clock });
  },
);

cappedTest(
  "a run's cap is raised through the API, and one that cannot be kept is refused",
  { GENERATORS: "gemini" },
  async (place) => {
    await withApp(place, async (service) => {
      await schedule(service, { max_cost_usd: 0.015 });
      await service.quiet();
      const [run] = await service.sql<{ id: number }[]>`SELECT id FROM run`;
      const path = `/api/internal/runs/${run!.id}/cost-cap`;
      const refused = await service.call(path, { max_cost_usd: -1 });
      assertEquals(refused.status, 400);
      assertMatch(refused.body.error, /max_cost_usd must be an amount in US dollars.*-1/);
      assertEquals((await service.call("/api/internal/runs/x/cost-cap", {})).status, 400);
      const unknown = await service.call("/api/internal/runs/999/cost-cap", { max_cost_usd: 1 });
      assertEquals(unknown.status, 404);
      const { body } = await service.call(path, { max_cost_usd: 1 });
      assertEquals(body.is_resumed, true);
      await service.settled();
      assertEquals((await counts(service)).completed, MONTHS);
    });
    await withApp(restarted(place, { GEMINI_MODEL: "gemini-9-new" }), async (service) => {
      const body = { max_cost_usd: 1 };
      const { status, body: answer } = await service.call("/api/internal/schedule-backfill", body);
      assertEquals(status, 400);
      assertMatch(answer.error, /MODEL_PRICES has no price for gemini-9-new/);
    });
  },
);

cappedTest(
  "a model without a price pauses a run that has a cap until it has one",
  { GENERATORS: "openai_compatible" },
  async (place) => {
    const { faults } = place.simulator;
    faults.add({ service: "openai_compatible", kind: "key_refused" });
    await withApp(place, async (service) => {
      await service.call("/api/internal/seed-backfill-queue", { year_start: 2012, year_end: 2012 });
      const body = { batch_size: 1, max_cost_usd: 1 };
      await service.call("/api/internal/schedule-backfill", body);
      await service.quiet();
    });
    faults.clear();
    await withApp(restarted(place, { MODEL_PRICES: "" }), async (service) => {
      await service.quiet();
      const [, alert] = await listOpenAlerts(service.sql);
      assertEquals(alert?.subject, `model ${LOCAL_MODEL} without a price`);
      assertMatch(alert!.cause, /^The cap of \$1\.00 for run 1 cannot be kept: \S+ has no price$/);
      assertMatch(alert!.advice, /^Add \S+=input\/output .* to MODEL_PRICES/);
      await service.app.rescue();
      assertEquals((await readPause(service.sql))?.by, "cost cap");
    });
    await withApp(restarted(place, { MODEL_PRICES: `${LOCAL_MODEL}=1/2` }), async (service) => {
      await service.settled();
      assertEquals(await counts(service), { completed: 1, waiting: 0 });
      assertEquals(await readPause(service.sql), null);
      assertEquals((await listOpenAlerts(service.sql)).length, 0);
    });
  },
);
