import { assertEquals } from "@std/assert";
import { systemClock } from "../../../src/clock.ts";
import type { Database } from "../../../src/database/connection/connection.ts";
import { openServerDatabase } from "../../../src/database/server/server_database.ts";
import { RESOLVER_NAMES } from "../../../src/domain/providers/provider_names.ts";
import { type TestApp, withApp, withPlace } from "../service/test_app.ts";

const INTERNAL = "/api/internal";
const MONTHS = 12;
/** Generous: whatever is disturbed, the months end. */
const LIMIT_MS = 300_000;
/** One after the other: side by side, the first of them to answer may tell a book a little otherwise. */
const RESOLVERS = RESOLVER_NAMES.join(",");

/** What a run of all months of 2012 left behind, without what depends on the order of the months. */
export interface BooksOfAYear {
  readonly months: readonly unknown[];
  readonly candidates: readonly unknown[];
  readonly works: readonly unknown[];
  readonly queued: readonly unknown[];
}

/**
 * Runs the year on the database at `url` through the whole pipeline and returns its books, as seen from
 * `watchUrl`. Fails unless every month completes without an attempt spent, no model is asked twice, and
 * the times the service tells are those of the run.
 */
export async function runYear(
  { url, watchUrl, settings = {}, disturb = () => Promise.resolve() }: {
    url: string;
    /** The same database for a user whom nothing keeps out. */
    watchUrl: string;
    settings?: Readonly<Record<string, string>>;
    /** Called once, when books are being looked up. */
    disturb?: () => Promise<void>;
  },
): Promise<BooksOfAYear> {
  let books: BooksOfAYear | null = null;
  await withPlace("embedded", async (place) => {
    const environment = { ...place.environment, RESOLVERS, DATABASE_URL: url, ...settings };
    await withApp({ ...place, environment }, async (service) => {
      const begun = systemClock.now();
      await schedule(service);
      while (service.simulator.journal.count({ service: "open_library" }) === 0) {
        await systemClock.sleep(5);
      }
      await disturb();
      books = await untilDone(service, watchUrl);
      assertEquals(service.simulator.journal.count({ service: "gemini" }), MONTHS);
      await checkTimes(service, begun);
    });
  }, { latency: { open_library: { min_ms: 5, max_ms: 30 } } });
  return books!;
}

/** Asks again while the service has no connection to answer with, as clients do. */
async function ask(
  { call }: TestApp,
  path: string,
  body?: unknown,
): Promise<Awaited<ReturnType<TestApp["call"]>>> {
  while (true) {
    const answer = await call(`${INTERNAL}/${path}`, body);
    if (answer.status !== 503) return answer;
    await systemClock.sleep(50);
  }
}

async function schedule(service: TestApp): Promise<void> {
  await ask(service, "seed-backfill-queue", { year_start: 2012, year_end: 2012 });
  const { status, body } = await ask(service, "schedule-backfill", { batch_size: MONTHS });
  assertEquals([status, body.months_selected], [200, MONTHS], JSON.stringify(body));
}

async function untilDone({ app }: TestApp, watchUrl: string): Promise<BooksOfAYear> {
  const { sql, close } = await openServerDatabase(watchUrl, { maxConnections: 1 });
  const startMs = systemClock.monotonicMs();
  try {
    while (true) {
      const [row] = await sql`
        SELECT count(*) FILTER (WHERE status IN ('processing', 'retry'))::int AS open
        FROM backfill_log`;
      if (row!.open === 0) return await readBooks(sql);
      if (systemClock.monotonicMs() - startMs > LIMIT_MS) {
        throw new Error(`${row!.open} months are still under way`);
      }
      // As the cron does it: a round that fails is followed by the next one.
      await Promise.allSettled([app.rescue()]);
      await systemClock.sleep(50);
    }
  } finally {
    await close();
  }
}

async function checkTimes(service: TestApp, begun: Date): Promise<void> {
  const { body } = await ask(service, "backfill-stats");
  assertEquals(body.by_status.completed, MONTHS);
  const ended = systemClock.now();
  for (const { started_at, completed_at } of body.recent_activity) {
    const times = [begun, new Date(started_at), new Date(completed_at), ended];
    const inOrder = times.toSorted((a, b) => a.getTime() - b.getTime());
    assertEquals(times, inOrder, `${started_at} – ${completed_at}`);
  }
}

async function readBooks(sql: Database["sql"]): Promise<BooksOfAYear> {
  const [months, candidates, works, queued] = await Promise.all([
    sql`SELECT year, month, status, retry_count, books_generated, isbns_resolved, gemini_calls
      FROM backfill_log ORDER BY year, month`,
    sql`SELECT l.month, c.title, c.author, c.verdict, c.isbn13, c.month_fit
      FROM candidate c JOIN backfill_log l ON l.id = c.month_id
      ORDER BY l.month, c.title COLLATE "C", c.author COLLATE "C"`,
    sql`SELECT w.title, w.identity_key, w.first_published_year, w.first_published_month,
        w.first_published_day, w.is_synthetic, w.completeness,
        ARRAY(SELECT e.isbn13 FROM edition e WHERE e.work_id = w.id ORDER BY e.isbn13) AS isbns,
        ARRAY(SELECT a.name_key FROM work_author wa JOIN author a ON a.id = wa.author_id
          WHERE wa.work_id = w.id ORDER BY wa.position) AS authors
      FROM work w ORDER BY w.identity_key COLLATE "C"`,
    sql`SELECT isbn13, status FROM enrichment_queue ORDER BY isbn13 COLLATE "C"`,
  ]);
  const plain = (rows: readonly object[]): unknown[] => rows.map((row) => ({ ...row }));
  return {
    months: plain(months),
    candidates: plain(candidates),
    works: plain(works),
    queued: plain(queued),
  };
}
