// About keep_result.ts, run_experiment.ts
import { assert, assertEquals, assertGreater } from "@std/assert";
import { seedMonths } from "../../src/database/months/months.ts";
import type { ExperimentResult } from "../../src/domain/experiments/experiment_result.ts";
import { AppError } from "../../src/errors.ts";
import { readVariantStats } from "../../src/stats/variant_stats.ts";
import { contents, experiment, GROK, makeMonths } from "../support/books/experiments.ts";
import { appTest, type TestApp } from "../support/service/test_app.ts";

const MONTHS = ["backfill_log", "backfill_attempt", "candidate", "control", "alert"];
const BOOKS = ["work", "author", "work_author", "edition", "enrichment_queue"];

/** Every ISBN of the results, once. */
function isbnsOf(results: readonly ExperimentResult[]): string[] {
  return [...new Set(results.flatMap(({ isbns }) => isbns))].toSorted();
}

async function storedIsbns({ sql }: TestApp): Promise<string[]> {
  const rows = await sql<{ isbn13: string }[]>`
    SELECT isbn13 FROM edition WHERE month_id IS NOT NULL ORDER BY isbn13`;
  return rows.map(({ isbn13 }) => isbn13);
}

async function countWorks({ sql }: TestApp): Promise<{ confirmed: number; synthetic: number }> {
  const [row] = await sql<{ confirmed: number; synthetic: number }[]>`
    SELECT count(*) FILTER (WHERE NOT is_synthetic)::int AS confirmed,
      count(*) FILTER (WHERE is_synthetic)::int AS synthetic
    FROM work`;
  return { ...row! };
}

appTest("an experiment that stores adds what it confirmed and nothing else", async (service) => {
  service.simulator.faults.add({ service: "xai", kind: "unknown_titles" });
  await seedMonths(service.sql, { yearStart: 2012, yearEnd: 2012 });
  const before = await contents(service, MONTHS);
  const { results, stored } = await experiment(service, {
    months: "2012-03..2012-04",
    models: ["gemini", GROK],
    isStoring: true,
  });
  assert(results.some(({ not_found }) => not_found > 0));
  assertGreater(isbnsOf(results).length, 20);
  assertEquals(await storedIsbns(service), isbnsOf(results));
  const works = await countWorks(service);
  assertEquals(works.synthetic, 0);
  assertEquals(stored, {
    books_new: works.confirmed,
    books_known: 0,
    isbns_new: isbnsOf(results).length,
  });
  const inventor = results.filter(({ generator }) => generator === "xai");
  assertEquals(inventor.map(({ books_stored, isbns_stored }) => [books_stored, isbns_stored]), [
    [0, 0],
    [0, 0],
  ]);
  const [bare] = await service.sql`
    SELECT count(*)::int AS editions FROM edition e
    WHERE NOT EXISTS (SELECT 1 FROM enrichment_queue q WHERE q.isbn13 = e.isbn13)
      OR NOT EXISTS (SELECT 1 FROM evidence v WHERE v.resolution_key = e.resolution_key)
      OR NOT EXISTS (SELECT 1 FROM work_author a WHERE a.work_id = e.work_id)`;
  assertEquals(bare!.editions, 0);
  assertEquals(await contents(service, MONTHS), before);
  const [kept] = await service.sql`
    SELECT sum(books_stored)::int AS books, sum(isbns_stored)::int AS isbns FROM experiment_result`;
  assertEquals([kept!.books, kept!.isbns], [stored!.books_new, stored!.isbns_new]);
});

appTest("storing afterwards is free, and storing again stores nothing", async (service) => {
  const asked = { months: "2012-03", models: ["gemini", GROK] };
  const first = await experiment(service, asked);
  assertEquals([first.stored, await storedIsbns(service)], [null, []]);
  const calls = service.simulator.journal.count();

  const second = await experiment(service, { ...asked, isStoring: true });
  assertEquals([service.simulator.journal.count(), second.spent_usd], [calls, 0]);
  assertEquals(await storedIsbns(service), isbnsOf(first.results));
  const books = await contents(service, BOOKS);

  const third = await experiment(service, { ...asked, isStoring: true });
  assertEquals(await contents(service, BOOKS), books);
  assertEquals(service.simulator.journal.count(), calls);
  const { confirmed } = await countWorks(service);
  assertEquals(third.stored, { books_new: 0, books_known: confirmed, isbns_new: 0 });
  const { experiments } = await readVariantStats(service.sql);
  assertEquals(experiments.reduce((sum, one) => sum + one.stored, 0), confirmed);
});

