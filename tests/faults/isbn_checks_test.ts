import { assert, assertEquals, assertGreater, assertMatch } from "@std/assert";
import { listOpenAlerts } from "../../src/database/alerts.ts";
import type { Database } from "../../src/database/connection.ts";
import { buildPrompt } from "../../src/domain/prompt.ts";
import { DATABASE_KINDS } from "../support/databases.ts";
import { experiment, GEMINI } from "../support/experiments.ts";
import { type SecondOpinion, startSecondOpinion } from "../support/second_opinion.ts";
import { startService } from "../support/service_process.ts";
import { type TestApp, type TestPlace, withApp, withPlace } from "../support/test_app.ts";

const SEED = "/api/internal/seed-backfill-queue";
const SCHEDULE = "/api/internal/schedule-backfill";

/** Registers a test with a place whose ISBNdb is the test's own, on each kind of database. */
function opinionTest(
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

async function seed({ call }: Pick<TestApp, "call">): Promise<void> {
  await call(SEED, { year_start: 2012, year_end: 2012 });
}

async function storedIsbns(sql: Database["sql"], state?: string): Promise<string[]> {
  const rows = await sql<{ isbn13: string }[]>`
    SELECT isbn13 FROM edition
    ${state === undefined ? sql`` : sql`WHERE check_state = ${state}`} ORDER BY isbn13`;
  return rows.map(({ isbn13 }) => isbn13);
}

/** No ISBN is stored that was neither shown to the second opinion nor is marked as waiting for it. */
async function assertAllAccountedFor(sql: Database["sql"], opinion: SecondOpinion): Promise<void> {
  const waiting = await storedIsbns(sql, "waiting");
  const asked = new Set(opinion.asked.flat());
  for (const isbn13 of await storedIsbns(sql)) {
    assert(asked.has(isbn13) || waiting.includes(isbn13), `${isbn13} was never checked`);
  }
}

/** Nothing that is stored says this ISBN, and every count is that of what is stored. */
async function assertTakenBack(sql: Database["sql"], isbn13: string): Promise<void> {
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

/** Has the same answer remembered for several months of 2012: they will name the same books. */
async function rememberForMonths(sql: Database["sql"], months: readonly number[]): Promise<void> {
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

opinionTest(
  "a kill between decision and check leaves no ISBN unchecked",
  async (place, opinion) => {
    opinion.mode = "holds";
    const first = await startService(place);
    await first.call(SEED, { year_start: 2012, year_end: 2012 });
    await first.call(SCHEDULE, { months: ["2012-03", "2012-04"] });
    await opinion.arrived(2);
    first.kill("SIGKILL");
    await first.ended();
    const shown = opinion.asked.flat();
    assertGreater(shown.length, 10);
    opinion.disowned.add(shown[0]!);
    opinion.release();
    await withApp(place, async ({ sql, settled }) => {
      await settled();
      assertGreater((await storedIsbns(sql)).length, 10);
      const again = new Set(opinion.asked.slice(2).flat());
      const unchecked = (await storedIsbns(sql)).filter((isbn13) => !again.has(isbn13));
      assertEquals(unchecked, [], "stored, but not checked by anybody who was heard");
      assertEquals(await storedIsbns(sql, "checked"), await storedIsbns(sql));
      await assertTakenBack(sql, shown[0]!);
    });
  },
);

opinionTest(
  "ISBNs wait while nobody can check them, and are checked when somebody can",
  async (place, opinion) => {
    opinion.mode = "fails";
    await withApp(place, async (service) => {
      const { sql, call, settled } = service;
      await seed(service);
      await call(SCHEDULE, { months: ["2012-03", "2012-04"] });
      await settled();
      const stored = await storedIsbns(sql);
      assertGreater(stored.length, 10);
      assertEquals(await storedIsbns(sql, "waiting"), stored);
      const [held] = await sql`SELECT count(*)::int AS count FROM enrichment_queue
        WHERE status = 'held'`;
      assertEquals(held!.count, stored.length, "nothing unchecked is handed out");
      const { body } = await call("/api/internal/backfill-stats");
      assertEquals([body.isbn_checks.waiting, body.isbn_checks.checked], [stored.length, 0]);
      const explained = await call(`/api/internal/explain?about=${stored[0]}`);
      assertEquals(explained.body.books[0].edition.check_state, "waiting");
      const [before] = await sql`SELECT sum(isbns_resolved)::int AS resolved,
        sum(isbns_queued)::int AS queued FROM backfill_log`;
      assertEquals([before!.resolved, before!.queued], [stored.length, stored.length]);

      opinion.release();
      const [wrong, otherWrong] = stored;
      opinion.disowned.add(wrong!).add(otherWrong!);
      // What another process has left behind of the outage; the breaker of this one is new.
      await sql`DELETE FROM provider_health`;
    });
    await withApp(place, async (service) => {
      const { sql, call } = service;
      const stored = await storedIsbns(sql);
      assertEquals(await storedIsbns(sql, "waiting"), []);
      const [wrong, otherWrong] = [...opinion.disowned];
      for (const isbn13 of [wrong!, otherWrong!]) await assertTakenBack(sql, isbn13);
      await assertAllAccountedFor(sql, opinion);
      const [queue] = await sql`SELECT count(*)::int AS count FROM enrichment_queue
        WHERE status = 'pending'`;
      assertEquals(queue!.count, stored.length);
      const named = await sql`SELECT c.title, w.title AS stored FROM candidate c
        JOIN work w ON w.id = c.work_id WHERE w.is_synthetic AND c.verdict = 'ambiguous'`;
      assertGreater(named.length, 1);
      named.forEach(({ title, stored }) => assertEquals(stored, title));
      const missing = await call(`/api/internal/explain?about=${wrong}`);
      assertEquals(missing.status, 404);
    });
  },
);

opinionTest(
  "a month that finds what another is just having checked has it checked too",
  async (place, opinion) => {
    await withApp(place, async (service) => {
      const { sql, call, settled } = service;
      await seed(service);
      // An answer to share, whose books are forgotten again.
      await call(SCHEDULE, { months: ["2012-03"] });
      await settled();
      await rememberForMonths(sql, [5]);
      await sql`TRUNCATE work, author, work_author, edition, candidate, enrichment_queue, resolution,
        evidence`;
      await sql`UPDATE backfill_log SET status = 'pending', started_at = NULL, completed_at = NULL,
        books_generated = 0, isbns_resolved = 0, isbns_queued = 0 WHERE month = 3`;
    });
    const before = opinion.asked.length;
    opinion.mode = "holds";
    await withApp(place, async ({ sql, call, settled }) => {
      await call(SCHEDULE, { months: ["2012-03"] });
      await opinion.arrived(before + 1);
      await call(SCHEDULE, { months: ["2012-05"] });
      await opinion.arrived(before + 2);
      const [wrong] = opinion.asked.at(-1)!;
      opinion.disowned.add(wrong!);
      opinion.release();
      await settled();
      assertGreater((await storedIsbns(sql)).length, 5);
      assertEquals(await storedIsbns(sql, "checked"), await storedIsbns(sql));
      await assertAllAccountedFor(sql, opinion);
      await assertTakenBack(sql, wrong!);
    });
  },
);

opinionTest("a month that meets a waiting ISBN again has it checked", async (place, opinion) => {
  opinion.mode = "fails";
  await withApp(place, async (service) => {
    await seed(service);
    await service.call(SCHEDULE, { months: ["2012-03"] });
    await service.settled();
    await rememberForMonths(service.sql, [5]);
    await service.sql`DELETE FROM provider_health`;
  });
  const [wrong] = opinion.asked[0]!;
  opinion.disowned.add(wrong!);
  await withApp(place, async ({ sql, app, call, quiet }) => {
    // The round of checks at the start of the process has been in vain.
    assertGreater((await storedIsbns(sql, "waiting")).length, 0);
    await sql`DELETE FROM provider_health`;
    opinion.release();
    await call(SCHEDULE, { months: ["2012-05"] });
    await quiet();
    const [may] = await sql`SELECT count(*)::int AS count FROM candidate c
      JOIN backfill_log l ON l.id = c.month_id WHERE l.month = 5 AND c.isbn13 = ${wrong!}`;
    assertEquals(may!.count, 0, "what waits is no proof");
    await app.rescue();
    assertEquals(await storedIsbns(sql, "waiting"), []);
    await assertTakenBack(sql, wrong!);
  });
});

opinionTest(
  "an operator is told when the wait lasts, and when it is over",
  async (place, opinion) => {
    opinion.mode = "fails";
    await withApp(place, async (service) => {
      const { sql, app, call, settled } = service;
      await seed(service);
      await call(SCHEDULE, { months: ["2012-03"] });
      await settled();
      await app.rescue();
      assertEquals((await listOpenAlerts(sql)).length, 0);
      await sql`UPDATE edition SET check_waits_since = check_waits_since - interval '2 hours'`;
      await app.rescue();
      const [alert, ...others] = await listOpenAlerts(sql);
      assertEquals([alert?.kind, alert?.subject, others.length], ["isbns_unchecked", "isbndb", 0]);
      assertMatch(alert!.cause, /wait.* since .*isbndb/);
      opinion.release();
      await sql`DELETE FROM provider_health`;
    });
    await withApp(place, async ({ sql }) => {
      assertEquals((await listOpenAlerts(sql)).length, 0);
      assertEquals(await storedIsbns(sql, "waiting"), []);
    });
  },
);

opinionTest("a spent quota is waited for until its day is over", async (place, opinion) => {
  opinion.mode = "is spent";
  await withApp(place, async (service) => {
    const { sql, app, call, settled } = service;
    await seed(service);
    await call(SCHEDULE, { months: ["2012-03"] });
    await settled();
    const [month] = await sql`SELECT status, isbns_resolved FROM backfill_log WHERE month = 3`;
    assertEquals(month!.status, "completed");
    assertEquals((await storedIsbns(sql, "waiting")).length, month!.isbns_resolved);
    const shift = async (hours: number) => {
      await sql`UPDATE edition SET check_waits_since = now() - make_interval(hours => ${hours})`;
      await app.rescue();
      return (await listOpenAlerts(sql)).length;
    };
    assertEquals(await shift(20), 0);
    assertEquals(await shift(26), 1);
    assertEquals(opinion.asked.length, 1, "nobody is asked whose day is spent");
  });
});

opinionTest("an experiment stores no ISBN that could not be checked", async (place, opinion) => {
  opinion.mode = "fails";
  await withApp(place, async (service) => {
    const asked = { months: "2012-03", models: [GEMINI], isStoring: true };
    const { results: [silent] } = await experiment(service, asked);
    assertEquals(await storedIsbns(service.sql), []);
    assertGreater(silent!.unavailable, 5);
    assertEquals([silent!.resolved, silent!.books_stored], [0, 0]);

    opinion.release();
    await service.sql`DELETE FROM provider_health`;
    const { results: [heard] } = await experiment(service, asked);
    assertEquals(heard!.resolved, silent!.unavailable);
    assertEquals(await storedIsbns(service.sql, "checked"), [...heard!.isbns].toSorted());
  });
});
