// About decide_match.ts, is_beyond_doubt.ts, record_title.ts
import { assertEquals } from "@std/assert";
import { decideMatch } from "../../../src/domain/matching/decide_match.ts";
import { isBeyondDoubt } from "../../../src/domain/matching/is_beyond_doubt.ts";
import type { BookQuery, ResolverName } from "../../../src/domain/matching/resolver.ts";
import * as records from "../../support/books/match_records.ts";
import { ISBN, OTHER_ISBN, PRINTED } from "../../support/books/match_records.ts";

const INSURGENT: BookQuery = {
  title: "Insurgent",
  author: "Veronica Roth",
  series: "Divergent",
  number: "2",
  year: 2012,
  month: 5,
  language: "en",
};

function record(title: string, { isbn13 = ISBN, year = 2012, author = INSURGENT.author } = {}) {
  const published = { year, month: null, day: null };
  return (provider: ResolverName) =>
    records.record(provider, { ...PRINTED, title, authors: [author], isbn13, published });
}

type Titled = ReturnType<typeof record>;

/** The ISBN that two providers with these records lead to. */
function isbnFor(query: Partial<BookQuery>, titled: readonly Titled[]): string | null {
  const works = titled.flatMap((make) => [make("google_books"), make("open_library")]);
  const decision = decideMatch({ ...INSURGENT, ...query }, works);
  return decision.kind === "found" ? decision.isbn13 : null;
}

const TITLES = [
  "Insurgent",
  "Divergent: Insurgent",
  "Divergent #2: Insurgent",
  "Insurgent (Divergent, #2)",
  "Insurgent, Divergent #2",
  "Insurgent: Divergent",
  "Insurgent: A Divergent Novel",
];

Deno.test("decideMatch() finds the volume wherever question and record say the series", () => {
  for (const title of TITLES) {
    for (const known of TITLES) {
      const isbn13 = isbnFor({ title }, [
        record(known),
        record("Divergent", { isbn13: OTHER_ISBN, year: 2012 }),
      ]);
      assertEquals(isbn13, ISBN, `${title} among ${known}`);
    }
  }
});

Deno.test("decideMatch() never takes a record of the series for the volume, reprinted as it may be", () => {
  for (const title of TITLES) {
    for (const known of ["Divergent", "Divergent (Divergent, #1)", "The Divergent Series"]) {
      assertEquals(isbnFor({ title }, [record(known)]), null, `${title} for ${known}`);
    }
  }
  const divergent = { title: "Divergent", number: "1", year: 2011 };
  assertEquals(isbnFor(divergent, [record("Divergent", { year: 2011 })]), ISBN);
});

Deno.test("decideMatch() believes a title more than a number, which another order may give", () => {
  const nephew = { author: "C. S. Lewis", series: "The Chronicles of Narnia", year: 1955 };
  for (
    const known of [
      "The Magician's Nephew (Chronicles of Narnia, #6)",
      "The Chronicles of Narnia: The Magician's Nephew",
      "The Magician's Nephew: Chronicles of Narnia, Book 6",
    ]
  ) {
    const query = { ...nephew, title: "The Magician's Nephew", number: "1" };
    const titled = [record(known, { year: 1955, author: "C. S. Lewis" })];
    assertEquals(isbnFor(query, titled), ISBN, known);
  }
  // By its number alone "Mockingjay - Book 3" would be another volume than the second.
  const placed = record("Insurgent - Book 3");
  assertEquals(isbnFor({}, [placed]), ISBN);
  assertEquals(isbnFor({ year: 2010 }, [placed]), null);
});

Deno.test("decideMatch() tells volumes apart by their number where they are called like the series", () => {
  const naruto = { title: "Naruto", author: "Masashi Kishimoto", series: "Naruto", year: 2004 };
  const third = (title: string) => record(title, { year: 2004, author: naruto.author });
  for (const known of ["Naruto, Vol. 3", "Naruto 3", "Naruto (Naruto, #3)", "Naruto: Volume 3"]) {
    assertEquals(isbnFor({ ...naruto, number: "3" }, [third(known)]), ISBN, known);
    assertEquals(isbnFor({ ...naruto, number: "4" }, [third(known)]), null, known);
  }
});

Deno.test("decideMatch() finds the volume in spite of a series that is wrong", () => {
  for (const series of ["The Hunger Games", "Insurgent", "Veronica Roth Collection"]) {
    assertEquals(isbnFor({ series, number: "1" }, [record("Insurgent")]), ISBN, series);
    const isbn13 = isbnFor({ series, number: "1" }, [record("Insurgent (Divergent, #2)")]);
    if (series !== "Insurgent") assertEquals(isbn13, ISBN, series);
  }
});

Deno.test("decideMatch() holds words of the series against no record of it", () => {
  const annotated = { series: "The Annotated Library", number: "2" };
  const titled = [record("The Annotated Library: Insurgent")];
  assertEquals(isbnFor(annotated, titled), ISBN);
  assertEquals(isbnFor({}, titled), null);
  assertEquals(isbnFor(annotated, [record("Insurgent Study Guide")]), null);
  const query = { ...INSURGENT, ...annotated };
  const works = [record("Insurgent (The Annotated Library, #2)")("google_books")];
  assertEquals(isBeyondDoubt(decideMatch(query, works), query), true);
});

Deno.test("isBeyondDoubt() lets the title with its stated series end the search", () => {
  const query = { ...INSURGENT, title: "Divergent: Insurgent" };
  const works = [record("Insurgent (Divergent, #2)")("google_books")];
  assertEquals(isBeyondDoubt(decideMatch(query, works), query), true);
  const unstated = { ...query, series: null, number: null };
  assertEquals(isBeyondDoubt(decideMatch(unstated, works), unstated), false);
});

Deno.test("decideMatch() takes the place in a wrong series for none in the one in front", () => {
  const query = {
    title: "Maisie Dobbs: An Incomplete Revenge",
    author: "Jacqueline Winspear",
    series: "Hunter's Blades",
    number: "1",
    year: 2008,
  };
  const first = record("Maisie Dobbs (Maisie Dobbs, #1)", { year: 2008, author: query.author });
  assertEquals(isbnFor(query, [first]), null);
});
