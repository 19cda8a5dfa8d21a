import { assertEquals } from "@std/assert";
import type { Database } from "../../src/database/connection/connection.ts";
import { DATABASE_KINDS, databaseTest, withDatabase } from "../support/postgres/databases.ts";
import { storeFor } from "../support/books/store_for_month.ts";

const ISBN = "9781402894626";
const OTHER_ISBN = "9781402894633";

/** A book, and the record of it. */
const BOOK = {
  title: "The Salt Ledger",
  isbns: [ISBN],
  work: { title: "The Salt Ledger (Ledgers, #2)", authors: ["Quill, Mara"] },
};

async function works({ sql }: Database): Promise<unknown[]> {
  const rows = await sql`
    SELECT w.title, w.series, w.series_place, w.author_key, w.identity_key, w.is_synthetic,
      ARRAY(SELECT a.name FROM work_author wa JOIN author a ON a.id = wa.author_id
        WHERE wa.work_id = w.id ORDER BY wa.position) AS authors,
      ARRAY(SELECT isbn13 FROM edition e WHERE e.work_id = w.id ORDER BY isbn13) AS isbns,
      (SELECT count(*)::int FROM candidate c WHERE c.work_id = w.id) AS named
    FROM work w ORDER BY w.id`;
  return rows.map((row) => ({ ...row }));
}

const STORED = {
  title: "The Salt Ledger",
  series: "Ledgers",
  series_place: "2",
  author_key: "quill m",
  identity_key: "the salt ledger / mara quill",
  is_synthetic: false,
  authors: ["Mara Quill"],
  isbns: [ISBN],
  named: 1,
};

/** Stores the book as an older version did: as the record spells it, with joined and inverted authors. */
async function storeAsBefore(database: Database): Promise<void> {
  await storeFor(database, { month: 3, books: [BOOK] });
  await database.sql`UPDATE work SET title = ${BOOK.work.title}, series = NULL, series_place = NULL,
    identity_key = 'the salt ledger ledgers 2 / quill mara'`;
  await database.sql`UPDATE author SET name = 'Quill, Mara', name_keys = '{}'`;
  await database.sql`UPDATE work_author SET credited_as = NULL`;
}

databaseTest("a work takes title, series, authors and keys from its records", async (database) => {
  await storeFor(database, { month: 3, books: [BOOK] });
  assertEquals(await works(database), [STORED]);
});

databaseTest(
  "a month that runs again gives its works the names of their records",
  async (database) => {
    await storeAsBefore(database);
    await storeFor(database, { month: 3, books: [BOOK] });
    assertEquals(await works(database), [STORED]);
    const authors = await database.sql`SELECT name FROM author`;
    assertEquals(authors.map(({ name }) => name), ["Mara Quill"]);
  },
);

databaseTest(
  "what another month says of its own book under another question renames no work",
  async (database) => {
    await storeFor(database, { month: 3, books: [BOOK] });
    const otherwise = {
      ...BOOK,
      title: "Salt Ledger",
      work: { ...BOOK.work, title: "Salt Ledgr" },
    };
    await storeFor(database, { month: 4, books: [otherwise] });
    assertEquals(await works(database), [{ ...STORED, named: 2 }]);
  },
);

databaseTest("a work that gets the name of another one becomes one with it", async (database) => {
  await storeAsBefore(database);
  const [before] = await database.sql<{ id: number }[]>`SELECT id FROM work`;
  await database.sql`
    INSERT INTO work (title, title_key, author_key, identity_key, is_synthetic, completeness,
      created_at, updated_at)
    VALUES ('The Salt Ledger', 'salt ledger', 'other', ${STORED.identity_key}, false, 90, now(), now())`;
  await database.sql`
    INSERT INTO edition (isbn13, work_id, title, resolution_key, score, created_at)
    SELECT ${OTHER_ISBN}, max(id), 'The Salt Ledger', 'another key', 90, now() FROM work`;
  await storeFor(database, { month: 3, books: [BOOK] });
  assertEquals(await works(database), [{ ...STORED, isbns: [ISBN, OTHER_ISBN] }]);
  const [after] = await database.sql<{ id: number }[]>`SELECT id FROM work`;
  assertEquals(after!.id, before!.id);
});

databaseTest(
  "an unconfirmed work that was named quite otherwise becomes what the same question finds",
  async (database) => {
    const named = { title: "Wintr Arithmtc", author: "Breck, T. & Voss, I." };
    await storeFor(database, { month: 3, books: [named] });
    await storeFor(database, {
      month: 4,
      books: [{
        ...named,
        isbns: [ISBN],
        work: { title: "Winter Arithmetic", authors: ["Tomas Breck", "Ida Voss"] },
      }],
    });
    const [work, ...others] = await works(database) as (typeof STORED)[];
    assertEquals(others, []);
    assertEquals([work!.title, work!.is_synthetic, work!.authors, work!.named], [
      "Winter Arithmetic",
      false,
      ["Tomas Breck", "Ida Voss"],
      2,
    ]);
    const authors = await database.sql`SELECT name FROM author ORDER BY name`;
    assertEquals(authors.map(({ name }) => name), ["Ida Voss", "Tomas Breck"]);
    const spelt = await database.sql`SELECT title FROM candidate ORDER BY id`;
    assertEquals(spelt.map(({ title }) => title), [named.title, named.title]);
  },
);

Deno.test({
  name: "months that confirm one unconfirmed book at once leave one work and one author [server]",
  ignore: !DATABASE_KINDS.includes("server"),
  fn: () =>
    withDatabase("server", async (database) => {
      const named = { title: "Winter Arithmatic", author: "T. Breck" };
      await storeFor(database, { month: 1, books: [named] });
      const confirmed = (isbn13: string, author: string) => ({
        ...named,
        isbns: [isbn13],
        work: { title: "Winter Arithmetic", authors: [author] },
      });
      await Promise.all([3, 4, 5, 6].map((month) =>
        storeFor(database, {
          month,
          books: [confirmed(month % 2 === 0 ? ISBN : OTHER_ISBN, "Tomas Breck")],
        })
      ));
      const [work, ...others] = await works(database) as (typeof STORED)[];
      assertEquals(others, []);
      assertEquals([work!.title, work!.authors, work!.isbns, work!.named], [
        "Winter Arithmetic",
        ["Tomas Breck"],
        [ISBN, OTHER_ISBN],
        5,
      ]);
      assertEquals((await database.sql`SELECT 1 FROM author`).length, 1);
    }),
});
