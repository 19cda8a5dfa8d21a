import { assertEquals } from "@std/assert";
import { systemClock } from "../../../src/clock.ts";
import type { Database } from "../../../src/database/connection/connection.ts";
import { openServerDatabase } from "../../../src/database/server/server_database.ts";
import type { ServiceProcess } from "../service/service_process.ts";
import { type TestPlace, withApp, withPlace } from "../service/test_app.ts";

/** Three years of the log, newest last; the shipped catalogue is dense here. */
export const YEARS = { year_start: 2011, year_end: 2013 } as const;

/** What a month came to. */
interface MonthResult {
  readonly month: string;
  readonly books: number;
  readonly isbns: number;
}

/** Seeds the log and schedules the `count` newest months of it. */
export async function startMonths(
  { call }: Pick<ServiceProcess, "call">,
  count: number,
): Promise<void> {
  await call("/api/internal/seed-backfill-queue", YEARS);
  await call("/api/internal/schedule-backfill", { batch_size: count });
}

/** Opens the place's database by itself, past whatever is put in between for the service. */
export async function withOwnConnection<T>(
  place: TestPlace,
  body: (database: Database) => Promise<T>,
): Promise<T> {
  const database = await openServerDatabase(place.environment.DATABASE_URL!, { maxConnections: 1 });
  try {
    return await body(database);
  } finally {
    await database.close();
  }
}

/** Resolves when `count` months are completed; fails when that takes longer than `limitMs`. */
export async function untilCompleted(
  place: TestPlace,
  { count, limitMs }: { count: number; limitMs: number },
): Promise<void> {
  await withOwnConnection(place, async ({ sql }) => {
    const begunMs = systemClock.monotonicMs();
    while (true) {
      const rows = await sql<{ status: string; count: number }[]>`
        SELECT status, count(*)::int AS count FROM backfill_log GROUP BY status`;
      const counts = Object.fromEntries(rows.map((row) => [row.status, row.count]));
      if ((counts.completed ?? 0) >= count) return;
      if (systemClock.monotonicMs() - begunMs > limitMs) {
        const attempts = await sql`
          SELECT outcome, error_code, error_message, count(*)::int AS count FROM backfill_attempt
          GROUP BY 1, 2, 3`;
        throw new Error(
          `After ${limitMs / 1000} s: ${JSON.stringify(counts)}; ${JSON.stringify(attempts)}`,
        );
      }
      await systemClock.sleep(200);
    }
  });
}

let undisturbed: Promise<MonthResult[]> | null = null;

/**
 * Fails unless the `count` newest months have the books that they have when nothing happens, and no
 * attempt was spent.
 */
export async function assertUndisturbed(place: TestPlace, count: number): Promise<void> {
  undisturbed ??= runUndisturbed();
  const expected = (await undisturbed).slice(0, count);
  await withOwnConnection(place, async ({ sql }) => {
    assertEquals(await readResults(sql), expected);
    const spent = await sql`
      SELECT year, month, retry_count, error_message FROM backfill_log WHERE retry_count > 0`;
    assertEquals([...spent], []);
  });
}

async function runUndisturbed(): Promise<MonthResult[]> {
  let results: MonthResult[] = [];
  await withPlace("embedded", (place) =>
    withApp(place, async ({ call, settled, sql }) => {
      await startMonths({ call }, 36);
      await settled();
      results = await readResults(sql);
    }));
  return results;
}

async function readResults(sql: Database["sql"]): Promise<MonthResult[]> {
  const rows = await sql<MonthResult[]>`
    SELECT year || '-' || month AS month, books_generated AS books, isbns_resolved AS isbns
    FROM backfill_log WHERE status = 'completed' ORDER BY year DESC, backfill_log.month DESC`;
  return rows.map((row) => ({ ...row }));
}
