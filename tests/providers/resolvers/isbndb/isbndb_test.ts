import { assert, assertEquals, assertRejects } from "@std/assert";
import { createIsbndb } from "../../../../src/providers/resolvers/isbndb/isbndb.ts";
import { SIMULATOR_KEY } from "../../../../src/simulator/simulator.ts";
import type { Answer } from "../../fixture_server.ts";
import {
  isbnsOf,
  type MakeResolver,
  type ResolverBench,
  withFixtures,
  withSimulatedCatalogues,
  worksOf,
} from "../resolver_harness.ts";

const make: MakeResolver = (http) => createIsbndb({ ...http, apiKey: SIMULATOR_KEY });

function answering(
  answers: readonly Answer[],
  test: (bench: ResolverBench) => Promise<void>,
): Promise<void> {
  return withFixtures({ make, answers }, test);
}

const found = (...data: readonly unknown[]) => Response.json({ total: data.length, data });
const nothing = Response.json({ message: "Not Found", error_message: "Not Found" }, {
  status: 404,
});

const BOOK = {
  title: "The Salt Ledger",
  title_long: "The Salt Ledger: A Novel",
  isbn: "9781402894626",
  isbn13: "9781402894626",
  isbn10: "1402894627",
  publisher: "Harrow & Pike",
  language: "en",
  date_published: "2024-03-12",
  binding: "Hardcover",
  pages: 352,
  authors: ["Mara Quill", "Mara Quill"],
  other_isbns: [{ isbn: "9781402894633", binding: "Paperback" }],
  dimensions_structured: [],
};

Deno.test("createIsbndb() needs one request for a book that is there", () =>
  answering([found(BOOK)], async ({ find, calls, arrived }) => {
    const shared = { title: "The Salt Ledger", subtitle: "A Novel" };
    assertEquals(await find(), {
      kind: "candidates",
      works: [{
        provider: "isbndb",
        provider_key: "9781402894626",
        ...shared,
        authors: ["Mara Quill"],
        first_published: null,
        popularity: null,
        editions: [
          {
            isbn13: "9781402894626",
            ...shared,
            published: { year: 2024, month: 3, day: 12 },
            language: "en",
            binding: "hardcover",
            publisher: "Harrow & Pike",
            pages: 352,
          },
          {
            isbn13: "9781402894633",
            ...shared,
            published: null,
            language: null,
            binding: "paperback",
            publisher: null,
            pages: null,
          },
        ],
      }],
    });
    assertEquals(calls, ["isbndb"]);
    assertEquals(arrived[0]?.headers.get("authorization"), SIMULATOR_KEY);
    assertEquals(
      arrived[0]?.path,
      "/books/The%20Salt%20Ledger%20Mara%20Quill?page=1&pageSize=100",
    );
  }));

Deno.test("createIsbndb() asks for a title of one word field by field, and then in free text", async () => {
  for (const first of [nothing, found(), found(BOOK)]) {
    await answering([first, found({ ...BOOK, title: "Saltbush" })], async (bench) => {
      const isbns = isbnsOf(await bench.find({ title: "The Saltbush" }));
      assert(isbns.includes("9781402894626"));
      const { pathname, searchParams } = new URL(bench.arrived[0]?.path ?? "", "http://x");
      assertEquals(pathname, "/search/books");
      assertEquals([searchParams.get("text"), searchParams.get("author")], [
        "The Saltbush",
        "Quill",
      ]);
      assertEquals(
        bench.arrived[1]?.path,
        "/books/The%20Saltbush%20Mara%20Quill?page=1&pageSize=100",
      );
      assertEquals(bench.calls.length, 2);
    });
  }
});

Deno.test("createIsbndb() does not pay to ask again for a book that free text does not find", async () => {
  await answering([nothing], async ({ find, calls }) => {
    assertEquals(await find(), { kind: "not_found" });
    assertEquals(calls.length, 1);
  });
  await answering([found({ ...BOOK, title: "Pepper" })], async ({ find, calls }) => {
    assertEquals(worksOf(await find()).length, 1);
    assertEquals(calls.length, 1);
  });
});

Deno.test("createIsbndb() asks for the years around when a full page holds no edition of them", () => {
  const reprints = Array.from({ length: 100 }, () => ({ ...BOOK, date_published: "1999" }));
  return answering([found(...reprints), found(BOOK)], async ({ find, arrived, calls }) => {
    await find();
    const { searchParams } = new URL(arrived[1]?.path ?? "", "http://x");
    assertEquals([searchParams.get("publishedFrom"), searchParams.get("publishedTo")], [
      "2023",
      "2025",
    ]);
    assertEquals(calls.length, 2);
  });
});

