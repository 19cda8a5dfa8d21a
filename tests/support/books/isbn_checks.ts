import { assert, assertEquals, assertMatch } from "@std/assert";
import { systemClock } from "../../../src/clock.ts";
import type { Database } from "../../../src/database/connection/connection.ts";
import { buildPrompt } from "../../../src/domain/generation/prompt.ts";
import { DATABASE_KINDS } from "../postgres/databases.ts";
import { type SecondOpinion, startSecondOpinion } from "./second_opinion.ts";
import { type TestApp, type TestPlace, withPlace } from "../service/test_app.ts";

export const SEED = "/api/internal/seed-backfill-queue";
export const SCHEDULE = "/api/internal/schedule-backfill";

/** Registers a test with a place whose ISBNdb is the test's own, on each kind of database. */
export function opinionTest(
  name: string,
  body: (place: TestPlace, opinion: SecondOpinion) => Promise<void>,
): void {
  for (const kind of DATABASE_KINDS) {
    Deno.test({
      name: `${name} [${kind}]`,
      sanitizeOps: false,
      sanitizeResources: false,
      fn: async () => {
        await using opinion = startSecondOpinion();
        await withPlace(kind, (place) => body(place, opinion), {
          settings: { ISBNDB_BASE_URL: opinion.url, RETRY_BASE_SECONDS: "1" },
        });
      },
    });
  }
}

/** Fills the log with the months of 2012. */
export async function seed({ call }: Pick<TestApp, "call">): Promise<void> {
  await call(SEED, { year_start: 2012, year_end: 2012 });
}

/** The stored ISBNs, or those in this state of their check, in order. */
export async function storedIsbns(sql: Database["sql"], state?: string): Promise<string[]> {
  const rows = await sql<{ isbn13: string }[]>`
    SELECT isbn13 FROM edition
    ${state === undefined ? sql`` : sql`WHERE check_state = ${state}`} ORDER BY isbn13`;
  return rows.map(({ isbn13 }) => isbn13);
}

/** No ISBN is stored that was neither shown to the second opinion nor is marked as waiting for it. */
export async function assertAllAccountedFor(
  sql: Database["sql"],
  opinion: SecondOpinion,
): Promise<void> {
  const waiting = await storedIsbns(sql, "waiting");
  const asked = new Set(opinion.asked.flat());
  for (const isbn13 of await storedIsbns(sql)) {
    assert(asked.has(isbn13) || waiting.includes(isbn13), `${isbn13} was never checked`);
  }
}

/** Nothing that is stored says this ISBN, and every count is that of what is stored. */
export async function assertTakenBack(sql: Database["sql"], isbn13: string): Promise<void> {
  const [says] = await sql<
    { editions: number; candidates: number; queued: number; found: number }[]
  >`
    SELECT (SELECT count(*)::int FROM edition WHERE isbn13 = ${isbn13}) AS editions,
      (SELECT count(*)::int FROM candidate WHERE isbn13 = ${isbn13}) AS candidates,
      (SELECT count(*)::int FROM enrichment_queue WHERE isbn13 = ${isbn13}) AS queued,
      (SELECT count(*)::int FROM resolution WHERE isbn13 = ${isbn13}) AS found`;
  assertEquals({ ...says }, { editions: 0, candidates: 0, queued: 0, found: 0 });
  const [doubt] = await sql<{ decision: { reason: string } }[]>`
    SELECT decision FROM resolution WHERE decision ->> 'reason' LIKE ${`%${isbn13}%`}`;
  assertMatch(doubt!.decision.reason, /knows \d{13} as "Winter Arithmetic for Beginners"/);
  const wrong = await sql`
    SELECT l.month FROM backfill_log l WHERE l.status = 'completed' AND (
      l.isbns_resolved <> (SELECT count(*) FROM candidate c
        WHERE c.month_id = l.id AND c.verdict = 'found')
      OR l.isbns_queued <> (SELECT count(*) FROM enrichment_queue q WHERE q.month_id = l.id))`;
  assertEquals(wrong.length, 0, "counts differ from what is stored");
  const bare = await sql`
    SELECT title FROM work w WHERE is_synthetic = EXISTS (
      SELECT 1 FROM edition e WHERE e.work_id = w.id)`;
  assertEquals(bare.map(({ title }) => title), [], "works are confirmed by their editions");
}

/** Resolves when the month of 2012 has ended. */
export async function ended(sql: Database["sql"], month: number): Promise<void> {
  while (true) {
    const [row] = await sql`SELECT completed_at FROM backfill_log
      WHERE year = 2012 AND month = ${month}`;
    if (row!.completed_at !== null) return;
    await systemClock.sleep(20);
  }
}

/** Has the same answer remembered for several months of 2012: they will name the same books. */
export async function rememberForMonths(
  sql: Database["sql"],
  months: readonly number[],
): Promise<void> {
  const [march] = await sql<{ id: number }[]>`
    SELECT id FROM backfill_log WHERE year = 2012 AND month = 3`;
  for (const month of months.filter((month) => month !== 3)) {
    const { hash } = buildPrompt({
      month: { year: 2012, month },
      variant: "baseline",
      maxBooks: 20,
    });
    await sql`
      INSERT INTO generation (month_id, job_id, generator, model, prompt_variant, prompt_version,
        prompt_hash, answer, finish, created_at)
      SELECT (SELECT id FROM backfill_log WHERE year = 2012 AND month = ${month}), job_id, generator,
        model, prompt_variant, prompt_version, ${hash}, answer, finish, now()
      FROM generation WHERE month_id = ${march!.id}`;
  }
}
