// About add_books.ts
import { assertEquals } from "@std/assert";
import type { Database } from "../../src/database/connection/connection.ts";
import { workKeys } from "../../src/domain/names/work_keys.ts";
import { databaseTest } from "../support/postgres/databases.ts";
import { storeFor } from "../support/books/store_for_month.ts";

const ISBN = "9781402894626";

const EVIDENCE = {
  title: "Winter Arithmetic",
  subtitle: "A Life in Numbers",
  authors: ["Tomas Breck"],
};

/** A book that a model misspelt, and what the catalogues say of it. */
const MISSPELT = { title: "Winter Arithmatic", author: "Thomas Breck" };
const CONFIRMED = { ...MISSPELT, isbns: [ISBN], work: EVIDENCE };

async function works({ sql }: Database): Promise<unknown[]> {
  const rows = await sql`
    SELECT w.title, w.subtitle, w.is_synthetic, w.title_key, w.author_key, w.identity_key,
      ARRAY(SELECT a.name FROM work_author wa JOIN author a ON a.id = wa.author_id
        WHERE wa.work_id = w.id ORDER BY wa.position) AS authors,
      ARRAY(SELECT isbn13 FROM edition e WHERE e.work_id = w.id) AS isbns
    FROM work w ORDER BY w.id`;
  return rows.map((row) => ({ ...row }));
}

function confirmedWork() {
  const title = "Winter Arithmetic: A Life in Numbers";
  const { author_keys: _, ...keys } = workKeys({ title, author: "Tomas Breck" });
  return { ...EVIDENCE, ...keys, is_synthetic: false, isbns: [ISBN] };
}

/** The title of the work every candidate belongs to, by month. */
async function namedWorks({ sql }: Database): Promise<unknown[]> {
  const rows = await sql`
    SELECT l.month, w.title FROM candidate c JOIN backfill_log l ON l.id = c.month_id
      LEFT JOIN work w ON w.id = c.work_id
    ORDER BY l.month, c.position`;
  return rows.map(({ month, title }) => [month, title]);
}

databaseTest("a confirmed work is what the evidence says of it", async (database) => {
  await storeFor(database, { month: 3, books: [MISSPELT] });
  await storeFor(database, { month: 4, books: [CONFIRMED] });
  assertEquals(await works(database), [confirmedWork()]);
  assertEquals(await namedWorks(database), [[3, "Winter Arithmetic"], [4, "Winter Arithmetic"]]);
  // By its new keys it is found, under the name that the evidence gives it.
  await storeFor(database, { month: 5, books: [{ ...EVIDENCE, author: "Tomas Breck" }] });
  assertEquals((await works(database)).length, 1);
});

databaseTest(
  "a synthetic work gives way to the one that was confirmed before",
  async (database) => {
    await storeFor(database, { month: 3, books: [MISSPELT] });
    // Stored by somebody who files authors in another way, so that the two did not meet before.
    const [synthetic] = await database.sql<{ id: number }[]>`SELECT id FROM work`;
    const { title_key, identity_key } = confirmedWork();
    await database.sql`
    INSERT INTO work (title, subtitle, title_key, author_key, identity_key, is_synthetic,
      completeness, created_at, updated_at)
    VALUES (${EVIDENCE.title}, ${EVIDENCE.subtitle}, ${title_key}, 'other', ${identity_key}, false,
      90, now(), now())`;
    await storeFor(database, { month: 4, books: [CONFIRMED] });
    const stored = await database.sql`SELECT id, title, is_synthetic FROM work`;
    assertEquals(stored.map(({ title, is_synthetic }) => [title, is_synthetic]), [
      ["Winter Arithmetic", false],
    ]);
    assertEquals(stored[0]!.id === synthetic!.id, false);
    assertEquals(await namedWorks(database), [[3, "Winter Arithmetic"], [4, "Winter Arithmetic"]]);
  },
);

databaseTest("of two synthetic works of one book one is left", async (database) => {
  await storeFor(database, { month: 3, books: [MISSPELT] });
  const [first] = await database.sql<{ id: number }[]>`SELECT id FROM work`;
  const { title_key, author_key } = confirmedWork();
  await database.sql`
    INSERT INTO work (title, title_key, author_key, identity_key, is_synthetic, completeness,
      created_at, updated_at)
    VALUES ('Winter Arithmetik', ${title_key}, ${author_key}, 'another spelling', true, 30, now(),
      now())`;
  await database.sql`
    INSERT INTO work_author (work_id, author_id, position)
    SELECT (SELECT max(id) FROM work), author_id, position FROM work_author
    WHERE work_id = ${first!.id}`;
  await storeFor(database, { month: 4, books: [CONFIRMED] });
  assertEquals(await works(database), [confirmedWork()]);
  assertEquals(await namedWorks(database), [[3, "Winter Arithmetic"], [4, "Winter Arithmetic"]]);
});
