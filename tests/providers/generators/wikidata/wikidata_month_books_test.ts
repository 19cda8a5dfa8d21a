import { NO_SERIES } from "../../../../src/domain/series/series_fields.ts";
import { assertEquals } from "@std/assert";
import {
  links,
  statement,
  texts,
  type WikidataItem,
  type WikidataStatement,
} from "../../../../src/simulator/wikidata/wikidata_statements.ts";
import {
  BY_MARA,
  dated,
  edition,
  ENGLISH,
  FRENCH,
  item,
  request,
  titlesOf,
  withItems,
  work,
} from "../wikidata_harness.ts";

const UNKNOWN = statement("P577", { kind: "somevalue" });
const NONE = statement("P577", { kind: "novalue" });

Deno.test("monthBook() counts a work by its earliest date of the best rank", async () => {
  const table: readonly [readonly WikidataStatement[], boolean][] = [
    [[dated("2012-03")], true],
    [[dated("2012-03-01")], true],
    [[dated("2012-03-31")], true],
    [[dated("2012-02-29")], false],
    [[dated("2012-04-01")], false],
    [[dated("2012")], false],
    [[dated("2012"), dated("2012-03-06")], true],
    [[dated("2011"), dated("2012-03-06")], false],
    [[dated("2012-03-06"), dated("2012-05-01")], true],
    [[dated("2010-01-05"), dated("2012-03-06")], false],
    [[dated("2010-01-05"), dated("2012-03-06", "preferred")], true],
    [[dated("2012-03-06"), dated("2012-05-01", "preferred")], false],
    [[dated("2012-03-06", "deprecated")], false],
    [[dated("2012-03-06", "deprecated"), dated("2011-05")], false],
    [[UNKNOWN, NONE], false],
    [[UNKNOWN, NONE, dated("2012-03-06")], true],
  ];
  for (const [statements, expected] of table) {
    const found = await titlesOf(work("Q1", statements));
    assertEquals(found, expected ? ["Work Q1"] : [], JSON.stringify(statements));
  }
});

Deno.test("monthBook() takes no year for its first of January", async () => {
  const items = [work("Q1", [dated("2012")]), work("Q2", [dated("2012-01-01")])];
  await withItems(items, async ({ list }) => {
    const books = await list(request({ year: 2012, month: 1 }));
    assertEquals(books, [{ title: "Work Q2", author: "Mara Quill", month: 1, ...NO_SERIES }]);
  });
});

Deno.test("monthBook() leaves out what is no single book, whatever else it is said to be", async () => {
  const isA = (...classes: readonly string[]) => links("P31", classes);
  const date = dated("2012-03-06");
  const table: readonly [readonly WikidataStatement[], boolean][] = [
    [isA("Q8261"), true],
    [isA("Q571", "Q20540385"), true],
    [isA("Q4830453"), false],
    [isA("Q11424"), false],
    [isA("Q13442814"), false],
    [isA("Q1002697"), false],
    [isA("Q1760610"), false],
    [isA("Q571", "Q1004"), false],
    [isA("Q7725634", "Q11424"), false],
    [[...isA("Q7725634"), ...links("P7937", ["Q49084"])], false],
    [[...isA("Q7725634"), ...links("P7937", ["Q8261"])], true],
    [[], false],
  ];
  for (const [classes, expected] of table) {
    const found = await titlesOf(work("Q1", [], { statements: [...classes, ...BY_MARA, date] }));
    assertEquals(found.length, expected ? 1 : 0, JSON.stringify(classes));
  }
});

function poem(id: string): WikidataItem {
  return work(id, [], { statements: [...links("P31", ["Q5185279"]), ...BY_MARA] });
}

Deno.test("monthBook() counts an edition for its work unless that appeared before", async () => {
  const march = edition("Q2", "Q1", [dated("2012-03-06")]);
  const table: readonly [string, readonly WikidataItem[], boolean][] = [
    ["an undated work", [work("Q1", []), march], true],
    ["a work of that year", [work("Q1", [dated("2012")]), march], true],
    ["a work of the year before", [work("Q1", [dated("2011")]), march], false],
    ["a work of the month before", [work("Q1", [dated("2012-02")]), march], false],
    ["a work of a later month", [work("Q1", [dated("2012-05")]), march], true],
    [
      "a work with an earlier edition",
      [work("Q1", []), march, edition("Q3", "Q1", [dated("2012-02-28")])],
      false,
    ],
    [
      "a work with an edition of an earlier year",
      [work("Q1", []), march, edition("Q3", "Q1", [dated("1999")])],
      false,
    ],
    [
      "a work with an edition of that year",
      [work("Q1", []), march, edition("Q3", "Q1", [dated("2012")])],
      true,
    ],
    [
      "a work with an edition wrongly dated earlier",
      [work("Q1", []), march, edition("Q3", "Q1", [dated("1999", "deprecated")])],
      true,
    ],
    ["a work that is a poem", [poem("Q1"), march], false],
    ["a work that is gone", [march], false],
  ];
  for (const [name, items, expected] of table) {
    assertEquals(await titlesOf(...items), expected ? ["Work Q1"] : [], name);
  }
  const alone = item("Q2", {
    ...march,
    statements: [...links("P31", ["Q3331189"]), ...BY_MARA, dated("2012-03")],
  });
  assertEquals(await titlesOf(alone), ["Edition Q2"], "an edition that names no work");
});

