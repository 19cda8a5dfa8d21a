import { assert, assertEquals, assertFalse, assertRejects } from "@std/assert";
import { createOpenLibrary } from "../../../../src/providers/resolvers/open_library/open_library.ts";
import type { Answer } from "../../fixture_server.ts";
import {
  isbnsOf,
  type MakeResolver,
  type ResolverBench,
  withFixtures,
  withSimulatedCatalogues,
  worksOf,
} from "../resolver_harness.ts";

const make: MakeResolver = (http) => createOpenLibrary({ ...http, contact: "ops@example.org" });

function answering(
  answers: readonly Answer[],
  test: (bench: ResolverBench) => Promise<void>,
): Promise<void> {
  return withFixtures({ make, answers }, test);
}

const found = (...docs: readonly unknown[]) => Response.json({ numFound: docs.length, docs });
const editions = (...entries: readonly unknown[]) => Response.json({ size: 9, entries });

function work(fields: Record<string, unknown> = {}, edition: Record<string, unknown> = {}) {
  return {
    key: "/works/OL90000001W",
    title: "The Salt Ledger",
    author_name: ["Mara Quill"],
    first_publish_year: 2024,
    edition_count: 4,
    editions: {
      docs: [{
        key: "/books/OL90000011M",
        title: "The Salt Ledger",
        isbn: ["1402894627", "9781402894626"],
        language: ["eng"],
        publish_date: ["Mar 12, 2024"],
        publisher: ["Harrow & Pike"],
        format: ["Hardcover"],
        ...edition,
      }],
    },
    ...fields,
  };
}

Deno.test("createOpenLibrary() needs one request for a book of the year asked for", () =>
  answering([found(work())], async ({ find, calls, arrived }) => {
    assertEquals(await find(), {
      kind: "candidates",
      works: [{
        provider: "open_library",
        provider_key: "/works/OL90000001W",
        title: "The Salt Ledger",
        subtitle: null,
        authors: ["Mara Quill"],
        first_published: { year: 2024, month: null, day: null },
        popularity: 4,
        editions: [{
          isbn13: "9781402894626",
          title: "The Salt Ledger",
          subtitle: null,
          published: { year: 2024, month: 3, day: 12 },
          language: "en",
          binding: "hardcover",
          publisher: "Harrow & Pike",
          pages: null,
        }],
      }],
    });
    assertEquals(calls, ["open_library"]);
    const { pathname, searchParams } = new URL(arrived[0]?.path ?? "", "http://x");
    assertEquals(pathname, "/search.json");
    assertEquals([searchParams.get("limit"), searchParams.get("lang")], ["20", "en"]);
    const fields = searchParams.get("fields")?.split(",") ?? [];
    assert(["editions", "editions.isbn", "author_name"].every((field) => fields.includes(field)));
    assertFalse(fields.includes("isbn"), "the work's own list is a random edition's");
  }));

Deno.test("createOpenLibrary() searches without the year, then for the author, then for the title", () =>
  answering([found()], async ({ find, calls, arrived }) => {
    assertEquals(await find(), { kind: "not_found" });
    assertEquals(calls.length, 4);
    const asked = arrived.map(({ path }) => new URL(path, "http://x").searchParams.get("q"));
    assertEquals(asked.slice(1), [
      "title:(the salt ledger) AND (author_name:(quill) OR author_alternative_name:(quill))",
      "(author_name:(mara quill) OR author_alternative_name:(mara quill))",
      "title:(the salt ledger)",
    ]);
  }));

Deno.test("createOpenLibrary() reads the editions when the one shown is no good", async () => {
  const shown: readonly Record<string, unknown>[] = [
    { isbn: [] },
    { publish_date: ["1998"] },
    { publish_date: [] },
    { publish_date: ["1998", "2024"] },
    { language: ["ger"] },
    { format: ["Audio CD"] },
  ];
  const record = {
    title: "The Salt Ledger",
    subtitle: "a novel",
    isbn_10: ["1402894635"],
    languages: [{ key: "/languages/eng" }],
    publish_date: "March 2024",
    publishers: ["Harrow & Pike"],
    physical_format: "Paperback",
    number_of_pages: 352,
  };
  for (const edition of shown) {
    await answering([found(work({}, edition)), editions(record)], async (bench) => {
      const works = worksOf(await bench.find());
      assertEquals(works[0]?.editions.at(-1), {
        isbn13: "9781402894633",
        title: "The Salt Ledger",
        subtitle: "a novel",
        published: { year: 2024, month: 3, day: null },
        language: "en",
        binding: "paperback",
        publisher: "Harrow & Pike",
        pages: 352,
      });
      assertEquals(bench.arrived[1]?.path, "/works/OL90000001W/editions.json?limit=200");
      assertEquals(bench.calls.length, 2);
    });
  }
});

