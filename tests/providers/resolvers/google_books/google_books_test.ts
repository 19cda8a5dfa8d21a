import { assert, assertEquals, assertFalse, assertRejects } from "@std/assert";
import { createGoogleBooks } from "../../../../src/providers/resolvers/google_books/google_books.ts";
import { SIMULATOR_KEY } from "../../../../src/simulator/simulator.ts";
import type { Answer, Arrived } from "../../fixture_server.ts";
import {
  isbnsOf,
  type MakeResolver,
  type ResolverBench,
  withFixtures,
  withSimulatedCatalogues,
  worksOf,
} from "../resolver_harness.ts";

const make: MakeResolver = (http) => createGoogleBooks({ ...http, apiKey: SIMULATOR_KEY });

function answering(
  answers: readonly Answer[],
  test: (bench: ResolverBench) => Promise<void>,
): Promise<void> {
  return withFixtures({ make, answers }, test);
}

const INFO = {
  title: "The Salt Ledger",
  subtitle: "A Novel",
  authors: ["Mara Quill"],
  publisher: "Harrow & Pike",
  publishedDate: "2024-03-12",
  industryIdentifiers: [
    { type: "ISBN_13", identifier: "9781402894640" },
    { type: "ISBN_10", identifier: "1402894643" },
  ],
  pageCount: 352,
  printType: "BOOK",
  language: "en",
};

function volume(info: Record<string, unknown> = {}, fields: Record<string, unknown> = {}) {
  return {
    kind: "books#volume",
    id: "q7XcEAAAQBAJ",
    volumeInfo: { ...INFO, ...info },
    saleInfo: { country: "US", isEbook: false },
    ...fields,
  };
}

const found = (...items: readonly unknown[]) =>
  Response.json({ kind: "books#volumes", totalItems: 740, items });
const nothing = Response.json({ kind: "books#volumes", totalItems: 0 });
const GONE = Response.json({ error: { code: 404, message: "gone" } }, { status: 404 });

function paramsOf({ path }: Arrived): URLSearchParams {
  return new URL(path, "http://x").searchParams;
}

Deno.test("createGoogleBooks() needs one request for a book that is there", () =>
  answering([found(volume())], async ({ find, calls, arrived }) => {
    const shared = { title: "The Salt Ledger", subtitle: "A Novel" };
    assertEquals(await find(), {
      kind: "candidates",
      works: [{
        provider: "google_books",
        provider_key: "q7XcEAAAQBAJ",
        ...shared,
        authors: ["Mara Quill"],
        first_published: null,
        popularity: null,
        editions: [{
          isbn13: "9781402894640",
          ...shared,
          published: { year: 2024, month: 3, day: 12 },
          language: "en",
          binding: null,
          publisher: "Harrow & Pike",
          pages: 352,
        }],
      }],
    });
    assertEquals(calls, ["google_books"]);
    const [request] = arrived;
    assert(request !== undefined);
    assertEquals(request.headers.get("x-goog-api-key"), SIMULATOR_KEY);
    assertFalse(request.path.includes(SIMULATOR_KEY), "paths are logged, keys are not");
    assertEquals(request.path.split("?")[0], "/books/v1/volumes");
    const params = paramsOf(request);
    assertEquals(params.get("q"), "intitle:Salt intitle:Ledger inauthor:Quill");
    assertEquals(
      ["maxResults", "printType", "country"].map((name) => params.get(name)),
      ["40", "books", "US"],
    );
    assert(params.get("fields")?.includes("industryIdentifiers"));
  }));

Deno.test("createGoogleBooks() asks for the words anywhere when nothing is like the book", async () => {
  for (const first of [nothing, found(), found(volume({ title: "Pepper" }))]) {
    await answering([first, found(volume())], async ({ find, arrived }) => {
      assert(isbnsOf(await find()).includes("9781402894640"));
      assertEquals(arrived.map((each) => paramsOf(each).get("q")).slice(1), ["Salt Ledger Quill"]);
    });
  }
});

