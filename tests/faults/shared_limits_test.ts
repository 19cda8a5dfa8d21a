import { NO_SERIES } from "../../src/domain/series/series_fields.ts";
import { assertEquals, assertGreater, assertLessOrEqual } from "@std/assert";
import { systemClock } from "../../src/clock.ts";
import { openServerDatabase } from "../../src/database/server/server_database.ts";
import type { Journal } from "../../src/simulator/faults/journal.ts";
import { simulatedResolvers } from "../bench/simulated_resolvers.ts";
import { TEST_DATABASE_URL } from "../support/postgres/databases.ts";
import { type ServiceProcess, startService } from "../support/service/service_process.ts";
import { type ShiftedClock, shiftedClock } from "../support/shifted_clock.ts";
import { type TestPlace, withPlace } from "../support/service/test_app.ts";

const PROCESSES = 2;
/**
 * Of each process before, across and after each midnight; before and after it enough to spend a day's
 * quota.
 */
const LOTS = { before: 5, across: 3, after: 4 } as const;
/** Of each process in each half. */
const MONTHS = LOTS.before + LOTS.across + LOTS.after;
const FINISH_LIMIT_MS = 240_000;

/** Requests a second; what is asked for first has to wait for its turn. */
const RATES = {
  gemini: 20,
  isbndb: 12,
  google_books: 12,
  open_library: 30,
  archive_org: 30,
  wikidata: 30,
} as const;
type Service = keyof typeof RATES;
const SERVICES = Object.keys(RATES) as readonly Service[];
/** These are asked about every book, so that their turns are what the months wait for. */
const PACED: readonly Service[] = ["isbndb", "google_books"];

/** Calls a day, few enough to be spent on both sides of each midnight. */
const QUOTA = 60;
const ZONES = [["isbndb", "UTC"], ["google_books", "America/Los_Angeles"]] as const;
const DAYS = ["2026-11-20", "2026-11-21"] as const;

const settings = {
  GENERATORS: "gemini",
  RESOLVERS: "isbndb+google_books,open_library+archive_org+wikidata",
  ...Object.fromEntries(
    SERVICES.map((service) => [`${service.toUpperCase()}_RATE_PER_SECOND`, String(RATES[service])]),
  ),
  ISBNDB_DAILY_QUOTA: String(QUOTA),
  ISBNDB_QUOTA_BUFFER: "0",
  GOOGLE_BOOKS_DAILY_QUOTA: String(QUOTA),
  GOOGLE_BOOKS_QUOTA_BUFFER: "0",
  DATABASE_CONNECTIONS: "4",
};

Deno.test({
  name: "two processes on one database keep to every rate and quota, across both midnights",
  ignore: TEST_DATABASE_URL === null,
  sanitizeOps: false,
  sanitizeResources: false,
  fn: async () => {
    const clock = shiftedClock();
    await withPlace("server", async (place) => {
      await warmUp(place);
      // The midnight of UTC, and that of Los Angeles.
      await runHalf(place, { clock, midnight: "2026-11-21T00:00:00Z", firstYear: 2010 });
      await runHalf(place, { clock, midnight: "2026-11-21T08:00:00Z", firstYear: 2014 });
      checkLimits(place.simulator.journal);
      await checkWork(place);
    }, { settings, clock });
  },
});

/** The simulator makes an index at a service's first request, and the next ones pile up meanwhile. */
async function warmUp({ simulator }: TestPlace): Promise<void> {
  const query = {
    title: "Gone Girl",
    author: "Gillian Flynn",
    ...NO_SERIES,
    year: 2012,
    month: 6,
    language: "en",
  };
  const context = { signal: new AbortController().signal, onCall: () => {} };
  for (const resolver of simulatedResolvers(simulator, 1).flat()) {
    await resolver.find(query, context);
  }
  simulator.journal.clear();
}

/** How long before midnight a half begins, and how long before it the work that crosses it. */
const EVENING_MS = 600_000;
const LAST_MOMENT_MS = 2_000;
/** By then every clock has left the day behind, and so has the margin around midnight. */
const NIGHT_MS = 3_000;