Deno.test("createIsbndb() does not pay for other years when the page was not full", () =>
  answering([found({ ...BOOK, date_published: "1999" })], async ({ find, calls }) => {
    await find();
    assertEquals(calls.length, 1);
  }));

Deno.test("createIsbndb() keeps the text in the path short and free of what divides a path", async () => {
  const titles = ["A/B\\C?D#E%F", "x".repeat(400), `${"y".repeat(149)}😀 tail`, "\ud800 lone"];
  for (const title of titles) {
    await answering([nothing], async ({ find, arrived }) => {
      assertEquals(await find({ title }), { kind: "not_found" });
      const path = new URL(arrived.at(-1)?.path ?? "", "http://x").pathname;
      const text = decodeURIComponent(path.slice("/books/".length));
      assert(text.length > 0 && text.length <= 150 && !/[/\\?#%]/.test(text), text);
    });
  }
});

Deno.test("createIsbndb() reads the list under its old and its new name", async () => {
  for (const name of ["books", "data"]) {
    await answering([Response.json({ total: 1, [name]: [BOOK] })], async ({ find }) => {
      assertEquals(worksOf(await find()).length, 1, name);
    });
  }
});

Deno.test("createIsbndb() takes the ISBN from whichever field holds a valid one", async () => {
  const table: readonly [Record<string, unknown>, string | null][] = [
    [{ isbn13: "9781402894626", isbn: "1402894635", isbn10: null }, "9781402894626"],
    [{ isbn13: null, isbn: "1402894635", isbn10: null }, "9781402894633"],
    [{ isbn13: undefined, isbn: "9781402894640", isbn10: "1402894627" }, "9781402894640"],
    [{ isbn13: "9781402894627", isbn: "junk", isbn10: "1402894627" }, "9781402894626"],
    [{ isbn13: 9798887001005, isbn: null, isbn10: null }, "9798887001005"],
    [{ isbn13: "", isbn: null, isbn10: "x" }, null],
  ];
  for (const [isbns, expected] of table) {
    await answering([found({ ...BOOK, ...isbns, other_isbns: null })], async ({ find }) => {
      const answer = await find();
      assertEquals(answer.kind === "candidates" ? isbnsOf(answer) : [null], [expected]);
    });
  }
});

Deno.test("createIsbndb() accepts nulls, odd forms and every way to write a date", async () => {
  const dates: readonly [unknown, number | null, number | null][] = [
    ["2024", 2024, null],
    ["2024-03", 2024, 3],
    ["2024-03-12", 2024, 3],
    ["2024-03-12T00:00:01Z", 2024, 3],
    [2024, 2024, null],
    ["", null, null],
    [null, null, null],
    ["0000-00-00", null, null],
  ];
  for (const [date_published, year, month] of dates) {
    const book = {
      ...BOOK,
      date_published,
      title_long: null,
      authors: null,
      publisher: null,
      binding: null,
      language: "en_US",
      pages: "352",
      other_isbns: {},
    };
    await answering([found(book)], async ({ find }) => {
      const [work] = worksOf(await find());
      const edition = work?.editions[0];
      assertEquals([edition?.published?.year ?? null, edition?.published?.month ?? null], [
        year,
        month,
      ], String(date_published));
      assertEquals([work?.subtitle, work?.authors, edition?.binding], [null, [], null]);
      assertEquals([edition?.language, edition?.pages], ["en", 352]);
    });
  }
});

Deno.test("createIsbndb() drops broken records and keeps the others", () =>
  answering(
    [found(null, 7, { isbn13: "9781402894626" }, { title: "No ISBN" }, BOOK)],
    async (b) => {
      assertEquals(worksOf(await b.find()).length, 1);
    },
  ));

Deno.test("createIsbndb() rejects only when its caller has aborted", () =>
  answering([nothing], async ({ find }) => {
    const reason = new Error("cancelled");
    assertEquals(await assertRejects(() => find({}, AbortSignal.abort(reason))), reason);
  }));

Deno.test("createIsbndb() finds books of the simulator with one request each, whatever the list is called", async () => {
  for (const listKey of ["books", "data"] as const) {
    const options = { plans: { isbndb: { listKey } } };
    await withSimulatedCatalogues({ service: "isbndb", make, options }, async ({ find, calls }) => {
      const books = [
        { title: "Gone Girl: A Novel", author: "Gillian Flynn", year: 2012, isbn: "9780297859383" },
        { title: "The Racketeer", author: "Grisham, John", year: 2012, isbn: "9780385535144" },
      ];
      for (const { isbn, ...book } of books) {
        const isbns = isbnsOf(await find({ ...book, month: null }));
        assert(isbns.includes(isbn), `${book.title}: ${isbns}`);
      }
      assertEquals(calls.length, books.length);
    });
  }
});