Deno.test("createGoogleBooks() takes two empty searches for not found, items or not", () =>
  answering([nothing, Response.json({ totalItems: 3 })], async ({ find, calls }) => {
    assertEquals(await find(), { kind: "not_found" });
    assertEquals(calls.length, 2);
  }));

Deno.test("createGoogleBooks() reads one promising volume by itself when none has an ISBN", async () => {
  const bare = volume({ industryIdentifiers: undefined, subtitle: undefined });
  const other = volume({ industryIdentifiers: undefined }, { id: "second" });
  await answering([found(bare, other), Response.json(volume())], async ({ find, arrived }) => {
    const works = worksOf(await find());
    assertEquals(works.map((work) => [work.subtitle, work.editions[0]?.isbn13]), [
      ["A Novel", "9781402894640"],
      ["A Novel", null],
    ]);
    assertEquals(arrived.length, 2);
    assertEquals(arrived[1]?.path.split("?")[0], "/books/v1/volumes/q7XcEAAAQBAJ");
  });
  const stranger = Response.json(volume({}, { id: "another" }));
  for (const answer of [GONE, stranger]) {
    await answering([found(bare), answer], async ({ find }) => {
      assertEquals(isbnsOf(await find()), [null]);
    });
  }
});

/** How the live service answers for an id it knows no more. */
const BACKEND_FAILED = Response.json({
  error: {
    code: 503,
    message: "Service temporarily unavailable.",
    errors: [{
      message: "Service temporarily unavailable.",
      domain: "global",
      reason: "backendFailed",
    }],
  },
}, { status: 503 });

Deno.test("createGoogleBooks() spends two calls on a volume that is gone, and loses nothing else", () => {
  const bare = volume({ industryIdentifiers: undefined });
  const other = volume({ title: "Pepper" }, { id: "other" });
  return answering([found(bare, other), BACKEND_FAILED], async ({ find, calls }) => {
    assertEquals(isbnsOf(await find()), [null, "9781402894640"]);
    assertEquals(calls.length, 3);
  });
});

Deno.test("createGoogleBooks() asks a second time for a volume whose backend failed once", () => {
  const bare = volume({ industryIdentifiers: undefined });
  const answers = [found(bare), BACKEND_FAILED, Response.json(volume())];
  return answering(answers, async ({ find, calls }) => {
    assertEquals(isbnsOf(await find()), ["9781402894640"]);
    assertEquals(calls.length, 3);
  });
});

Deno.test("createGoogleBooks() does not read a volume when another like it has an ISBN", () => {
  const bare = volume({ industryIdentifiers: [] }, { id: "bare" });
  return answering([found(bare, volume())], async ({ find, calls }) => {
    assertEquals(isbnsOf(await find()), [null, "9781402894640"]);
    assertEquals(calls.length, 1);
  });
});

Deno.test("createGoogleBooks() takes an ISBN only from identifiers that agree", async () => {
  const is13 = (identifier: unknown) => ({ type: "ISBN_13", identifier });
  const is10 = (identifier: unknown) => ({ type: "ISBN_10", identifier });
  const table: readonly [unknown, string | null][] = [
    [[is13("9781402894640")], "9781402894640"],
    [[is10("1402894643")], "9781402894640"],
    [[is13("978-1-4028-9464-0")], "9781402894640"],
    [[is13("9781402894626"), is10("1402894643")], null],
    [[{ type: "OTHER", identifier: "UOM:39015000000001" }], null],
    [[{ type: "OTHER", identifier: "9781402894640" }], null],
    [[{ type: "ISSN", identifier: "03785955" }], null],
    [[is13("9781402894641"), is10("1402894643")], "9781402894640"],
    [[null, 7, is13(null), is13(9781402894640)], "9781402894640"],
    ["9781402894640", null],
    [null, null],
  ];
  for (const [industryIdentifiers, expected] of table) {
    await answering([found(volume({ industryIdentifiers })), GONE], async ({ find }) => {
      assertEquals(isbnsOf(await find())[0] ?? null, expected, JSON.stringify(industryIdentifiers));
    });
  }
});