appTest(
  "a month finds what an experiment stored, and is told as if it had not",
  async (service) => {
    const { results } = await experiment(service, {
      months: "2012-03",
      models: ["gemini"],
      isStoring: true,
    });
    const [result] = results;
    const works = await countWorks(service);
    await makeMonths(service, ["2012-03"]);
    const [month] = await service.sql`
    SELECT books_generated, isbns_resolved, isbns_queued, retry_count FROM backfill_log
    WHERE status = 'completed'`;
    assertEquals({ ...month }, {
      books_generated: result!.books,
      isbns_resolved: result!.resolved,
      isbns_queued: isbnsOf(results).length,
      retry_count: 0,
    });
    assertEquals((await countWorks(service)).confirmed, works.confirmed);
    const placed = await service.sql`
    SELECT DISTINCT placement FROM candidate WHERE verdict = 'found'`;
    assertEquals(placed.map(({ placement }) => placement), ["known"]);
    assertEquals(await storedIsbns(service), isbnsOf(results));

    // The other way round: what the month stored is there for the experiment, and stays the month's.
    const before = await contents(service, [...MONTHS, ...BOOKS]);
    const { stored } = await experiment(service, {
      months: "2012-03",
      models: ["gemini"],
      isStoring: true,
    });
    assertEquals(stored, { books_new: 0, books_known: works.confirmed, isbns_new: 0 });
    assertEquals(await contents(service, [...MONTHS, ...BOOKS]), before);
  },
);

appTest("an interrupted experiment has stored the books of its results", async (service) => {
  const controller = new AbortController();
  const { results, stored } = await experiment(service, {
    months: "2012-01..2012-04",
    models: ["gemini"],
    isStoring: true,
    concurrency: 1,
    signal: controller.signal,
    onResult: () => controller.abort(new AppError("SHUTTING_DOWN", "Interrupted")),
  });
  assertEquals(results.length, 1);
  assertGreater(stored!.books_new, 5);
  assertEquals(await storedIsbns(service), isbnsOf(results));
});

appTest("months that run meanwhile are not harmed, and no book is there twice", async (service) => {
  const months = ["2012-01", "2012-02", "2012-03", "2012-04", "2012-05", "2012-06"];
  await seedMonths(service.sql, { yearStart: 2012, yearEnd: 2012 });
  const [{ results, stop, stored }] = await Promise.all([
    experiment(service, {
      months: "2012-01..2012-06",
      models: ["gemini", GROK],
      isStoring: true,
      concurrency: 6,
    }),
    makeMonths(service, months),
  ]);
  assertEquals([stop, results.length], [null, 12]);
  const attempts = await service.sql`SELECT outcome, error_code FROM backfill_attempt`;
  assertEquals(
    attempts.map(({ outcome, error_code }) => [outcome, error_code]),
    months.map(() => ["completed", null]),
  );
  const { confirmed } = await countWorks(service);
  assertEquals(stored!.books_new + stored!.books_known, await namedWorks(service));
  assertGreater(confirmed, 50);
  const doubled = await service.sql`
    SELECT title_key, author_key FROM work WHERE NOT is_synthetic
    GROUP BY title_key, author_key HAVING count(*) > 1`;
  assertEquals(doubled.length, 0);
  const known = new Set(await storedIsbns(service));
  assertEquals(isbnsOf(results).filter((isbn13) => !known.has(isbn13)), []);
});

/** Works that results of experiments name. */
async function namedWorks({ sql }: TestApp): Promise<number> {
  const [row] = await sql<{ works: number }[]>`
    SELECT count(DISTINCT e.work_id)::int AS works
    FROM experiment_result r CROSS JOIN LATERAL unnest(r.isbns) AS isbn
      JOIN edition e ON e.isbn13 = isbn`;
  return row!.works;
}
