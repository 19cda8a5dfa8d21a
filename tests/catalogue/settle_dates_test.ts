import { NO_SERIES } from "../../src/domain/series/series_fields.ts";
import { assertEquals } from "@std/assert";
import type { Queryable, Transaction } from "../../src/database/connection/connection.ts";
import { seedMonths } from "../../src/database/months/months.ts";
import { storeFindings } from "../../src/database/resolution/resolutions.ts";
import type { PartialDate } from "../../src/domain/months/partial_date.ts";
import { dedupeCandidates } from "../../src/catalogue/dedupe_candidates.ts";
import { storeCandidates } from "../../src/catalogue/store_candidates.ts";
import { verifyCandidates } from "../../src/resolution/verify_candidates.ts";
import { databaseTest } from "../support/postgres/databases.ts";
import { found, record } from "../support/books/match_records.ts";

const MARCH = { year: 2012, month: 3, day: 6 };

/** Records the book for a month of 2012, found with a record of this date. */
async function nameIn(
  tx: Transaction,
  { month, published }: { month: number; published: PartialDate | null },
): Promise<void> {
  const [row] = await tx<{ id: number }[]>`SELECT id FROM backfill_log WHERE month = ${month}`;
  const named = { year: 2012, month };
  const candidates = await verifyCandidates(tx, {
    month: named,
    candidates: [{
      title: "The Salt Ledger",
      author: "Mara Quill",
      ...NO_SERIES,
      month,
      named_by: ["gemini"],
      resolution_key: "key",
      unavailable: [],
      check_state: "checked",
      decision: found(record("google_books", { published })),
    }],
  });
  await storeCandidates(tx, {
    monthId: row!.id,
    month: named,
    candidates: await dedupeCandidates(tx, candidates),
    at: null,
  });
}

/** The work's date, and how the book fits each month that named it. */
async function state(sql: Queryable): Promise<unknown> {
  const [work] = await sql`
    SELECT first_published_year AS year, first_published_month AS month,
      first_published_day AS day FROM work`;
  const fits = await sql`
    SELECT l.month, c.month_fit FROM candidate c JOIN backfill_log l ON l.id = c.month_id
    ORDER BY l.month`;
  return { published: { ...work }, fits: fits.map(({ month, month_fit }) => [month, month_fit]) };
}

databaseTest(
  "a later month's earlier date holds for every month that named the book",
  async ({ sql }) => {
    await seedMonths(sql, { yearStart: 2012, yearEnd: 2012 });
    await sql.begin((tx) => nameIn(tx, { month: 3, published: MARCH }));
    assertEquals(await state(sql), { published: MARCH, fits: [[3, "in_month"]] });
    const earlier = { year: 2012, month: 2, day: null };
    await sql.begin((tx) => nameIn(tx, { month: 5, published: earlier }));
    assertEquals(await state(sql), {
      published: earlier,
      fits: [[3, "in_year"], [5, "in_year"]],
    });
  },
);

databaseTest(
  "a reprint found later changes no date, and fits by the first one",
  async ({ sql }) => {
    await seedMonths(sql, { yearStart: 2012, yearEnd: 2012 });
    await sql.begin((tx) => nameIn(tx, { month: 3, published: MARCH }));
    const reprint = { year: 2012, month: 9, day: 4 };
    await sql.begin((tx) => nameIn(tx, { month: 9, published: reprint }));
    assertEquals(await state(sql), { published: MARCH, fits: [[3, "in_month"], [9, "in_year"]] });
  },
);

databaseTest(
  "a month learns from what another provider answered about its book",
  async ({ sql }) => {
    await seedMonths(sql, { yearStart: 2012, yearEnd: 2012 });
    await storeFindings(sql, {
      findings: [{
        key: "key",
        job_id: crypto.randomUUID(),
        // It has expired by now, and is as true as before.
        evidence: {
          provider: "isbndb",
          works: [record("isbndb", { published: MARCH })],
          keep_seconds: -1,
        },
        resolution: null,
      }],
      at: null,
    });
    await sql.begin((tx) => nameIn(tx, { month: 3, published: null }));
    assertEquals(await state(sql), { published: MARCH, fits: [[3, "in_month"]] });
  },
);

databaseTest("a record of another book says nothing about this one", async ({ sql }) => {
  await seedMonths(sql, { yearStart: 2012, yearEnd: 2012 });
  const other = record("open_library", { published: { year: 1950, month: null, day: null } });
  const works = [{ ...other, title: "The Pepper Ledger", editions: [] }];
  await storeFindings(sql, {
    findings: [{
      key: "key",
      job_id: crypto.randomUUID(),
      evidence: { provider: "open_library", works, keep_seconds: 60 },
      resolution: null,
    }],
    at: null,
  });
  await sql.begin((tx) => nameIn(tx, { month: 3, published: MARCH }));
  assertEquals(await state(sql), { published: MARCH, fits: [[3, "in_month"]] });
});
