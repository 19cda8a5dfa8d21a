import { NO_SERIES } from "../../src/domain/series/series_fields.ts";
import { assert, assertEquals } from "@std/assert";
import { systemClock } from "../../src/clock.ts";
import type { Database, Queryable } from "../../src/database/connection/connection.ts";
import { startExperiment } from "../../src/database/experiments/experiments.ts";
import { seedMonths } from "../../src/database/months/months.ts";
import { startRun } from "../../src/database/scheduling/runs.ts";
import { lockBooks } from "../../src/database/catalogue/works.ts";
import { tallyBooks } from "../../src/domain/generation/book_tally.ts";
import type { PartialDate } from "../../src/domain/months/partial_date.ts";
import { createLog } from "../../src/log.ts";
import { dedupeCandidates } from "../../src/catalogue/dedupe_candidates.ts";
import { keepResult, type KeptResult } from "../../src/experiments/keep_result.ts";
import { storeCandidates } from "../../src/catalogue/store_candidates.ts";
import type { VerifiedCandidate } from "../../src/domain/matching/candidate.ts";
import { verifyCandidates } from "../../src/resolution/verify_candidates.ts";
import { experimentResult } from "../support/books/experiment_result.ts";
import { DATABASE_KINDS, databaseTest, withDatabase } from "../support/postgres/databases.ts";
import { found as foundIn, ISBN, OTHER_ISBN, record } from "../support/books/match_records.ts";

const MARCH = { year: 2012, month: 3, day: 6 };
const FEBRUARY = { year: 2012, month: 2, day: null };

interface Found {
  readonly isbn13: string;
  readonly published: PartialDate;
}

/** The Salt Ledger as a catalogue confirms it, or as nobody could confirm it. */
async function saltLedger(
  sql: Queryable,
  { found, month }: { found: Found | null; month: number },
): Promise<VerifiedCandidate[]> {
  const named = {
    title: "The Salt Ledger",
    author: "Mara Quill",
    ...NO_SERIES,
    month,
    named_by: ["gemini" as const],
    resolution_key: "key",
    unavailable: [],
    check_state: "checked" as const,
  };
  const decision = found === null
    ? { kind: "not_found" as const, considered: [] }
    : foundIn(record("google_books", { ...found, binding: "hardcover" }));
  return await verifyCandidates(sql, {
    month: { year: 2012, month },
    candidates: [{ ...named, decision }],
  });
}

async function idOf(sql: Queryable, month: number): Promise<number> {
  await seedMonths(sql, { yearStart: 2012, yearEnd: 2012 });
  const [row] = await sql<{ id: number }[]>`SELECT id FROM backfill_log WHERE month = ${month}`;
  return row!.id;
}

/** A month of 2012 names the book, as the month job does. */
async function nameInMonth(
  { sql }: Database,
  { month, found }: { month: number; found: Found | null },
): Promise<void> {
  const monthId = await idOf(sql, month);
  await sql.begin(async (tx) => {
    const candidates = await dedupeCandidates(tx, await saltLedger(tx, { found, month }));
    await storeCandidates(tx, { monthId, month: { year: 2012, month }, candidates, at: null });
  });
}

/** An experiment on March 2012 names the book and is to store it. */
async function nameInExperiment(database: Database, found: Found | null): Promise<KeptResult> {
  const { sql } = database;
  const candidates = await saltLedger(sql, { found, month: 3 });
  const runId = await startRun(sql, { startedBy: "experiment", maxCostUsd: 1, at: null });
  const { id } = await startExperiment(sql, { runId, startedBy: "test", at: null });
  return await keepResult({ database, clock: systemClock, log: createLog() }, {
    experimentId: id,
    monthId: await idOf(sql, 3),
    isStoring: true,
    answer: {
      candidates,
      result: experimentResult({
        ...tallyBooks(candidates),
        isbns: found === null ? [] : [found.isbn13],
      }),
    },
  });
}

/** What the catalogue holds, and what the months say of it. */
async function state(sql: Queryable) {
  const works = await sql`
    SELECT is_synthetic, first_published_month AS month,
      array(SELECT isbn13 FROM edition e WHERE e.work_id = w.id ORDER BY isbn13) AS isbns
    FROM work w ORDER BY id`;
  const candidates = await sql`
    SELECT l.month, c.verdict, c.placement, c.month_fit
    FROM candidate c JOIN backfill_log l ON l.id = c.month_id ORDER BY l.month`;
  return {
    works: works.map((row) => ({ ...row })),
    candidates: candidates.map((row) => Object.values(row)),
  };
}

