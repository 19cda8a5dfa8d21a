import { assert, assertEquals } from "@std/assert";
import { systemClock } from "../../../src/clock.ts";
import type { Database } from "../../../src/database/connection/connection.ts";
import { openServerDatabase } from "../../../src/database/server/server_database.ts";
import { isDatabaseTrouble } from "../../../src/database/connection/retry_while_away.ts";
import { type Month, monthKey } from "../../../src/domain/months/month.ts";
import type { LatencyPlan } from "../../../src/simulator/faults/latency.ts";
import { type Snapshot, takeSnapshot } from "../books/catalogue_snapshot.ts";
import { disturbEngines } from "../database_faults/disturbed_engine.ts";
import { startDisturbingProxy } from "../database_faults/disturbing_proxy.ts";
import type { StatementFault, StatementFaults } from "../database_faults/statement_faults.ts";
import { type TestApp, type TestPlace, withApp, withPlace } from "../service/test_app.ts";

/** Two models, so that one's books can be missing; resolvers one after the other, so that all repeats. */
const SETTINGS = {
  DATABASE_CONNECTIONS: "6",
  MONTH_CONCURRENCY: "1",
  GENERATORS: "gemini,xai",
  RESOLVERS: "open_library,isbndb",
  MAX_COST_PER_DAY: "1000",
  // Limits that hold nobody up, but are asked about.
  OPEN_LIBRARY_RATE_PER_SECOND: "1000",
  ISBNDB_DAILY_QUOTA: "15000",
} as const;

const BOOKS_ASKED = 5;
/** A month that is not done by then waits for the rescue. */
const RESCUE_AFTER_MS = 500;
const POLL_MS = 10;
/** Far longer than any month takes. */
const LIMIT_MS = 120_000;

export interface DisturbedRun {
  readonly snapshot: Snapshot;
  /** By its text, how often each statement was carried out in each month. */
  readonly counts: readonly ReadonlyMap<string, number>[];
  /** Faults that never came to pass. */
  readonly unfired: readonly StatementFault[];
  /** Attempts that ended without completing their month, as "month outcome code". */
  readonly interrupted: readonly string[];
}

export interface DisturbedOptions {
  readonly months: readonly Month[];
  readonly faults: StatementFaults;
  /** One a month; what does not come to pass in one is tried in the next. */
  readonly queue: readonly StatementFault[];
}

/** Runs the months one after the other on a place of its own, each with the next fault of the queue. */
export async function runDisturbed(
  kind: Database["kind"],
  { months, faults, queue }: DisturbedOptions,
): Promise<DisturbedRun> {
  const waiting = [...queue];
  const counts: ReadonlyMap<string, number>[] = [];
  return await withDisturbance(kind, { faults, settings: {} }, async (service, watcher) => {
    for (const month of months) {
      faults.clear();
      const fault = waiting.shift();
      if (fault !== undefined) faults.arm(fault);
      await runMonth(service, { watcher, month });
      counts.push(faults.counts());
      if (fault !== undefined && !faults.hasFired()) waiting.push(fault);
    }
    faults.clear();
    const sql = watcher;
    return {
      snapshot: await takeSnapshot({ sql }, service.simulator.journal),
      counts,
      unfired: waiting,
      interrupted: (await sql<{ line: string }[]>`
        SELECT concat_ws(' ', l.year, l.month, a.outcome, a.error_code) AS line
        FROM backfill_attempt a JOIN backfill_log l ON l.id = a.month_id
        WHERE a.outcome <> 'completed' ORDER BY a.id`).map(({ line }) => line),
    };
  });
}

/** A service whose statements the faults befall; `watcher` looks at the same database undisturbed. */
export async function withDisturbance<T>(
  kind: Database["kind"],
  { faults, settings, latency = {} }: {
    faults: StatementFaults;
    settings: Readonly<Record<string, string>>;
    latency?: LatencyPlan;
  },
  body: (service: TestApp, watcher: Database["sql"]) => Promise<T>,
): Promise<T> {
  const results: T[] = [];
  await withPlace(kind, async (place) => {
    const run = kind === "server" ? runOnServer : runEmbedded;
    await run(place, faults, async (service, watcher) => {
      results.push(await body(service, watcher));
    });
  }, { settings: { ...SETTINGS, ...settings }, latency });
  return results[0]!;
}

type Body = (service: TestApp, watcher: Database["sql"]) => Promise<void>;

async function runEmbedded(place: TestPlace, faults: StatementFaults, body: Body): Promise<void> {
  using _ = disturbEngines(faults);
  await withApp(place, (service) => body(service, service.sql));
}

async function runOnServer(place: TestPlace, faults: StatementFaults, body: Body): Promise<void> {
  const url = new URL(place.environment.DATABASE_URL!);
  const watcher = await openServerDatabase(url.href, { maxConnections: 1 });
  const proxy = await startDisturbingProxy(
    { hostname: url.hostname, port: Number(url.port || 5432) },
    faults,
  );
  url.port = String(proxy.port);
  try {
    const environment = { ...place.environment, DATABASE_URL: url.href };
    await withApp({ ...place, environment }, (service) => body(service, watcher.sql));
  } finally {
    await proxy.close();
    await watcher.close();
  }
}

async function runMonth(
  { app, call }: TestApp,
  { watcher, month: { year, month } }: { watcher: Database["sql"]; month: Month },
): Promise<void> {
  const rescue = () => app.rescue().catch(demandTrouble);
  // A lease taken by a statement whose answer was lost keeps others away for minutes, rightly.
  await patiently(() => watcher`DELETE FROM cron_lease`);
  await patiently(() =>
    watcher`INSERT INTO backfill_log (year, month, batch_size)
      VALUES (${year}, ${month}, ${BOOKS_ASKED}) ON CONFLICT (year, month) DO NOTHING`
  );
  const startMs = systemClock.monotonicMs();
  let rescuedMs = startMs;
  await rescue();
  for (;;) {
    const [row] = await patiently(() =>
      watcher`SELECT status FROM backfill_log WHERE year = ${year} AND month = ${month}`
    );
    const nowMs = systemClock.monotonicMs();
    if (row!.status === "completed") return;
    assert(nowMs - startMs < LIMIT_MS, `${monthKey({ year, month })} is still ${row!.status}`);
    if (row!.status === "pending") {
      const { status } = await call("/api/internal/schedule-backfill", { batch_size: 1 });
      assert(status === 200 || status === 503, `scheduling is answered with ${status}`);
    } else if (nowMs - rescuedMs > RESCUE_AFTER_MS) {
      await rescue();
      rescuedMs = nowMs;
    } else await systemClock.sleep(POLL_MS);
  }
}

/** Who watches the embedded database shares its one connection with the disturbed service. */
async function patiently<T>(ask: () => PromiseLike<T>): Promise<T> {
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      demandTrouble(error);
      await systemClock.sleep(POLL_MS);
    }
  }
}

/** Throws what is none of the database's troubles, which the tests bring about. */
export function demandTrouble(error: unknown): void {
  if (!isDatabaseTrouble(error)) throw error;
}

/** Fails with the lines that are missing or too many, rather than with thousands that are right. */
export function assertSame(actual: Snapshot, expected: Snapshot): void {
  for (const [name, lines] of Object.entries(expected)) {
    const found = actual[name] ?? [];
    const [missing, extra] = [without(lines, found), without(found, lines)];
    assertEquals({ name, missing, extra }, { name, missing: [], extra: [] });
  }
}

function without(lines: readonly string[], others: readonly string[]): string[] {
  const left = Map.groupBy(others, (line) => line);
  return lines.filter((line) => left.get(line)?.pop() === undefined);
}
