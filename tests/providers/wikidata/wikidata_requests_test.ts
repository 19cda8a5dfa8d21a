import { assertEquals, assertLessOrEqual } from "@std/assert";
import type { BookQuery } from "../../../src/domain/matching/resolver.ts";
import { createWikidataRequests } from "../../../src/providers/wikidata/wikidata_requests.ts";
import { type Arrived, serveFixtures } from "../fixture_server.ts";
import { manualClock } from "../manual_clock.ts";
import { ODD, OVERLONG, PLAIN } from "../odd_books.ts";
import {
  answering,
  entities,
  hits,
  itemValue,
  MARA_QUILL,
  saltLedger,
} from "../resolvers/wikidata/wikidata_fixtures.ts";

const HEADERS = {
  accept: "application/json",
  // Wikimedia Foundation User-Agent Policy: client name/version (contact).
  "user-agent": "AlexandriaBackfill/1.0 (ops@example.org)",
};

/** The headers we choose ourselves; the others are the runtime's. */
function headersOf({ headers }: Arrived): Record<string, string> {
  const ours = ["accept", "authorization", "content-type", "user-agent"];
  return Object.fromEntries([...headers].filter(([name]) => ours.includes(name)));
}

async function searchFor(query: Partial<BookQuery>): Promise<string> {
  let path = "";
  await answering([hits()], async ({ find, arrived }) => {
    await find(query);
    const [sent] = arrived;
    assertEquals([sent?.method, headersOf(sent!), sent?.body], ["GET", HEADERS, ""]);
    path = sent?.path ?? "";
  });
  return path;
}

/** What the search asks for, in its order; the parameters of API:Search at mediawiki.org. */
function searchPath(phrase: string): string {
  const parameters = {
    action: "query",
    list: "search",
    // A phrase in quotes; P50 or P2093 names an author, Q13442814 is a scholarly article
    // (Help:WikibaseCirrusSearch: haswbstatement, "|" for or, "-" for not).
    srsearch: `"${phrase}" haswbstatement:P50|P2093 -haswbstatement:P31=Q13442814`,
    srlimit: "20",
    // No snippets, sizes and times.
    srprop: "",
    format: "json",
    // No maxlag: the query service's lag counts into it (Manual:Maxlag parameter).
  };
  return `/w/api.php?${new URLSearchParams(parameters)}`;
}

Deno.test("createWikidata() searches for the words of a title as a phrase", async () => {
  assertEquals(await searchFor(PLAIN), searchPath("Gone Girl"));
  // Quotes, slashes and other signs of CirrusSearch's syntax are left out.
  assertEquals(await searchFor(ODD), searchPath("C 100 Liebe Haß"));
  const long = new URL(await searchFor(OVERLONG), "http://x").searchParams.get("srsearch") ?? "";
  // CirrusSearch's `Searcher.php`, MAX_TEXT_SEARCH: longer ones are refused.
  assertLessOrEqual(long.length, 300);
});

Deno.test("createWikidata() reads at most 50 items at a time, with what it needs of them", () => {
  const people = Array.from({ length: 60 }, (_, index) => itemValue(`Q${100 + index}`));
  const book = saltLedger({ P50: people, P212: [] });
  return answering(
    [hits(book.id), entities(book), entities(MARA_QUILL)],
    async ({ find, arrived }) => {
      await find({ language: "de" });
      const [, items, authors] = arrived.map(({ path }) => path);
      // wbgetentities: ids, props and languages separated by "|"; 50 values without special rights.
      const parameters = (ids: string, props: string) => ({
        action: "wbgetentities",
        ids,
        props,
        // `mul` holds the name that is the same in most languages (Help:Default values for labels).
        languages: "en|mul|de",
        format: "json",
      });
      const ids = Array.from({ length: 50 }, (_, index) => `Q${100 + index}`).join("|");
      assertEquals(
        [items, authors],
        [
          `/w/api.php?${new URLSearchParams(parameters("Q900000001", "labels|aliases|claims"))}`,
          `/w/api.php?${new URLSearchParams(parameters(ids, "labels"))}`,
        ],
      );
      for (const sent of arrived) {
        assertEquals([sent.method, headersOf(sent), sent.body], ["GET", HEADERS, ""]);
      }
    },
  );
});

Deno.test("select() sends a query as the SPARQL protocol says, and asks for JSON", async () => {
  const rows = Response.json({ head: { vars: [] }, results: { bindings: [] } });
  await using server = serveFixtures(rows);
  const requests = createWikidataRequests({
    contact: "ops@example.org",
    apiUrl: `${server.url}/api`,
    sparqlUrl: server.url,
    timeoutMs: 5_000,
    maxRetries: 0,
    ratePerSecond: Infinity,
    concurrency: 1,
    clock: manualClock(),
  });
  const context = { signal: new AbortController().signal, onCall() {} };
  const query = 'SELECT * WHERE { ?a ?b "ä + % & ?" }';
  assertEquals(await requests.select(query, context), []);
  const [sent] = server.arrived;
  // SPARQL 1.1 Protocol §2.1.1: GET with `query`, nothing besides; §2.1 the form by Accept.
  assertEquals(
    [sent?.method, sent?.path, sent?.body],
    ["GET", `/sparql?${new URLSearchParams({ query })}`, ""],
  );
  assertEquals(headersOf(sent!), { ...HEADERS, accept: "application/sparql-results+json" });
});
