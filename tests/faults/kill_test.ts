import { assert, assertEquals, assertGreater, assertLessOrEqual } from "@std/assert";
import { systemClock } from "../../src/clock.ts";
import type { Database } from "../../src/database/connection/connection.ts";
import { openEmbeddedDatabase } from "../../src/database/embedded/embedded_database.ts";
import { openServerDatabase } from "../../src/database/server/server_database.ts";
import { DATABASE_KINDS } from "../support/postgres/databases.ts";
import { monthStatuses } from "../support/months/service_months.ts";
import { startService } from "../support/service/service_process.ts";
import { type TestPlace, withApp, withPlace } from "../support/service/test_app.ts";
import { findAskedAgain, noteStoredAnswers } from "./asked_again.ts";

/** 20 is what the promise is about; fewer keep the everyday run short. */
const KILLS = Number(Deno.env.get("KILLS") ?? 5);
const MONTHS = 24;
const LONGEST_LIFE_MS = 1_500;
const FINISH_LIMIT_MS = 240_000;

/** Slow enough that the kills fall into the work. */
const latency = {
  gemini: { min_ms: 100, max_ms: 500 },
  open_library: { min_ms: 20, max_ms: 80 },
  isbndb: { min_ms: 20, max_ms: 80 },
};
/**
 * One resolver after the other: side by side, the first safe answer decides, and two runs may settle
 * on different editions of the same book.
 */
const settings = {
  MONTH_CONCURRENCY: "3",
  BOOK_CONCURRENCY: "4",
  RESOLVERS: "open_library,google_books,isbndb",
};
const BOOKS_AT_ONCE = 3 * 4;
/** A search that found nothing is tried in other words. */
const REQUESTS_PER_BOOK = 3;
const request = { batch_size: MONTHS, year_range: { start: 2011, end: 2012 } };
const seed = { year_start: 2011, year_end: 2012 };

for (const kind of DATABASE_KINDS) {
  Deno.test({
    name:
      `${MONTHS} months survive ${KILLS} kills with nothing lost, doubled or paid twice [${kind}]`,
    sanitizeOps: false,
    sanitizeResources: false,
    fn: async () => {
      const undisturbed = await runUndisturbed(kind);
      await withPlace(kind, async (place) => {
        await withDatabaseOf(place, noteStoredAnswers);
        await sufferKills(place);
        await finish(place);
        await withDatabaseOf(place, async (database) => {
          await checkLog(database);
          await checkGenerations(database, place);
          assertEquals(await booksOf(database), undisturbed);
          await checkResolutions(database, place);
        });
      }, { latency, settings });
    },
  });
}

async function runUndisturbed(kind: Database["kind"]): Promise<string[]> {
  let books: string[] = [];
  await withPlace(kind, (place) =>
    withApp(place, async ({ app, call, settled }) => {
      await call("/api/internal/seed-backfill-queue", seed);
      await call("/api/internal/schedule-backfill", request);
      await settled();
      books = await booksOf(app.scheduler.database);
    }), { settings });
  return books;
}

async function sufferKills(place: TestPlace): Promise<void> {
  let service = await startService(place);
  await service.call("/api/internal/seed-backfill-queue", seed);
  await service.call("/api/internal/schedule-backfill", request);
  for (let kill = 1; kill <= KILLS; kill++) {
    await systemClock.sleep(Math.random() * LONGEST_LIFE_MS);
    service.kill("SIGKILL");
    await service.ended();
    if (kill < KILLS) service = await startService(place);
  }
}

/** Starts once more and waits until every month has ended; then stops as an operator would. */
async function finish(place: TestPlace): Promise<void> {
  const service = await startService(place);
  const start = systemClock.monotonicMs();
  let statuses: Record<string, number> = {};
  while (systemClock.monotonicMs() - start < FINISH_LIMIT_MS) {
    statuses = await monthStatuses(service);
    if (statuses.completed! + statuses.failed! === MONTHS) break;
    await systemClock.sleep(200);
  }
  service.kill("SIGTERM");
  const { code, stderr } = await service.ended();
  assertEquals(statuses.completed, MONTHS, `${JSON.stringify(statuses)}\n${stderr}`);
  assertEquals(code, 0, stderr);
}

async function withDatabaseOf(
  { kind, dataDir, environment }: TestPlace,
  body: (database: Database) => Promise<void>,
): Promise<void> {
  const database = kind === "embedded"
    ? await openEmbeddedDatabase(`${dataDir}/postgres`)
    : await openServerDatabase(environment.DATABASE_URL!);
  try {
    await body(database);
  } finally {
    await database.close();
  }
}

async function checkLog({ sql }: Database): Promise<void> {
  const months = await sql`SELECT * FROM backfill_log`;
  assertEquals(months.length, MONTHS);
  for (const month of months) {
    assert(month.completed_at >= month.started_at);
    assert(month.isbns_queued <= month.isbns_resolved);
    assert(month.isbns_resolved <= month.books_generated);
  }
  const [open] =
    await sql`SELECT count(*)::int AS open FROM backfill_attempt WHERE ended_at IS NULL`;
  assertEquals(open!.open, 0);
}

/** No generator was asked again about a month after its answer had been stored. */
async function checkGenerations({ sql }: Database, { simulator }: TestPlace): Promise<void> {
  const stored = await sql<{ month: string; created_at: Date }[]>`
    SELECT to_char(make_date(l.year, l.month, 1), 'YYYY-MM') AS month, g.created_at
    FROM generation g JOIN backfill_log l ON l.id = g.month_id`;
  assertEquals(stored.length, MONTHS);
  for (const { month, created_at } of stored) {
    const late = simulator.journal.entries({ service: "gemini", month })
      .filter(({ at }) => Date.parse(at) > created_at.getTime());
    assertEquals(late, [], `${month} was asked again after its answer was stored`);
  }
}

/**
 * No resolver was asked again about a book after its answer had been stored. An answer is stored as it
 * comes, so a kill loses no more of them than there were books under way.
 */
async function checkResolutions(database: Database, { simulator }: TestPlace): Promise<void> {
  const { book_count, after_stored, repeated_count } = await findAskedAgain(database, simulator);
  assertGreater(book_count, 10 * MONTHS);
  assertEquals(after_stored, []);
  assertLessOrEqual(repeated_count, KILLS * BOOKS_AT_ONCE * REQUESTS_PER_BOOK);
}

/** Every stored edition with its work, in order: equal lists mean nothing lost and nothing doubled. */
async function booksOf({ sql }: Database): Promise<string[]> {
  const rows = await sql<{ book: string }[]>`
    SELECT w.title || ' / ' || w.author_key || ' / ' || coalesce(e.isbn13, 'none') AS book
    FROM work w LEFT JOIN edition e ON e.work_id = w.id
    ORDER BY 1`;
  return rows.map(({ book }) => book);
}
