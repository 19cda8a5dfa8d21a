import fc from "fast-check";
import { assert, assertEquals } from "@std/assert";
import { earliestDate, firstPublished, monthFit } from "../../../src/domain/months/month_fit.ts";
import type { PartialDate } from "../../../src/domain/months/partial_date.ts";
import type { EditionCandidate, WorkCandidate } from "../../../src/domain/matching/resolver.ts";
import * as records from "../../support/books/match_records.ts";

function date(year: number, month: number | null = null, day: number | null = null): PartialDate {
  return { year, month, day };
}

function edition(published: PartialDate | null): EditionCandidate {
  return records.edition({ isbn13: null, language: null, published });
}

function record(
  provider: WorkCandidate["provider"],
  { work = null, editions = [] }: {
    work?: PartialDate | null;
    editions?: readonly (PartialDate | null)[];
  },
): WorkCandidate {
  return records.work({ provider, first_published: work, editions: editions.map(edition) });
}

Deno.test("firstPublished() takes an older provider's word against a reprint of the month", () => {
  const reprint = date(2012, 3, 6);
  const google = record("google_books", { editions: [reprint] });
  const openLibrary = record("open_library", { work: date(1998), editions: [reprint] });
  assertEquals(firstPublished([google], edition(reprint)), reprint);
  assertEquals(firstPublished([google, openLibrary], edition(reprint)), date(1998));
  assertEquals(
    monthFit({ year: 2012, month: 3 }, firstPublished([google, openLibrary], edition(reprint))),
    "elsewhere",
  );
});

Deno.test("firstPublished() takes the hardcover of spring, not the exactly dated one of autumn", () => {
  const records = [
    record("open_library", { work: date(2012), editions: [date(2012, 3)] }),
    record("isbndb", { editions: [date(2012, 10, 2)] }),
  ];
  const published = firstPublished(records, edition(date(2012, 10, 2)));
  assertEquals(published, date(2012, 3));
  assertEquals(monthFit({ year: 2012, month: 10 }, published), "in_year");
});

Deno.test("firstPublished() fills in the month another provider knows", () => {
  const records = [record("archive_org", { editions: [date(2011)] })];
  const checked = record("isbndb", { editions: [date(2011, 5)] });
  assertEquals(firstPublished(records, edition(date(2011))), date(2011));
  assertEquals(firstPublished([...records, checked], edition(date(2011))), date(2011, 5));
});

Deno.test("firstPublished() knows nothing when nothing is dated", () => {
  assertEquals(firstPublished([record("isbndb", { editions: [null] })], edition(null)), null);
});

const anyDate = fc.tuple(
  fc.integer({ min: 1990, max: 2024 }),
  fc.option(fc.integer({ min: 1, max: 12 })),
  fc.option(fc.integer({ min: 1, max: 28 })),
).map(([year, month, day]) => date(year, month, month === null ? null : day));

Deno.test("earliestDate() is one of the dates, whatever their order, and later ones change nothing", () => {
  fc.assert(fc.property(fc.array(anyDate, { minLength: 1 }), anyDate, (dates, other) => {
    const first = earliestDate(dates)!;
    assert(dates.includes(first));
    assertEquals(earliestDate(dates.toReversed()), first);
    assertEquals(first.year, Math.min(...dates.map(({ year }) => year)));
    const later = { ...other, year: first.year + 1 };
    assertEquals(earliestDate([...dates, later, null]), first);
  }));
});
