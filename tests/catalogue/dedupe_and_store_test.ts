// About dedupe_candidates.ts, store_candidates.ts
import { assertEquals } from "@std/assert";
import type { Database } from "../../src/database/connection/connection.ts";
import { databaseTest } from "../support/postgres/databases.ts";
import { shelf, storeFor } from "../support/books/store_for_month.ts";

const [ISBN_A, ISBN_B, ISBN_C] = ["9781402894626", "9781402894633", "9781402894640"] as const;

async function placements({ sql }: Database): Promise<unknown[]> {
  const rows = await sql`
    SELECT placement FROM candidate JOIN backfill_log l ON l.id = month_id ORDER BY l.month, position`;
  return rows.map(({ placement }) => placement);
}

databaseTest("a new book becomes a work with an edition and is queued", async (database) => {
  const counts = await storeFor(database, {
    month: 3,
    books: [{ title: "The Salt Ledger", isbns: [ISBN_A] }],
  });
  assertEquals({ ...counts }, { books_generated: 1, isbns_resolved: 1, isbns_queued: 1 });
  assertEquals(await shelf(database), [
    { title: "The Salt Ledger", is_synthetic: false, completeness: 100, isbns: [ISBN_A] },
  ]);
  const [fit] = await database.sql`SELECT month_fit FROM candidate`;
  assertEquals(fit!.month_fit, "in_month");
});

databaseTest("the same ISBN in a later month is known and not queued again", async (database) => {
  const books = [{ title: "The Salt Ledger", isbns: [ISBN_A] }];
  await storeFor(database, { month: 3, books });
  const counts = await storeFor(database, { month: 4, books });
  assertEquals({ ...counts }, { books_generated: 1, isbns_resolved: 1, isbns_queued: 0 });
  assertEquals((await shelf(database)).length, 1);
  assertEquals(await placements(database), ["new", "known"]);
});

databaseTest("a sibling edition joins the work it belongs to", async (database) => {
  await storeFor(database, { month: 3, books: [{ title: "The Salt Ledger", isbns: [ISBN_A] }] });
  const counts = await storeFor(database, {
    month: 4,
    books: [{ title: "Salt Ledger: A Novel of the Sea", isbns: [ISBN_B, ISBN_A] }],
  });
  assertEquals(counts.isbns_queued, 1);
  const [work] = await shelf(database) as { isbns: string[] }[];
  assertEquals(work!.isbns, [ISBN_A, ISBN_B]);
});

databaseTest("the same title and author under another ISBN is one work", async (database) => {
  await storeFor(database, { month: 3, books: [{ title: "The Salt Ledger", isbns: [ISBN_A] }] });
  await storeFor(database, {
    month: 4,
    books: [{ title: "Salt Ledger", author: "Quill, Mara", isbns: [ISBN_B] }],
  });
  assertEquals((await shelf(database)).length, 1);
});

databaseTest("volumes of a series by one author stay different works", async (database) => {
  await storeFor(database, {
    month: 3,
    books: [
      { title: "The Salt Ledger, Book 1", isbns: [ISBN_A] },
      { title: "The Salt Ledger, Book 2", isbns: [ISBN_B] },
    ],
  });
  assertEquals((await shelf(database)).length, 2);
});

databaseTest("the same title by another author is another work", async (database) => {
  await storeFor(database, { month: 3, books: [{ title: "The Salt Ledger", isbns: [ISBN_A] }] });
  await storeFor(database, {
    month: 4,
    books: [{ title: "The Salt Ledger", author: "Tomas Breck", isbns: [ISBN_C] }],
  });
  assertEquals((await shelf(database)).length, 2);
});

databaseTest("what nobody could confirm is kept as a synthetic work", async (database) => {
  const counts = await storeFor(database, { month: 3, books: [{ title: "Winter Arithmetic" }] });
  assertEquals({ ...counts }, { books_generated: 1, isbns_resolved: 0, isbns_queued: 0 });
  assertEquals(await shelf(database), [
    { title: "Winter Arithmetic", is_synthetic: true, completeness: 30, isbns: [] },
  ]);
  assertEquals(await placements(database), ["synthetic"]);
});

databaseTest("a synthetic work is confirmed when its ISBN is found later", async (database) => {
  await storeFor(database, { month: 3, books: [{ title: "Winter Arithmetic" }] });
  const counts = await storeFor(database, {
    month: 3,
    books: [{ title: "Winter Arithmetic", isbns: [ISBN_A] }],
  });
  assertEquals(counts.isbns_queued, 1);
  assertEquals(await shelf(database), [
    { title: "Winter Arithmetic", is_synthetic: false, completeness: 100, isbns: [ISBN_A] },
  ]);
});

databaseTest("twins within a month share a work, and the confirmed one leads", async (database) => {
  const counts = await storeFor(database, {
    month: 3,
    books: [
      { title: "The Salt Ledger" },
      { title: "Salt Ledger", isbns: [ISBN_A] },
      { title: "The Salt Ledger: A Novel", isbns: [ISBN_A] },
    ],
  });
  assertEquals({ ...counts }, { books_generated: 3, isbns_resolved: 2, isbns_queued: 1 });
  assertEquals(await placements(database), ["duplicate", "new", "duplicate"]);
  assertEquals((await shelf(database)).length, 1);
});

databaseTest(
  "storing a month again replaces its candidates and doubles nothing",
  async (database) => {
    const books = [{ title: "The Salt Ledger", isbns: [ISBN_A] }, { title: "Winter Arithmetic" }];
    const first = await storeFor(database, { month: 3, books });
    const again = await storeFor(database, { month: 3, books });
    assertEquals({ ...again }, { ...first });
    assertEquals((await shelf(database)).length, 2);
    assertEquals(await placements(database), ["known", "known"]);
  },
);