async function runHalf(
  place: TestPlace,
  { clock, midnight, firstYear }: { clock: ShiftedClock; midnight: string; firstYear: number },
): Promise<void> {
  const midnightMs = Date.parse(midnight);
  clock.put(new Date(midnightMs - EVENING_MS).toISOString());
  const services = await Promise.all(
    Array.from({ length: PROCESSES }, (_, index) =>
      startService(place, {
        program: ["tests/support/service/shifted_service.ts", String(clock.shiftMs())],
        settings: { DATA_DIR: `${place.dataDir}/${index}` },
      })),
  );
  await Promise.all(services.map((service, index) => {
    const year = firstYear + index;
    return service.call("/api/internal/seed-backfill-queue", { year_start: year, year_end: year });
  }));
  await schedule(services, { firstYear, months: LOTS.before });
  await untilDone(services[0]!);
  clock.put(new Date(midnightMs - LAST_MOMENT_MS).toISOString());
  await Promise.all(services.map((one) => one.call("/clock", { shift_ms: clock.shiftMs() })));
  await schedule(services, { firstYear, months: LOTS.across });
  await systemClock.sleep(midnightMs + NIGHT_MS - clock.now().getTime());
  await untilDone(services[0]!);
  await schedule(services, { firstYear, months: LOTS.after });
  await untilDone(services[0]!);
  for (const service of services) {
    service.kill("SIGTERM");
    const { code, stderr } = await service.ended();
    assertEquals(code, 0, stderr);
  }
}

/** Schedules months of another year in each process. */
async function schedule(
  services: readonly ServiceProcess[],
  { firstYear, months }: { firstYear: number; months: number },
): Promise<void> {
  await Promise.all(services.map(async (service, index) => {
    const year_range = { start: firstYear + index, end: firstYear + index };
    const request = { batch_size: months, year_range };
    const { body } = await service.call("/api/internal/schedule-backfill", request);
    assertEquals((body as { months_selected: number }).months_selected, months);
  }));
}

async function untilDone(service: ServiceProcess): Promise<void> {
  const start = systemClock.monotonicMs();
  while (systemClock.monotonicMs() - start < FINISH_LIMIT_MS) {
    const { body } = await service.call("/api/internal/backfill-stats");
    const { processing, retry } = (body as { by_status: Record<string, number> }).by_status;
    if (processing === 0 && retry === 0) return;
    await systemClock.sleep(200);
  }
  throw new Error(`Months are still under way after ${FINISH_LIMIT_MS} ms`);
}

/** All months completed, worked on by every process, and the quotas were spent. */
async function checkWork({ environment }: TestPlace): Promise<void> {
  const database = await openServerDatabase(environment.DATABASE_URL!);
  try {
    const { sql } = database;
    const months = await sql`SELECT 1 FROM backfill_log WHERE status = 'completed'`;
    assertEquals(months.length, 2 * PROCESSES * MONTHS);
    const workers = await sql`
      SELECT count(DISTINCT month_id)::int AS months FROM backfill_attempt GROUP BY worker`;
    assertEquals(workers.length, PROCESSES);
    for (const { months } of workers) assertGreater(months, MONTHS);
    const quotas = await sql`SELECT provider, day::text, used FROM provider_quota ORDER BY 1, 2`;
    assertEquals(
      quotas.map((row) => ({ ...row })),
      ["google_books", "isbndb"].flatMap((provider) =>
        DAYS.map((day) => ({ provider, day, used: QUOTA }))
      ),
      "each day's quota was spent, so that more calls were wanted than it allows",
    );
  } finally {
    await database.close();
  }
}

function checkLimits(journal: Journal): void {
  for (const service of SERVICES) {
    assertLessOrEqual(journal.peakPerSecond(service), RATES[service], `${service} in one second`);
  }
  for (const service of PACED) {
    assertGreater(
      journal.peakPerSecond(service),
      RATES[service] / 2,
      `${service} was kept waiting`,
    );
  }
  for (const [service, timeZone] of ZONES) {
    const costs = DAYS.map((day) => journal.costOn(service, { day, timeZone }));
    costs.forEach((cost, index) => assertLessOrEqual(cost, QUOTA, `${service} on ${DAYS[index]}`));
    assertGreater(costs[0]! + costs[1]!, QUOTA, `${service} had a new quota after midnight`);
  }
}
