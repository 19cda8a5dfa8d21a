import { assert, assertEquals } from "@std/assert";
import { USUAL_ODDITIES } from "../../src/simulator/faults/oddities.ts";
import { appTest, type TestApp } from "../support/service/test_app.ts";

/** How far a forecast may be from what the run then takes. */
const TOLERANCE = 0.2;

interface Taken {
  readonly calls: number;
  readonly usd: number;
}

async function takenSoFar({ call, simulator }: TestApp): Promise<Taken> {
  const { body } = await call("/api/internal/backfill-stats");
  return { calls: simulator.journal.entries().length, usd: body.costs.total_usd };
}

/** Forecasts twelve months, runs them, and compares. */
async function forecastAndRun(service: TestApp, year: number): Promise<void> {
  const request = { batch_size: 12, year_range: { start: year, end: year } };
  const { body } = await service.call("/api/internal/schedule-backfill", {
    ...request,
    dry_run: true,
  });
  const { calls, cost_usd, months } = body.forecast;
  assertEquals(months, 12);
  const before = await takenSoFar(service);
  await service.call("/api/internal/schedule-backfill", request);
  await service.settled();
  const after = await takenSoFar(service);
  const forecastCalls = Object.values<number>(calls).reduce((sum, count) => sum + count, 0);
  assertNear(`calls of ${year}`, { forecast: forecastCalls, taken: after.calls - before.calls });
  assertNear(`dollars of ${year}`, { forecast: cost_usd, taken: after.usd - before.usd });
}

function assertNear(what: string, { forecast, taken }: { forecast: number; taken: number }): void {
  assert(
    Math.abs(forecast - taken) < TOLERANCE * taken,
    `${what}: ${forecast} forecast, ${taken} taken`,
  );
}

appTest(
  "the forecast of twelve months is kept, before there is history and after",
  async (service) => {
    await service.call("/api/internal/seed-backfill-queue", { year_start: 2012, year_end: 2013 });
    await forecastAndRun(service, 2012);
    await forecastAndRun(service, 2013);
  },
  { oddities: USUAL_ODDITIES, settings: { GENERATORS: "gemini,xai,wikidata" } },
);
