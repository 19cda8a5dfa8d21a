import { assert, assertEquals, assertNotEquals } from "@std/assert";
import fc from "fast-check";
import type { SimulatedEdition } from "../../../src/simulator/books/catalogue.ts";
import {
  fileEdition,
  type FlawShares,
  misspell,
  surnameFirst,
} from "../../../src/simulator/books/imperfections.ts";

const NONE: FlawShares = {
  noAuthors: 0,
  surnameFirst: 0,
  noDate: 0,
  noLanguage: 0,
  noBinding: 0,
  noSubtitle: 0,
  seriesInTitle: 0,
  misspelt: 0,
  joinedAuthors: 0,
  strayIsbn: 0,
  isbn: {},
};

const EDITION: SimulatedEdition = {
  isbn13: "9781402894626",
  rawTitle: "The Ledger: A Novel (Salt, #2)",
  title: "The Ledger",
  subtitle: "A Novel",
  authors: ["Mara Quill"],
  publisher: "Harrow & Pike",
  published: "2012-03",
  pages: 352,
  language: "en",
  format: null,
};

function filed(shares: Partial<FlawShares>): SimulatedEdition {
  return fileEdition(EDITION, { service: "catalogue", shares: { ...NONE, ...shares } });
}

Deno.test("surnameFirst() inverts plain names and leaves the others", () => {
  assertEquals(surnameFirst("Mara van der Quill"), "Quill, Mara van der");
  for (const name of ["Voltaire", "Quill, Mara", "Robert Downey Jr."]) {
    assertEquals(surnameFirst(name), name);
  }
});

Deno.test("misspell() changes the places of two letters of the longest word and nothing else", () => {
  const wrong = misspell("The Ledger");
  assertNotEquals(wrong, "The Ledger");
  assert(wrong.startsWith("The L") && wrong.endsWith("r"), wrong);
  assertEquals(misspell("It"), "It");
  fc.assert(fc.property(fc.string({ unit: "grapheme" }), (title) => {
    assertEquals([...misspell(title)].sort(), [...title].sort());
  }));
});

Deno.test("fileEdition() keeps a record as it is when no flaw falls on it", () => {
  assertEquals(filed({}), { ...EDITION, isbnListing: "plain" });
});

Deno.test("fileEdition() applies each flaw that is certain", () => {
  assertEquals(filed({ noAuthors: 1 }).authors, []);
  assertEquals(filed({ surnameFirst: 1 }).authors, ["Quill, Mara"]);
  assertEquals(filed({ joinedAuthors: 1 }).authors, EDITION.authors, "one is not joined to others");
  const many = fileEdition({ ...EDITION, authors: ["A. Breck", "M. Quill", "T. Lund"] }, {
    service: "catalogue",
    shares: { ...NONE, joinedAuthors: 1, strayIsbn: 1 },
    siblings: [EDITION, { ...EDITION, isbn13: "9781402894633" }],
  });
  assertEquals(many.authors, ["A. Breck, M. Quill and T. Lund"]);
  assertEquals(many.strayIsbn13s, ["9781402894633"]);
  assertEquals(filed({ noDate: 1 }).published, null);
  assertEquals(filed({ noLanguage: 1 }).language, null);
  const { title, subtitle } = filed({ seriesInTitle: 1 });
  assertEquals([title, subtitle], ["The Ledger: A Novel (Salt, #2)", null]);
  assertNotEquals(filed({ misspelt: 1 }).title, EDITION.title);
  assertEquals(filed({ isbn: { none: 1 } }).isbnListing, "none");
  assertEquals(
    filed({ isbn: { isbn10_only: 0.5, hyphenated: 0.5 } }).isbnListing === "plain",
    false,
  );
});

Deno.test("fileEdition() lets flaws fall in their shares, on other records in other services", () => {
  const isbns = Array.from({ length: 4_000 }, (_, index) => String(9_780_000_000_000 + index));
  const marks = (service: string) =>
    isbns.map((isbn13) => {
      const shares = { ...NONE, noDate: 0.1 };
      return fileEdition({ ...EDITION, isbn13 }, { service, shares }).published === null;
    });
  const count = (list: boolean[]) => list.filter(Boolean).length;
  const [first, second] = [marks("one"), marks("two")];
  assert(count(first) > 340 && count(first) < 460, `${count(first)} of 4,000 at 0.1`);
  const both = count(first.map((mark, index) => mark && second[index] === true));
  assert(both > 15 && both < 75, `${both} in both, expected about 40`);
});
