import { assertEquals } from "@std/assert";
import type { Database } from "../../src/database/connection.ts";
import type { MonthCounts } from "../../src/database/months.ts";
import { seedMonths } from "../../src/database/months.ts";
import type { MatchDecision } from "../../src/domain/decide_match.ts";
import type { EditionCandidate, WorkCandidate } from "../../src/domain/resolver.ts";
import { dedupeCandidates } from "../../src/month_job/dedupe_candidates.ts";
import { storeBooks } from "../../src/month_job/store_books.ts";
import type { ResolvedCandidate } from "../../src/month_job/resolve_candidates.ts";
import { verifyCandidates } from "../../src/month_job/verify_candidates.ts";
import { databaseTest } from "../support/databases.ts";

const [ISBN_A, ISBN_B, ISBN_C] = ["9781402894626", "9781402894633", "9781402894640"] as const;

interface Book {
  readonly title: string;
  readonly author?: string;
  /** ISBNs of the work's editions, the confirmed one first; none when nobody could confirm it. */
  readonly isbns?: readonly string[];
}

function edition(isbn13: string, title: string): EditionCandidate {
  return {
    isbn13,
    title,
    subtitle: null,
    published: { year: 2012, month: 3, day: 6 },
    language: "en",
    binding: "hardcover",
    publisher: "Harrow & Pike",
    pages: 352,
  };
}

function candidate({ title, author = "Mara Quill", isbns = [] }: Book): ResolvedCandidate {
  const named = { title, author, month: 3, named_by: ["gemini" as const] };
  const rest = { resolution_key: `key of ${title}`, silences: [] };
  const [isbn13] = isbns;
  const decision = isbn13 === undefined ? notFound() : found({ title, author, isbns });
  return { ...named, ...rest, decision };
}

function notFound(): MatchDecision {
  return { kind: "not_found", considered: [] };
}

function found({ title, author, isbns }: Required<Book>): MatchDecision {
  const editions = isbns.map((isbn) => edition(isbn, title));
  const work: WorkCandidate = {
    provider: "open_library",
    provider_key: "/works/OL1W",
    title,
    subtitle: null,
    authors: [author],
    first_published: null,
    popularity: null,
    editions,
  };
  return {
    kind: "found",
    isbn13: isbns[0]!,
    edition: editions[0]!,
    work,
    score: 96,
    providers: ["open_library"],
    considered: [],
  };
}

/** Stores books for the given month (1–12 of 2012), as the month job does. */
async function store(
  { sql }: Database,
  { month, books }: { month: number; books: readonly Book[] },
): Promise<MonthCounts> {
  await seedMonths(sql, { yearStart: 2012, yearEnd: 2012 });
  const [row] = await sql<{ id: number }[]>`SELECT id FROM backfill_log WHERE month = ${month}`;
  return await sql.begin(async (tx) => {
    const named = { year: 2012, month };
    const verified = await verifyCandidates(tx, { month: named, candidates: books.map(candidate) });
    const candidates = await dedupeCandidates(tx, verified);
    return await storeBooks(tx, { monthId: row!.id, month: named, candidates, at: null });
  });
}

async function shelf({ sql }: Database): Promise<unknown[]> {
  const rows = await sql`
    SELECT w.title, w.is_synthetic, w.completeness,
      array(SELECT isbn13 FROM edition e WHERE e.work_id = w.id ORDER BY isbn13) AS isbns
    FROM work w ORDER BY w.id`;
  return rows.map((row) => ({ ...row }));
}

async function placements({ sql }: Database): Promise<unknown[]> {
  const rows = await sql`
    SELECT placement FROM candidate JOIN backfill_log l ON l.id = month_id ORDER BY l.month, position`;
  return rows.map(({ placement }) => placement);
}

databaseTest("a new book becomes a work with an edition and is queued", async (database) => {
  const counts = await store(database, {
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
  await store(database, { month: 3, books });
  const counts = await store(database, { month: 4, books });
  assertEquals({ ...counts }, { books_generated: 1, isbns_resolved: 1, isbns_queued: 0 });
  assertEquals((await shelf(database)).length, 1);
  assertEquals(await placements(database), ["new", "known"]);
});

databaseTest("a sibling edition joins the work it belongs to", async (database) => {
  await store(database, { month: 3, books: [{ title: "The Salt Ledger", isbns: [ISBN_A] }] });
  const counts = await store(database, {
    month: 4,
    books: [{ title: "Salt Ledger: A Novel of the Sea", isbns: [ISBN_B, ISBN_A] }],
  });
  assertEquals(counts.isbns_queued, 1);
  const [work] = await shelf(database) as { isbns: string[] }[];
  assertEquals(work!.isbns, [ISBN_A, ISBN_B]);
});

databaseTest("the same title and author under another ISBN is one work", async (database) => {
  await store(database, { month: 3, books: [{ title: "The Salt Ledger", isbns: [ISBN_A] }] });
  await store(database, {
    month: 4,
    books: [{ title: "Salt Ledger", author: "Quill, Mara", isbns: [ISBN_B] }],
  });
  assertEquals((await shelf(database)).length, 1);
});

databaseTest("volumes of a series by one author stay different works", async (database) => {
  await store(database, {
    month: 3,
    books: [
      { title: "The Salt Ledger, Book 1", isbns: [ISBN_A] },
      { title: "The Salt Ledger, Book 2", isbns: [ISBN_B] },
    ],
  });
  assertEquals((await shelf(database)).length, 2);
});

databaseTest("the same title by another author is another work", async (database) => {
  await store(database, { month: 3, books: [{ title: "The Salt Ledger", isbns: [ISBN_A] }] });
  await store(database, {
    month: 4,
    books: [{ title: "The Salt Ledger", author: "Tomas Breck", isbns: [ISBN_C] }],
  });
  assertEquals((await shelf(database)).length, 2);
});

databaseTest("what nobody could confirm is kept as a synthetic work", async (database) => {
  const counts = await store(database, { month: 3, books: [{ title: "Winter Arithmetic" }] });
  assertEquals({ ...counts }, { books_generated: 1, isbns_resolved: 0, isbns_queued: 0 });
  assertEquals(await shelf(database), [
    { title: "Winter Arithmetic", is_synthetic: true, completeness: 30, isbns: [] },
  ]);
  assertEquals(await placements(database), ["synthetic"]);
});

databaseTest("a synthetic work is confirmed when its ISBN is found later", async (database) => {
  await store(database, { month: 3, books: [{ title: "Winter Arithmetic" }] });
  const counts = await store(database, {
    month: 3,
    books: [{ title: "Winter Arithmetic", isbns: [ISBN_A] }],
  });
  assertEquals(counts.isbns_queued, 1);
  assertEquals(await shelf(database), [
    { title: "Winter Arithmetic", is_synthetic: false, completeness: 100, isbns: [ISBN_A] },
  ]);
});

databaseTest("twins within a month share a work, and the confirmed one leads", async (database) => {
  const counts = await store(database, {
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
    const first = await store(database, { month: 3, books });
    const again = await store(database, { month: 3, books });
    assertEquals({ ...again }, { ...first });
    assertEquals((await shelf(database)).length, 2);
    assertEquals(await placements(database), ["known", "known"]);
  },
);
