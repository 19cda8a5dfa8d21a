// About isbndb.ts
import { assertEquals } from "@std/assert";
import type { BookQuery } from "../../../../src/domain/matching/resolver.ts";
import { createIsbndb, type Isbndb } from "../../../../src/providers/resolvers/isbndb/isbndb.ts";
import type { Arrived } from "../../fixture_server.ts";
import { ODD, OVERLONG, PLAIN } from "../../odd_books.ts";
import { type MakeResolver, withFixtures, withSimulatedCatalogues } from "../resolver_harness.ts";

// Every part is from ISBNdb's OpenAPI document, version 2.7.0, where nothing else is said.
const HEADERS = {
  // securitySchemes: the raw key, without "Bearer".
  authorization: "a-key",
  // All bodies are JSON.
  accept: "application/json",
  // Our own name; a key says whom to turn to.
  "user-agent": "AlexandriaBackfill/1.0",
};

/** The headers we choose ourselves; the others are the runtime's. */
function headersOf({ headers }: Arrived): Record<string, string> {
  const ours = ["accept", "authorization", "content-type", "user-agent"];
  return Object.fromEntries([...headers].filter(([name]) => ours.includes(name)));
}

const nothing = Response.json({ message: "Not Found", error_message: "Not Found" }, {
  status: 404,
});

const make: MakeResolver<Isbndb> = (http) => createIsbndb({ ...http, apiKey: "a-key" });

async function pathsFor(query: Partial<BookQuery>): Promise<readonly string[]> {
  let paths: readonly string[] = [];
  await withFixtures({ make, answers: [nothing] }, async ({ find, arrived }) => {
    await find(query);
    for (const sent of arrived) {
      assertEquals([sent.method, headersOf(sent), sent.body], ["GET", HEADERS, ""]);
    }
    paths = arrived.map(({ path }) => path);
  });
  return paths;
}

// GET /books/{query}: free text over all fields, in the path; page from 1; pageSize at most 100.
const PAGE = "page=1&pageSize=100";

Deno.test("createIsbndb() sends title and author as a path of at most 150 characters", async () => {
  assertEquals(await pathsFor(PLAIN), [`/books/Gone%20Girl%20Gillian%20Flynn?${PAGE}`]);
  // Signs that divide or end a path are left out, the others encoded (RFC 3986).
  assertEquals(await pathsFor(ODD), [
    `/books/C%2B%2B%20%26%20%22100%20%22%20Liebe%20Ha%C3%9F%20J%C3%BCrgen%20M%C3%BCller-L%C3%BCdenscheidt?${PAGE}`,
  ]);
  const [long = ""] = await pathsFor(OVERLONG);
  const text = decodeURIComponent(/^\/books\/([^?]*)\?page=1&pageSize=100$/.exec(long)?.[1] ?? "");
  assertEquals(text.length <= 150, true, text);
  assertEquals(text.startsWith("On the Strange and Surprising Adventures On the"), true, text);
  // The surname must survive a title that would fill the text alone.
  assertEquals(text.endsWith(" On the Habsburg-Lothringen"), true, text);
});

Deno.test("createIsbndb() sends text and author of at most 150 characters field by field", async () => {
  // GET /search/books: text and author, maxLength 150 each.
  const emma = { title: "Emma", author: "Jane Austen" };
  assertEquals(await pathsFor(emma), [
    `/search/books?text=Emma&author=Austen&${PAGE}`,
    `/books/Emma%20Jane%20Austen?${PAGE}`,
  ]);
  // The title within the series, which is what records of all sources have.
  const volume = { title: "Night Huntress 3: Destined", author: "Jeaniene Frost" };
  assertEquals((await pathsFor(volume))[0], `/search/books?text=Destined&author=Frost&${PAGE}`);
  const endless = { title: "X".repeat(300), author: `Ada ${"y".repeat(300)}` };
  const [first = ""] = await pathsFor(endless);
  const { searchParams } = new URL(first, "http://x");
  assertEquals(searchParams.get("text"), "X".repeat(150));
  assertEquals(searchParams.get("author"), "y".repeat(150));
});

Deno.test("createIsbndb() sends the years around the one asked for as bounds", async () => {
  // publishedFrom and publishedTo: YYYY, YYYY-MM or YYYY-MM-DD, never together with year.
  const old = { title: "Gone Girl", isbn13: "9781402894626", authors: ["Gillian Flynn"] };
  const full = Response.json({
    data: Array.from({ length: 100 }, () => ({ ...old, date_published: "1999" })),
  });
  await withFixtures({ make, answers: [full] }, async ({ find, arrived }) => {
    await find(PLAIN);
    assertEquals(
      arrived[1]?.path,
      `/search/books?text=Gone+Girl&author=Flynn&publishedFrom=2011&publishedTo=2013&${PAGE}`,
    );
  });
});

Deno.test("createIsbndb() posts ISBNs as JSON and asks for its plan with GET", async () => {
  const makeAsking: MakeResolver<Isbndb> = (http) =>
    createIsbndb({ ...http, apiKey: "a-key", onGrant: () => Promise.resolve() });
  await withFixtures({ make: makeAsking, answers: [nothing] }, async (bench) => {
    const { resolver, context, arrived } = bench;
    await resolver.checkIsbns(["1-4028-9462-7", "978-1-4028-9463-3"], context);
    const [key, batch] = arrived;
    // GET /key: api_host and plan_limit; free of quota.
    assertEquals([key?.method, key?.path, key?.body], ["GET", "/key", ""]);
    assertEquals(headersOf(key!), HEADERS);
    // POST /books: JSON with a list of ISBN-10 or ISBN-13 (or a form with isbns=a,b).
    assertEquals([batch?.method, batch?.path], ["POST", "/books"]);
    assertEquals(batch?.body, '{"isbns":["9781402894626","9781402894633"]}');
    assertEquals(headersOf(batch!), { ...HEADERS, "content-type": "application/json" });
  });
});

Deno.test("createIsbndb() sends nothing that the simulator's plan refuses", () => {
  const makeSimulated: MakeResolver<Isbndb> = (http) =>
    createIsbndb({ ...http, apiKey: "simulator-key" });
  return withSimulatedCatalogues(
    { service: "isbndb", make: makeSimulated },
    async ({ find, simulator }) => {
      const volume = { title: `Series 3: ${"Destined".repeat(40)}`, author: "Z".repeat(200) };
      for (const query of [PLAIN, ODD, OVERLONG, volume]) {
        const { kind } = await find(query);
        assertEquals(kind === "candidates" || kind === "not_found", true, query.title);
      }
      const refused = simulator.journal.entries().filter(({ status }) =>
        status !== 200 && status !== 404
      );
      assertEquals(refused, []);
    },
  );
});
