import { assert, assertEquals } from "@std/assert";
import { buildCatalogue, type SimulatedEdition } from "../../../src/simulator/books/catalogue.ts";
import {
  type CatalogueFiles,
  readCatalogueFiles,
} from "../../../src/simulator/books/catalogue_files.ts";
import { holdingOf } from "../../../src/simulator/books/coverage.ts";
import { fillRecords } from "../../../src/simulator/books/fill_records.ts";
import { SERVICES } from "../../../src/simulator/services.ts";
import { SHIPPED_DATA } from "../../bench/resolve_queries.ts";
import { catalogueRow, editionRow } from "../data_directory.ts";

const files = await readCatalogueFiles(SHIPPED_DATA);
const plain = buildCatalogue(files);
const filled = fillRecords(plain, files.benchmark);

function editionsOf({ works }: Pick<typeof plain, "works">): SimulatedEdition[] {
  return works.flatMap(({ editions }) => editions);
}

function share(editions: readonly SimulatedEdition[], has: (one: SimulatedEdition) => boolean) {
  return editions.filter(has).length / editions.length;
}

function assertNear(actual: number, expected: number, what: string): void {
  assert(Math.abs(actual - expected) < 0.02, `${what}: ${actual.toFixed(3)}, not ${expected}`);
}

Deno.test("fillRecords() keeps all that the data says", () => {
  const filledByIsbn = new Map(editionsOf(filled).map((edition) => [edition.isbn13, edition]));
  for (const edition of editionsOf(plain)) {
    const now = filledByIsbn.get(edition.isbn13);
    for (const [field, value] of Object.entries(edition)) {
      if (value === null) continue;
      assertEquals(now?.[field as keyof SimulatedEdition], value, `${field} of ${edition.isbn13}`);
    }
  }
});

Deno.test("fillRecords() gives every edition a binding, and nearly all a year and a language", () => {
  const before = editionsOf(plain);
  const after = editionsOf(filled);
  const isDated = ({ published }: SimulatedEdition) => published !== null;
  assert(share(before, isDated) < 0.6);
  assert(share(after, isDated) > 0.99);
  assertEquals(share(after, ({ format }) => format !== null), 1);
  assert(share(after, ({ language }) => language !== null) > 0.99);
  const printed = after.filter(({ isbn13, format }) =>
    !files.lightNovels.some((row) => row.isbn13 === isbn13) && format !== null
  );
  assertNear(share(printed, ({ format }) => format === "Hardcover"), 0.4, "hardcovers");
  assertEquals(printed.filter(({ format }) => /audio/i.test(format ?? "")), []);
});

Deno.test("fillRecords() dates most editions in the year of the work, a quarter as reprints", () => {
  const undated = new Map(
    editionsOf(plain).map((edition) => [edition.isbn13, edition.published === null]),
  );
  const later = files.benchmark.flatMap(({ category, work, query }) => {
    if (category !== "plain" || query.year === undefined) return [];
    const found = filled.works.find(({ id }) => id === work);
    return (found?.editions ?? []).flatMap(({ isbn13, published }) =>
      undated.get(isbn13) === true && published !== null
        ? [Number(published.slice(0, 4)) - query.year!]
        : []
    );
  });
  const shareOf = (isMeant: (years: number) => boolean) =>
    later.filter(isMeant).length / later.length;
  assert(later.length > 200);
  assertEquals(later.filter((years) => years < 0), []);
  assert(Math.abs(shareOf((years) => years === 0) - 0.6) < 0.07, `${shareOf((y) => y === 0)}`);
  assert(Math.abs(shareOf((years) => years > 1) - 0.25) < 0.07, `${shareOf((y) => y > 1)}`);
});

Deno.test("fillRecords() goes by what the questions tell of a year that is off", () => {
  const catalogue = buildCatalogue(rows({ editions: [{ title: "Salt", work: "k1" }] }));
  const row = {
    category: "year-off",
    query: { title: "Salt", author: "Mara Quill", year: 1990 },
    work: "k1",
  };
  const yearOf = (note: string) =>
    fillRecords(catalogue, [{ ...row, note }]).works[0]?.editions[0]?.published;
  assert(Number(yearOf("first published 1931")) < 1990);
  assert(Number(yearOf("nothing told")) >= 2000);
});

Deno.test("fillRecords() dates a book that the data holds twice alike", () => {
  const catalogue = buildCatalogue(rows({
    catalogue: [{ id: "w1", title: "Salt", isbn13: ["9781402894626"], first_published: "1957-03" }],
    editions: [
      { title: "Salt", work: "k1" },
      ...[1, 2, 3, 4, 5, 6].map((number) => ({
        isbn13: `979000000000${number}`,
        title: `Pepper ${number}`,
        work: `p${number}`,
        published: `200${number}`,
      })),
    ],
  }));
  const salt = fillRecords(catalogue, []).works.filter(({ title }) => title === "Salt");
  assertEquals(salt.map(({ firstYear }) => firstYear ?? 1957), [1957, 1957]);
});

function rows(
  of: Record<"editions", Record<string, unknown>[]> & { catalogue?: Record<string, unknown>[] },
): CatalogueFiles {
  const editions = of.editions.map((row) => editionRow({ isbn13: "9781402894633", ...row }));
  const catalogue = (of.catalogue ?? []).map(catalogueRow);
  return { catalogue, editions, lightNovels: [], benchmark: [] } as unknown as CatalogueFiles;
}

Deno.test("fillRecords() describes the same data in the same words", () => {
  const again = fillRecords(plain, files.benchmark).works;
  const differing = again.filter((work, position) =>
    JSON.stringify(work) !== JSON.stringify(filled.works[position])
  );
  assertEquals(differing.length, 0);
});

Deno.test("holdingOf() leaves out of filled records what each service is known to lack", () => {
  const lacking = (
    name: "open_library" | "google_books" | "archive_org" | "wikidata" | "isbndb",
  ) => {
    const held = editionsOf(holdingOf(filled, SERVICES[name]));
    return {
      date: share(held, ({ published }) => published === null),
      language: share(held, ({ language }) => language === null),
      binding: share(held, ({ format }) => format === null),
    };
  };
  const shares = {
    open_library: { date: 0.08, language: 0.31, binding: 0.5 },
    google_books: { date: 0.03, language: 0.02, binding: 0 },
    archive_org: { date: 0.05, language: 0.1, binding: 0.6 },
    wikidata: { date: 0.08, language: 0.1, binding: 0 },
    isbndb: { date: 0.1, language: 0.1, binding: 0.1 },
  } as const;
  for (const [name, expected] of Object.entries(shares)) {
    const actual = lacking(name as keyof typeof shares);
    for (const [field, value] of Object.entries(expected)) {
      assertNear(actual[field as keyof typeof actual], value, `${name} without ${field}`);
    }
  }
});
