// About search_terms.ts
import { assert, assertEquals } from "@std/assert";
import type { BookQuery } from "../../../src/domain/matching/resolver.ts";
import { createArchiveOrg } from "../../../src/providers/resolvers/archive_org/archive_org.ts";
import { createGoogleBooks } from "../../../src/providers/resolvers/google_books/google_books.ts";
import type { Arrived } from "../fixture_server.ts";
import { ODD, OVERLONG, PLAIN } from "../odd_books.ts";
import { type MakeResolver, withFixtures } from "./resolver_harness.ts";

/** The headers we choose ourselves; the others are the runtime's. */
function headersOf({ headers }: Arrived): Record<string, string> {
  const ours = ["accept", "authorization", "content-type", "user-agent", "x-goog-api-key"];
  return Object.fromEntries([...headers].filter(([name]) => ours.includes(name)));
}

interface Service {
  readonly make: MakeResolver;
  readonly nothing: unknown;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Every parameter but `q`. */
  readonly fixed: readonly (readonly [string, string])[];
}

const GOOGLE: Service = {
  make: (http) => createGoogleBooks({ ...http, apiKey: "a-key" }),
  nothing: { kind: "books#volumes", totalItems: 0 },
  // Google Books API, volumes.list.
  path: "/books/v1/volumes",
  headers: {
    accept: "application/json",
    "user-agent": "AlexandriaBackfill/1.0",
    // Google Cloud, "Using API keys": the header in the place of the parameter `key`.
    "x-goog-api-key": "a-key",
  },
  fixed: [
    // volumes.list: 0 to 40; all, books or magazines.
    ["maxResults", "40"],
    ["printType", "books"],
    // Declared for volumes.get and read by volumes.list too: a server's place may be unknown.
    ["country", "US"],
    // Partial responses: a field mask.
    [
      "fields",
      "totalItems,items(id,volumeInfo(title,subtitle,authors,publisher,publishedDate," +
      "industryIdentifiers,pageCount,printType,language),saleInfo(isEbook))",
    ],
  ],
};

const ARCHIVE: Service = {
  make: (http) => createArchiveOrg({ ...http, contact: "ops@example.org" }),
  nothing: { responseHeader: { status: 0 }, response: { numFound: 0, start: 0, docs: [] } },
  // archive.org/advancedsearch.php, the form that gives JSON.
  path: "/advancedsearch.php",
  headers: {
    accept: "application/json",
    "user-agent": "AlexandriaBackfill/1.0 (ops@example.org)",
  },
  fixed: [
    ...[
      "identifier",
      "title",
      "volume",
      "creator",
      "isbn",
      "related-external-id",
      "openlibrary_edition",
      "date",
      "publisher",
      "language",
      "downloads",
    ].map((field) => ["fl[]", field] as const),
    ["sort[]", "downloads desc"],
    ["rows", "50"],
    ["page", "1"],
    ["output", "json"],
  ],
};

/** What is asked for a book that is not there; all of the requests but `q` is compared here. */
async function queriesOf(service: Service, query: BookQuery): Promise<readonly string[]> {
  const { make, nothing, path, headers, fixed } = service;
  let queries: readonly string[] = [];
  await withFixtures({ make, answers: [Response.json(nothing)] }, async ({ find, arrived }) => {
    await find(query);
    queries = arrived.map((sent) => {
      const { pathname, searchParams } = new URL(sent.path, "http://x");
      assertEquals([sent.method, pathname, sent.body], ["GET", path, ""]);
      assertEquals(headersOf(sent), headers);
      assertEquals([...searchParams].filter(([name]) => name !== "q"), fixed);
      return searchParams.get("q") ?? "";
    });
  });
  return queries;
}

Deno.test("createGoogleBooks() sends a word a field, then the words alone", async () => {
  // volumes.list: intitle: and inauthor: bind the next word.
  assertEquals(await queriesOf(GOOGLE, PLAIN), [
    "intitle:Gone intitle:Girl inauthor:Flynn",
    "Gone Girl Flynn",
  ]);
  assertEquals(await queriesOf(GOOGLE, ODD), [
    "intitle:C intitle:100 intitle:Liebe intitle:Haß inauthor:Müller-Lüdenscheidt",
    "C 100 Liebe Haß Müller-Lüdenscheidt",
  ]);
  const [long = ""] = await queriesOf(GOOGLE, OVERLONG);
  assertEquals(long.match(/intitle:/g)?.length, 8, long);
  assert(long.endsWith(" inauthor:Habsburg-Lothringen"), long);
});

Deno.test("createArchiveOrg() sends the title as a phrase, then its telling words", async () => {
  // Lucene, with AND, OR and NOT in capitals; fields of an item's metadata.
  assertEquals(await queriesOf(ARCHIVE, PLAIN), [
    'title:("Gone Girl") AND creator:(flynn) AND mediatype:texts',
    "title:(gone AND girl) AND creator:(flynn) AND mediatype:texts",
  ]);
  const author = "creator:(müller\\-lüdenscheidt) AND mediatype:texts";
  assertEquals(await queriesOf(ARCHIVE, ODD), [
    `title:("C 100 Liebe Haß") AND ${author}`,
    `title:(c AND 100 AND liebe AND haß) AND ${author}`,
  ]);
  for (const q of await queriesOf(ARCHIVE, OVERLONG)) {
    // Beyond about 2,000 characters it answers [UNSUPPORTED_VALUE].
    assert(q.length < 1_500, `${q.length} characters`);
    assert(q.endsWith(" AND creator:(habsburg\\-lothringen) AND mediatype:texts"), q);
  }
});
