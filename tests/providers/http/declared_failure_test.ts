import { assert, assertEquals } from "@std/assert";
import { judgeCatalogueReply } from "../../../src/providers/http/declared_failure.ts";
import type { HttpReply } from "../../../src/providers/http/http_exchange.ts";
import type { Resolver, ResolverName } from "../../../src/domain/matching/resolver.ts";
import type { HttpOptions } from "../../../src/providers/http/http.ts";
import { createArchiveOrg } from "../../../src/providers/resolvers/archive_org/archive_org.ts";
import { createGoogleBooks } from "../../../src/providers/resolvers/google_books/google_books.ts";
import { createIsbndb } from "../../../src/providers/resolvers/isbndb/isbndb.ts";
import { createOpenLibrary } from "../../../src/providers/resolvers/open_library/open_library.ts";
import { createWikidata } from "../../../src/providers/resolvers/wikidata/wikidata.ts";
import { withFixtures } from "../resolvers/resolver_harness.ts";

const NOW = new Date("2026-11-21T12:00:00Z");
const CONTACT = "ops@example.org";

function replyOf(json: unknown, status = 200): HttpReply {
  return { status, headers: new Headers(), text: JSON.stringify(json), json, isHtml: false };
}

Deno.test("judgeCatalogueReply() takes an error in a success for a provider that could not answer", () => {
  const docs: readonly unknown[] = [];
  const declared: readonly unknown[] = [
    { error: "org.apache.solr.client.solrj.SolrServerException", docs },
    { error: { code: 500 }, docs },
    { error: true, docs },
    { errors: [{ message: "search backend is away" }], docs },
    { errorMessage: "Internal error", data: docs },
    { error_message: "Internal error", books: docs },
    { partialResults: true, docs },
    { responseHeader: { status: 0, partialResults: true }, response: { docs } },
    { responseHeader: { partialResults: "true" }, response: { docs } },
    { response: { docs, error: "[TIMEOUT] Request timed out" } },
    { timed_out: true, hits: { hits: docs } },
  ];
  for (const body of declared) {
    const failure = judgeCatalogueReply(replyOf(body), NOW);
    assertEquals(
      [failure?.code, failure?.isRetryable],
      ["PROVIDER_UNAVAILABLE", true],
      JSON.stringify(body),
    );
  }
});

Deno.test("judgeCatalogueReply() is content with fields that say that there was no error", () => {
  const fine: readonly unknown[] = [
    { docs: [] },
    { docs: [{ title: "The Error", error: "a field of the record" }] },
    { error: null, errors: [], errorMessage: "", partialResults: false, docs: [] },
    { partialResults: "false", timed_out: false, error: 0, docs: [] },
    { responseHeader: { status: 0 }, response: { docs: [] } },
    [],
    "error",
    null,
  ];
  for (const body of fine) {
    assertEquals(judgeCatalogueReply(replyOf(body), NOW), null, JSON.stringify(body));
  }
  assertEquals(judgeCatalogueReply(replyOf({ error: "notfound" }, 404), NOW), null);
});

interface Catalogue {
  readonly make: (http: HttpOptions) => Resolver;
  /** An honest answer to a search that found nothing. */
  readonly nothing: Readonly<Record<string, unknown>>;
  /** A list of records in a form of which nothing can be read. */
  readonly unreadable: unknown;
}

const CATALOGUES: Readonly<Record<ResolverName, Catalogue>> = {
  open_library: {
    make: (http) => createOpenLibrary({ ...http, contact: CONTACT }),
    nothing: { numFound: 0, docs: [] },
    unreadable: { numFound: 1, docs: [{ key: "OL1W", name: "The Salt Ledger" }] },
  },
  google_books: {
    make: (http) => createGoogleBooks({ ...http, apiKey: "a-key" }),
    nothing: { totalItems: 0 },
    unreadable: { totalItems: 1, items: [{ id: "x", volume: { name: "The Salt Ledger" } }] },
  },
  archive_org: {
    make: (http) => createArchiveOrg({ ...http, contact: CONTACT }),
    nothing: { responseHeader: { status: 0 }, response: { numFound: 0, docs: [] } },
    unreadable: { response: { numFound: 1, docs: [{ id: "salt", name: "The Salt Ledger" }] } },
  },
  isbndb: {
    make: (http) => createIsbndb({ ...http, apiKey: "a-key" }),
    nothing: { total: 0, data: [] },
    unreadable: { total: 1, data: [{ name: "The Salt Ledger", ean: "9781402894626" }] },
  },
  wikidata: {
    make: ({ baseUrl, ...http }) =>
      createWikidata({ ...http, contact: CONTACT, apiUrl: baseUrl, sparqlUrl: baseUrl }),
    nothing: { batchcomplete: "", query: { search: [] } },
    unreadable: { query: { search: [{ name: "Q1" }] } },
  },
};

for (const [name, { make, nothing, unreadable }] of Object.entries(CATALOGUES)) {
  Deno.test(`${name} tells nothing found from an error, a part of the results and an unreadable list`, async () => {
    const table: readonly [unknown, string][] = [
      [nothing, "not_found"],
      [{ ...nothing, error: "search backend is away" }, "down"],
      [{ ...nothing, error: { code: "failed", info: "away" } }, "down"],
      [{ ...nothing, partialResults: true }, "down"],
      [unreadable, "bad_answer"],
    ];
    for (const [body, expected] of table) {
      await withFixtures({ make, answers: [Response.json(body)] }, async ({ find }) => {
        const answer = await find();
        const said = answer.kind === "unavailable" ? answer.reason : answer.kind;
        assertEquals(said, expected, JSON.stringify(body));
        assert(answer.kind !== "unavailable" || answer.message.startsWith(name), name);
      });
    }
  });
}