Deno.test("createGoogleBooks() accepts every way to write a date, and none", async () => {
  const table: readonly [unknown, number | null, number | null][] = [
    ["2024", 2024, null],
    ["2024-03", 2024, 3],
    ["1998*", 1998, null],
    ["1998?", 1998, null],
    ["199?", null, null],
    ["", null, null],
    [undefined, null, null],
    [{}, null, null],
  ];
  for (const [publishedDate, year, month] of table) {
    await answering([found(volume({ publishedDate }))], async ({ find }) => {
      const published = worksOf(await find())[0]?.editions[0]?.published;
      assertEquals([published?.year ?? null, published?.month ?? null], [year, month]);
    });
  }
});

Deno.test("createGoogleBooks() keeps what is readable of a list and drops the rest", () => {
  const items = [
    null,
    "text",
    {},
    volume({}, { id: "../../admin" }),
    volume({ title: "  " }),
    volume({ printType: "MAGAZINE" }),
    volume({ authors: undefined, pageCount: 0, language: "xx" }, {
      id: "thin",
      saleInfo: { isEbook: true },
    }),
    volume({ authors: "Mara Quill" }, { saleInfo: null }),
  ];
  return answering([found(...items)], async ({ find }) => {
    const works = worksOf(await find());
    assertEquals(works.map(({ provider_key, authors }) => [provider_key, authors]), [
      ["thin", []],
      ["q7XcEAAAQBAJ", ["Mara Quill"]],
    ]);
    const { binding, pages, language } = works[0]?.editions[0] ?? {};
    assertEquals([binding, pages, language], ["ebook", null, null]);
  });
});

Deno.test("createGoogleBooks() sends words only, whatever the title holds", async () => {
  const table: readonly [string, string, string][] = [
    [
      '"Salt" -ledger intitle:x',
      "O'Neil-Smith",
      "intitle:Salt intitle:ledger intitle:intitle " +
      "intitle:x inauthor:O'Neil-Smith",
    ],
    ["The And", "", "intitle:The intitle:And"],
    ["?!", "Quill", 'intitle:"?!" inauthor:Quill'],
    [
      "a b c d e f g h i j k",
      "",
      "intitle:b intitle:c intitle:d intitle:e intitle:f intitle:g " +
      "intitle:h intitle:i",
    ],
    ["\ud800Salt", "", "intitle:Salt"],
  ];
  for (const [title, author, expected] of table) {
    await answering([nothing], async ({ find, arrived }) => {
      assertEquals(await find({ title, author }), { kind: "not_found" });
      const [first] = arrived;
      assertEquals(first === undefined ? null : paramsOf(first).get("q"), expected);
    });
  }
});

Deno.test("createGoogleBooks() rejects only when its caller has aborted", () =>
  answering([nothing], async ({ find }) => {
    const reason = new Error("cancelled");
    assertEquals(await assertRejects(() => find({}, AbortSignal.abort(reason))), reason);
  }));

Deno.test("createGoogleBooks() finds books of the simulator with one request each", () =>
  withSimulatedCatalogues({ service: "google_books", make }, async ({ find, calls, simulator }) => {
    const books = [
      { title: "Gone Girl: A Novel", author: "Gillian Flynn", year: 2012, isbn: "9780297859383" },
      { title: "The Racketeer", author: "Grisham, John", year: 2012, isbn: "9780385535144" },
    ];
    for (const { isbn, ...book } of books) {
      const isbns = isbnsOf(await find({ ...book, month: null }));
      assert(isbns.includes(isbn), `${book.title}: ${isbns}`);
    }
    assertEquals(calls.length, books.length);
    assertEquals(simulator.journal.count({ service: "google_books", status: 200 }), books.length);
  }));
