import { assertEquals, assertMatch, assertNotEquals } from "@std/assert";
import { experiment, GEMINI } from "../support/books/experiments.ts";
import { databaseTest } from "../support/postgres/databases.ts";
import { storeFor } from "../support/books/store_for_month.ts";
import { appTest, type TestApp } from "../support/service/test_app.ts";

const ISBN = "9781402894626";
const MARCH = { months: ["2012-03"] };

async function run({ call, settled }: TestApp): Promise<void> {
  await call("/api/internal/seed-backfill-queue", { year_start: 2012, year_end: 2012 });
  const { body } = await call("/api/internal/schedule-backfill", MARCH);
  assertEquals(body.months_selected, 1);
  await settled();
}

interface Month {
  readonly status: string;
  readonly retry_count: number;
  readonly books_generated: number;
  readonly isbns_resolved: number;
  readonly note: string | null;
}

async function march({ sql }: TestApp): Promise<Month> {
  const [row] = await sql<Month[]>`
    SELECT status, retry_count, books_generated, isbns_resolved, note FROM backfill_log
    WHERE month = 3`;
  return row!;
}

/** The month as it is when nothing is wrong, with an ISBN and a title of it; then it is forgotten. */
async function rehearse(
  service: TestApp,
): Promise<{ undisturbed: Month; isbn13: string; title: string }> {
  await run(service);
  const undisturbed = await march(service);
  const [first, second] = await service.sql<{ isbn13: string; title: string }[]>`
    SELECT isbn13, title FROM candidate WHERE verdict = 'found' AND placement = 'new'
    ORDER BY position`;
  await service.sql`TRUNCATE work, author, work_author, edition, candidate, enrichment_queue`;
  await service.sql`UPDATE backfill_log SET status = 'pending', started_at = NULL,
    completed_at = NULL, books_generated = 0, isbns_resolved = 0, isbns_queued = 0, note = NULL`;
  return { undisturbed, isbn13: first!.isbn13, title: second!.title };
}

appTest("a book whose evidence cannot be stored is kept as unconfirmed", async (service) => {
  const { undisturbed, isbn13 } = await rehearse(service);
  await service.sql.unsafe(
    `ALTER TABLE edition ADD CONSTRAINT not_this CHECK (isbn13 <> '${isbn13}')`,
  );
  await run(service);
  const { note, ...month } = await march(service);
  assertEquals(month, {
    status: "completed",
    retry_count: 0,
    books_generated: undisturbed.books_generated,
    isbns_resolved: undisturbed.isbns_resolved - 1,
  });
  assertMatch(note!, /".+" could not be stored: .*not_this/);
  const [kept] = await service.sql`
    SELECT c.verdict, w.is_synthetic FROM candidate c JOIN work w ON w.id = c.work_id
    WHERE c.verdict = 'ambiguous' AND c.placement = 'synthetic'`;
  assertEquals({ ...kept }, { verdict: "ambiguous", is_synthetic: true });
});

appTest(
  "a book whose very name cannot be stored is left out, the others are not",
  async (service) => {
    const { undisturbed, title } = await rehearse(service);
    await service.sql.unsafe(
      `ALTER TABLE candidate ADD CONSTRAINT not_this CHECK (title <> '${
        title.replaceAll("'", "''")
      }')`,
    );
    await run(service);
    const { note, ...month } = await march(service);
    assertEquals(month, {
      status: "completed",
      retry_count: 0,
      books_generated: undisturbed.books_generated - 1,
      isbns_resolved: undisturbed.isbns_resolved - 1,
    });
    assertMatch(note!, /could not be stored/);
  },
);

appTest("findings that cannot be stored cost no month its books", async (service) => {
  await service.sql.unsafe(
    `ALTER TABLE evidence ADD CONSTRAINT nothing_known CHECK (works = '[]')`,
  );
  await run(service);
  const { status, retry_count, isbns_resolved } = await march(service);
  assertEquals([status, retry_count], ["completed", 0]);
  assertNotEquals(isbns_resolved, 0);
});

appTest("an experiment keeps its result when a book cannot be stored", async (service) => {
  const { undisturbed, isbn13 } = await rehearse(service);
  await service.sql.unsafe(
    `ALTER TABLE edition ADD CONSTRAINT not_this CHECK (isbn13 <> '${isbn13}')`,
  );
  const { results: [result], stop } = await experiment(service, {
    months: "2012-03",
    models: [GEMINI],
    isStoring: true,
  });
  assertEquals(stop, null);
  assertEquals(result!.resolved, undisturbed.isbns_resolved);
  assertEquals(result!.isbns_stored, new Set(result!.isbns).size - 1);
});

databaseTest("a book by 150 authors with a slip in its pages is stored", async (database) => {
  const authors = Array.from({ length: 150 }, () => `${crypto.randomUUID()} Quill`);
  const book = {
    title: "The Salt Ledger",
    author: authors.join("; "),
    isbns: [ISBN],
    work: { authors },
    edition: { pages: 3_000_000_000 },
  };
  const counts = await storeFor(database, { month: 3, books: [book] });
  assertEquals(counts.isbns_resolved, 1);
  await storeFor(database, { month: 4, books: [book] });
  const [stored] = await database.sql`
    SELECT (SELECT count(*)::int FROM work) AS works, (SELECT count(*)::int FROM work_author) AS credits,
      (SELECT pages FROM edition) AS pages`;
  assertEquals({ ...stored }, { works: 1, credits: 150, pages: null });
});