databaseTest(
  "keepResult() keeps a book nobody could confirm out of the catalogue",
  async (database) => {
    const { result } = await nameInExperiment(database, null);
    assertEquals([result.books_stored, result.isbns_stored, result.not_found], [0, 0, 1]);
    assertEquals((await state(database.sql)).works, []);
  },
);

databaseTest(
  "keepResult() confirms a synthetic work and leaves its month as it is",
  async (database) => {
    await nameInMonth(database, { month: 3, found: null });
    const { candidates } = await state(database.sql);
    const { result } = await nameInExperiment(database, { isbn13: ISBN, published: MARCH });
    assertEquals([result.books_stored, result.isbns_stored], [1, 1]);
    assertEquals(await state(database.sql), {
      works: [{ is_synthetic: false, month: 3, isbns: [ISBN] }],
      candidates,
    });
  },
);

databaseTest("keepResult() leaves the date of a work that a month has named", async (database) => {
  await nameInMonth(database, { month: 3, found: { isbn13: ISBN, published: MARCH } });
  const { candidates } = await state(database.sql);
  const { result } = await nameInExperiment(database, { isbn13: OTHER_ISBN, published: FEBRUARY });
  assertEquals([result.books_stored, result.isbns_stored], [0, 1]);
  assertEquals(await state(database.sql), {
    works: [{ is_synthetic: false, month: 3, isbns: [ISBN, OTHER_ISBN] }],
    candidates,
  });
});

databaseTest(
  "keepResult() corrects the date of a work that only experiments named",
  async (database) => {
    await nameInExperiment(database, { isbn13: ISBN, published: MARCH });
    await nameInExperiment(database, { isbn13: ISBN, published: FEBRUARY });
    assertEquals((await state(database.sql)).works, [
      { is_synthetic: false, month: 2, isbns: [ISBN] },
    ]);
    // A month that names it later fits by what is known by then.
    await nameInMonth(database, { month: 3, found: { isbn13: ISBN, published: MARCH } });
    assertEquals((await state(database.sql)).candidates, [[3, "found", "known", "in_year"]]);
  },
);

Deno.test({
  name: "keepResult() waits for a month that is being recorded before it locks a book",
  // One connection cannot wait for itself, so there is nothing to see without a server.
  ignore: !DATABASE_KINDS.includes("server"),
  fn: () =>
    withDatabase("server", async (database) => {
      const { sql } = database;
      const monthId = await idOf(sql, 3);
      const { kept } = await sql.begin(async (tx) => {
        await tx`SELECT 1 FROM backfill_log WHERE id = ${monthId} FOR UPDATE`;
        const [own] = await tx<{ pid: number }[]>`SELECT pg_backend_pid() AS pid`;
        const kept = nameInExperiment(database, { isbn13: ISBN, published: MARCH });
        kept.catch(() => {}); // awaited below, once this transaction has let it go on
        await untilBlockedBy(sql, own!.pid);
        // What the month does next. Held by the experiment, these would make both wait for ever.
        await lockBooks(tx, [ISBN]);
        const [book] = await tx`
          SELECT count(*)::int AS held FROM pg_locks
          WHERE locktype = 'advisory' AND pid = ANY(
            SELECT pid FROM pg_stat_activity WHERE ${own!.pid} = ANY(pg_blocking_pids(pid)))`;
        assertEquals(book!.held, 0);
        return { kept };
      });
      assertEquals((await kept).result.books_stored, 1);
    }),
});

/** Resolves when another connection waits for a lock the one of `pid` holds. */
async function untilBlockedBy(sql: Queryable, pid: number): Promise<void> {
  const deadline = systemClock.monotonicMs() + 30_000;
  while (systemClock.monotonicMs() < deadline) {
    const [row] = await sql<{ waiting: number }[]>`
      SELECT count(*)::int AS waiting FROM pg_stat_activity
      WHERE ${pid} = ANY(pg_blocking_pids(pid))`;
    if (row!.waiting > 0) return;
    await systemClock.sleep(10);
  }
  assert(false, "nobody came to wait");
}
