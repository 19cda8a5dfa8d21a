import { assertEquals, assertMatch } from "@std/assert";
import { systemClock } from "../../src/clock.ts";
import type { Database } from "../../src/database/connection/connection.ts";
import { storeFindings } from "../../src/database/resolution/resolutions.ts";
import { settleIsbn } from "../../src/resolution/settle_isbn.ts";
import { databaseTest } from "../support/postgres/databases.ts";
import { found, record } from "../support/books/match_records.ts";
import { storeFor } from "../support/books/store_for_month.ts";

const [ISBN, SIBLING] = ["9781402894626", "9781402894633"] as const;
const WAITING = { title: "The Salt Ledger", isbns: [ISBN], check_state: "waiting" as const };
const SAME = record("isbndb", { isbn13: ISBN });
const OTHER = record("isbndb", {
  isbn13: ISBN,
  title: "Winter Arithmetic",
  authors: ["Tomas Breck"],
});
const QUERY = { author: "Mara Quill", series: null, number: null, year: 2012 };
const NOBODYS = { ...OTHER, authors: [] };

async function settle({ sql }: Database, known: typeof SAME | undefined): Promise<string | null> {
  const check = { isbn13: ISBN, record: known, clock: systemClock };
  return await sql.begin((tx) => settleIsbn(tx, check));
}

async function catalogue({ sql }: Database): Promise<unknown> {
  const works = await sql`SELECT title, is_synthetic, completeness FROM work ORDER BY id`;
  const editions = await sql`
    SELECT e.isbn13, e.check_state, q.status FROM edition e LEFT JOIN enrichment_queue q USING (isbn13)
    ORDER BY e.isbn13`;
  const named = await sql`SELECT verdict, isbn13, placement, month_fit FROM candidate ORDER BY id`;
  const months = await sql`
    SELECT isbns_resolved, isbns_queued FROM backfill_log WHERE books_generated > 0`;
  const plain = (rows: readonly object[]) => rows.map((row) => Object.values(row));
  return {
    works: plain(works),
    editions: plain(editions),
    named: plain(named),
    months: plain(months),
  };
}

/** Stores the book for March, as a month that ended with it. */
async function store(database: Database, book: typeof WAITING): Promise<void> {
  const counts = await storeFor(database, { month: 3, books: [book] });
  await database.sql`
    UPDATE backfill_log SET status = 'completed', started_at = now(), completed_at = now(),
      books_generated = ${counts.books_generated}, isbns_resolved = ${counts.isbns_resolved},
      isbns_queued = ${counts.isbns_queued}
    WHERE month = 3`;
}

for (
  const [what, known] of [
    ["the book itself", SAME],
    ["nothing", undefined],
    ["a record that names nobody", NOBODYS],
  ] as const
) {
  databaseTest(`an ISBN stands when the checker knows ${what} under it`, async (database) => {
    await store(database, WAITING);
    assertEquals(await settle(database, known), null);
    assertEquals(await catalogue(database), {
      works: [["The Salt Ledger", false, 100]],
      editions: [[ISBN, "checked", "pending"]],
      named: [["found", ISBN, "new", "in_month"]],
      months: [[1, 1]],
    });
  });
}

databaseTest("an ISBN of another book is taken back from all that says it", async (database) => {
  await store(database, WAITING);
  const reason = await settle(database, OTHER);
  assertMatch(reason!, /^isbndb knows 9781402894626 as "Winter Arithmetic" by Tomas Breck$/);
  assertEquals(await catalogue(database), {
    works: [["The Salt Ledger", true, 30]],
    editions: [],
    named: [["ambiguous", null, "synthetic", "unknown"]],
    months: [[0, 0]],
  });
});

databaseTest("a work keeps standing on the editions it has left", async (database) => {
  await store(database, { ...WAITING, isbns: [ISBN] });
  await storeFor(database, {
    month: 4,
    books: [{ title: "The Salt Ledger", isbns: [SIBLING] }],
  });
  await settle(database, OTHER);
  assertEquals(await catalogue(database), {
    works: [["The Salt Ledger", false, 100]],
    editions: [[SIBLING, "checked", "pending"]],
    named: [["ambiguous", null, "synthetic", "unknown"], ["found", SIBLING, "known", "in_year"]],
    months: [[0, 0]],
  });
});

databaseTest("a work no month has named goes with its last ISBN", async (database) => {
  await store(database, WAITING);
  await database.sql`DELETE FROM candidate`;
  await settle(database, OTHER);
  const { works, editions } = await catalogue(database) as { works: unknown; editions: unknown };
  assertEquals([works, editions], [[], []]);
});

databaseTest("a check that agrees has a voice in what the work is called", async (database) => {
  const misspelt = record("google_books", { isbn13: ISBN, title: "The Slat Ledger" });
  const works = [misspelt, record("open_library", { isbn13: ISBN })];
  await storeFindings(database.sql, {
    findings: works.map((work) => ({
      key: `key of ${WAITING.title}`,
      job_id: crypto.randomUUID(),
      evidence: { provider: work.provider, works: [work], keep_seconds: 60 },
      resolution: {
        verdict: "found",
        isbn13: ISBN,
        decision: found(misspelt),
        check_state: "waiting",
        query: { ...QUERY, title: WAITING.title },
        keep_seconds: 60,
      },
    })),
    at: null,
  });
  await store(database, { ...WAITING, work: misspelt } as typeof WAITING);
  const titles = async () => (await database.sql`SELECT title FROM work`).map(({ title }) => title);
  assertEquals(await titles(), ["The Slat Ledger"]);
  assertEquals(await settle(database, SAME), null);
  assertEquals(await titles(), ["The Salt Ledger"]);
});

databaseTest("a bared work gives way to the one that bears its name", async (database) => {
  await store(
    database,
    {
      ...WAITING,
      work: { title: "The Salt Ledger Omnibus" },
    } as typeof WAITING,
  );
  await database.sql`
    INSERT INTO work (title, title_key, author_key, identity_key, is_synthetic, completeness,
      created_at, updated_at)
    VALUES ('Salt Ledger', 'salt ledger', 'someone else', 'the salt ledger / mara quill', true, 30,
      now(), now())`;
  await settle(database, OTHER);
  const works = await database.sql`SELECT id, title FROM work`;
  assertEquals(works.map(({ title }) => title), ["Salt Ledger"]);
  const [named] = await database.sql`SELECT work_id FROM candidate`;
  assertEquals(named!.work_id, works[0]!.id);
});