Deno.test("createOpenLibrary() does not read the editions of a work that has no others", () =>
  answering([found(work({ edition_count: 1 }, { publish_date: ["1998"] }))], async (bench) => {
    assertEquals(isbnsOf(await bench.find()), ["9781402894626"]);
    assertEquals(bench.calls.length, 1);
  }));

Deno.test("createOpenLibrary() reads at most two works, the best known first, and no summaries", () => {
  const old = { publish_date: ["1998"] };
  const works = found(
    work({ key: "/works/OL1W", title: "Summary of The Salt Ledger", author_name: ["QuickRead"] }),
    work({ key: "/works/OL2W", edition_count: 2 }, old),
    work({ key: "/works/OL3W", edition_count: 9 }, old),
    work({ key: "/works/OL4W", edition_count: 5 }, old),
  );
  return answering([works, editions()], async ({ find, arrived }) => {
    assertEquals(worksOf(await find()).length, 4);
    assertEquals(arrived.slice(1).map(({ path }) => path.split("?")[0]), [
      "/works/OL3W/editions.json",
      "/works/OL4W/editions.json",
    ]);
  });
});

Deno.test("createOpenLibrary() takes records with fields missing, and drops only broken ones", () => {
  const docs = [
    { key: "/works/OL5W", title: "The Salt Ledger", author_name: "Mara Quill" },
    { key: "/works/../../admin", title: "Path" },
    { key: "/works/OL6W" },
    { title: "No key" },
    null,
    "text",
    work({ editions: "none" }),
  ];
  return answering([found(...docs), editions(null, {}, 7, { title: "Salt" })], async ({ find }) => {
    const works = worksOf(await find());
    assertEquals(works.map((each) => each.provider_key), ["/works/OL5W", "/works/OL90000001W"]);
    assertEquals(works[0]?.authors, ["Mara Quill"]);
  });
});

Deno.test("createOpenLibrary() keeps every valid ISBN of a record once and no invalid one", () => {
  const isbn = ["1402894627", "9781402894626", "978-1-4028-9463-3", "9781402894627", "junk"];
  return answering([found(work({}, { isbn }))], async ({ find }) => {
    assertEquals(isbnsOf(await find()), ["9781402894626", "9781402894633"]);
  });
});

Deno.test("createOpenLibrary() asks without an author when there is none", () =>
  answering([found()], async ({ find, arrived }) => {
    assertEquals(await find({ author: "" }), { kind: "not_found" });
    assertEquals(arrived.length, 2);
    assertFalse(arrived.some(({ path }) => path.includes("author_name%3A")));
  }));

Deno.test("createOpenLibrary() rejects only when its caller has aborted", () =>
  answering([found()], async ({ find }) => {
    const reason = new Error("cancelled");
    assertEquals(await assertRejects(() => find({}, AbortSignal.abort(reason))), reason);
  }));

Deno.test("createOpenLibrary() finds books of the simulator with one request each", () =>
  withSimulatedCatalogues({ service: "open_library", make }, async ({ find, calls, simulator }) => {
    const books = [
      { title: "Gone Girl: A Novel", author: "Gillian Flynn", year: 2012, isbn: "9780297859383" },
      { title: "The Racketeer", author: "Grisham, John", year: 2012, isbn: "9780385535144" },
    ];
    for (const { isbn, ...book } of books) {
      const isbns = isbnsOf(await find({ ...book, month: null }));
      assert(isbns.includes(isbn), `${book.title}: ${isbns}`);
    }
    assertEquals(calls.length, books.length);
    assertEquals(simulator.journal.count({ service: "open_library", status: 200 }), books.length);
  }));

Deno.test("createOpenLibrary() recognises a title with a slip among the author's books", () =>
  withSimulatedCatalogues({ service: "open_library", make }, async ({ find }) => {
    const answer = await find({ title: "The Witnses", author: "Nora Roberts", year: 2012 });
    assert(worksOf(answer).some((each) => each.title === "The Witness"));
  }));