Deno.test("monthBook() counts a translation only when it is the first into English", async () => {
  const original = work("Q1", [dated("2010-01-05"), ...FRENCH]);
  const english = edition("Q2", "Q1", [dated("2012-03-06"), ...ENGLISH]);
  const german = edition("Q2", "Q1", [dated("2012-03-06"), ...links("P407", ["Q188"])]);
  const earlier = (language: readonly WikidataStatement[]) =>
    edition("Q3", "Q1", [dated("2011-09-01"), ...language]);
  const table: readonly [string, readonly WikidataItem[], readonly string[]][] = [
    ["first into English", [original, english], ["Edition Q2"]],
    ["after one into French", [original, english, earlier(FRENCH)], ["Edition Q2"]],
    ["after one into English", [original, english, earlier(ENGLISH)], []],
    ["after one into British English", [original, english, earlier(links("P407", ["Q7979"]))], []],
    ["into German", [original, german], []],
    ["into German of an undated work", [work("Q1", FRENCH), german], []],
    ["of a work in English", [work("Q1", [dated("2010"), ...ENGLISH]), english], []],
    ["of a work in no known language", [work("Q1", [dated("2010")]), english], []],
  ];
  for (const [name, items, expected] of table) {
    assertEquals(await titlesOf(...items), expected, name);
  }
});

Deno.test("monthBook() takes the title in English, else the one for all, else the original", async () => {
  const title = (text: string, language: string) =>
    statement("P1476", { kind: "title", text, language });
  const march = [dated("2012-03-06"), ...FRENCH];
  const table: readonly [WikidataItem["labels"], readonly WikidataStatement[], string | null][] = [
    [{ fr: "Le Sel", en: "Salt" }, [title("Le Sel", "fr")], "Salt"],
    [{ fr: "Le Sel", mul: "Sel" }, [title("Le Sel", "fr"), title("Salt", "en")], "Salt"],
    [{ fr: "Le Sel", mul: "Sel" }, [title("Le Sel", "fr")], "Sel"],
    [{ de: "Das Salz" }, [title("Le Sel", "fr")], "Le Sel"],
    [{ de: "Das Salz", fr: "Le Sel" }, [], "Le Sel"],
    [{ de: "Das Salz" }, [], null],
  ];
  for (const [labels, titles, expected] of table) {
    const found = await titlesOf(work("Q1", [...titles, ...march], { labels }));
    assertEquals(found, expected === null ? [] : [expected], JSON.stringify([labels, titles]));
  }
});

Deno.test("authorOf() names everybody as the book does, and leaves out a book by nobody", async () => {
  const people = [
    item("Q8", { labels: { mul: "Jon Doe", de: "Johann Doe" } }),
    item("Q9", { labels: { ru: "Иван Петров", de: "Iwan Petrow" } }),
    item("Q10", { labels: { ru: "Анна" } }),
    item("Q11"),
  ];
  const credited = (id: string, statedAs: string): readonly WikidataStatement[] =>
    links("P50", [id]).map((author) => ({ ...author, statedAs }));
  const table: readonly [readonly WikidataStatement[], string | null][] = [
    [links("P50", ["Q7", "Q8"]), "Mara Quill; Jon Doe"],
    [[...links("P50", ["Q7"]), ...texts("P2093", ["Ada Frost"])], "Mara Quill; Ada Frost"],
    [texts("P2093", ["Ada Frost"]), "Ada Frost"],
    [credited("Q7", "Robert Galt"), "Robert Galt"],
    [credited("Q7", "Мара Квилл"), "Mara Quill"],
    [credited("Q11", "Мара Квилл"), "Мара Квилл"],
    [links("P50", ["Q9"]), "Iwan Petrow"],
    [links("P50", ["Q10"]), "Анна"],
    [links("P50", ["Q11", "Q7", "Q404"]), "Mara Quill"],
    [links("P50", ["Q11"]), null],
    [[{ ...links("P50", ["Q7"])[0]!, rank: "deprecated" }], null],
    [[], null],
  ];
  for (const [authors, expected] of table) {
    const book = work("Q1", [], {
      statements: [...links("P31", ["Q571"]), dated("2012-03-06"), ...authors],
    });
    await withItems([book, ...people], async ({ list }) => {
      const found = (await list()).map(({ author }) => author);
      assertEquals(found, expected === null ? [] : [expected], JSON.stringify(authors));
    });
  }
});
