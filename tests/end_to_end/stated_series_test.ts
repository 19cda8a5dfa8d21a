// About what models say of series, from their answers to the evidence.
import { assert, assertEquals, assertGreater, assertStringIncludes } from "@std/assert";
import { explainRoute } from "../../src/api/explain.ts";
import { explanationScreen } from "../../src/cli/screens/render_explanation.ts";
import { fillRecords } from "../../src/simulator/books/fill_records.ts";
import { NO_ODDITIES, type SeriesOddities } from "../../src/simulator/faults/oddities.ts";
import { shippedCatalogue } from "../simulator/shipped_catalogue.ts";
import { appTest, type TestApp } from "../support/service/test_app.ts";

const INTERNAL = "/api/internal";
/** Months with many volumes of series. */
const MONTHS = ["2012-05", "2012-09", "2012-10"];

interface Named {
  readonly title: string;
  readonly series: string | null;
  readonly number: string | null;
  readonly isbn13: string | null;
}

async function namedBooks({ call, settled, sql }: TestApp): Promise<Named[]> {
  await call(`${INTERNAL}/seed-backfill-queue`, { year_start: 2012, year_end: 2012 });
  await call(`${INTERNAL}/schedule-backfill`, { months: MONTHS });
  await settled();
  return await sql<Named[]>`
    SELECT title, series, number, isbn13 FROM candidate ORDER BY month_id, position`;
}

/** What the services hold, with the editions in other languages that the data does not have. */
const HELD = fillRecords(shippedCatalogue, []);

/** The work that has the ISBN, whose own title is part of every title it may be named by. */
function workOf(isbn13: string): { title: string; series?: string } {
  const { work } = HELD.isbns.get(isbn13)!;
  return HELD.works[work]!;
}

/** Whether every ISBN is that of the book that was named, whatever was said of its series. */
function assertRight(books: readonly Named[]): void {
  for (const { title, isbn13 } of books) {
    if (isbn13 === null) continue;
    const own = workOf(isbn13).title.toLowerCase();
    assert(title.toLowerCase().includes(own), `${title} got an ISBN of ${own}`);
  }
}

function seriesTest(
  name: string,
  series: Partial<SeriesOddities>,
  body: (books: readonly Named[], service: TestApp) => void | Promise<void>,
): void {
  const oddities = { ...NO_ODDITIES, series: { ...NO_ODDITIES.series, ...series } };
  appTest(name, async (service) => {
    const books = await namedBooks(service);
    assertRight(books);
    const found = books.filter(({ isbn13 }) => isbn13 !== null);
    assertGreater(found.length / books.length, 0.9, `${found.length} of ${books.length} found`);
    await body(books, service);
  }, { oddities });
}

function inSeries(books: readonly Named[]): Named[] {
  return books.filter(({ isbn13 }) => isbn13 !== null && workOf(isbn13).series !== undefined);
}

seriesTest(
  "series that are said apart come through to the evidence",
  {},
  async (books, { call }) => {
    const volumes = inSeries(books);
    assertGreater(volumes.length, 5);
    for (const { series, number, isbn13 } of volumes) {
      assertEquals(`${series}${number === null ? "" : ` #${number}`}`, workOf(isbn13!).series);
    }
    const { title, series, number, isbn13 } = volumes.find((book) => book.number !== null)!;
    const { body } = await call(`${INTERNAL}/explain?about=${isbn13}`);
    const { books: explained } = explainRoute.answer.parse(body);
    const [{ namings, resolutions }] = explained as [typeof explained[number]];
    assertEquals([namings[0]?.series, namings[0]?.number], [series, number]);
    assertEquals([resolutions[0]?.made?.series, resolutions[0]?.made?.number], [series, number]);
    const screen = explanationScreen(explained);
    assertStringIncludes(screen, `“${title}” (series ${series}, number ${number}) by `);
    assertStringIncludes(screen, `asked for “${title}” (series ${series}, number ${number}) by `);
  },
);

seriesTest("series that are left in the title lead to the volume", { inTitleShare: 1 }, (books) => {
  const volumes = inSeries(books);
  assertGreater(volumes.length, 5);
  assert(volumes.every(({ title, isbn13 }) => title !== workOf(isbn13!).title));
  assert(new Set(volumes.map(({ series }) => series === null)).size === 2);
});

seriesTest("series that are wrong lead nowhere else", { wrongShare: 1 }, (books) => {
  const said = ({ series, number }: Named) => `${series}${number === null ? "" : ` #${number}`}`;
  const volumes = inSeries(books);
  assertGreater(volumes.length, 5);
  assert(volumes.every((book) => said(book) !== workOf(book.isbn13!).series));
});

seriesTest(
  "series that are not said, or made up for books without one, do no harm",
  { missingShare: 1, madeUpShare: 1 },
  (books) => {
    assertEquals(inSeries(books).filter(({ series }) => series !== null), []);
    assertGreater(books.filter(({ title, series }) => title === series).length, 10);
  },
);
