import { NO_SERIES } from "../../src/domain/series/series_fields.ts";
import type { CallContext, GeneratorAnswer } from "../../src/domain/generation/generator.ts";
import type { Resolver, ResolverAnswer } from "../../src/domain/matching/resolver.ts";
import { createArchiveOrg } from "../../src/providers/resolvers/archive_org/archive_org.ts";
import { createGoogleBooks } from "../../src/providers/resolvers/google_books/google_books.ts";
import { createIsbndb } from "../../src/providers/resolvers/isbndb/isbndb.ts";
import { createOpenLibrary } from "../../src/providers/resolvers/open_library/open_library.ts";
import { createWikidata } from "../../src/providers/resolvers/wikidata/wikidata.ts";
import type { HttpOptions } from "../../src/providers/http/http.ts";
import { createWikidataRequests } from "../../src/providers/wikidata/wikidata_requests.ts";
import type { Row } from "../../src/providers/wikidata/wikidata_rows.ts";
import { endpoint, gemini, xai } from "../providers/generators/model_harness.ts";
import { manualClock } from "../providers/manual_clock.ts";
import type { ReplyClient } from "./read_replies.ts";

export type Understood =
  | { readonly kind: "model"; readonly answer: GeneratorAnswer }
  | { readonly kind: "catalogue"; readonly answer: ResolverAnswer }
  | { readonly kind: "rows"; readonly rows: readonly Row[] };

/** A client whose every request goes to one address, and its clock. */
export interface AskedClient {
  readonly now: () => Date;
  /** Throws what the client throws. */
  readonly ask: () => Promise<Understood>;
}

/** The production client of a reply, asking as the reply's line says. */
export function askClient(client: ReplyClient, url: string): AskedClient {
  switch (client.c) {
    case "gemini":
      return askModel(gemini(url));
    case "openai_compatible":
      return askModel(endpoint(`${url}/v1`));
    case "xai":
      return askModel(xai(url, { api: client.api }));
    default:
      return askCatalogue(client, url);
  }
}

function askModel(
  { clock, ask }: { clock: { now(): Date }; ask: () => Promise<GeneratorAnswer> },
): AskedClient {
  return { now: () => clock.now(), ask: async () => ({ kind: "model", answer: await ask() }) };
}

type CatalogueClient = Extract<ReplyClient, { readonly query: unknown }>;

function askCatalogue(client: CatalogueClient, url: string): AskedClient {
  const clock = manualClock();
  const http: HttpOptions = {
    baseUrl: url,
    timeoutMs: 5_000,
    maxRetries: 2,
    ratePerSecond: Infinity,
    concurrency: 2,
    clock,
    random: () => 0.5,
  };
  const ask = questionOf(client, http, { signal: new AbortController().signal, onCall: () => {} });
  return { now: () => clock.now(), ask };
}

function questionOf(
  client: CatalogueClient,
  http: HttpOptions,
  context: CallContext,
): AskedClient["ask"] {
  switch (client.method) {
    case "find": {
      const resolver = resolverOf(client.c, http);
      return async () => ({
        kind: "catalogue",
        answer: await resolver.find({ ...client.query, ...NO_SERIES }, context),
      });
    }
    case "checkIsbns": {
      const isbndb = createIsbndb({ ...http, apiKey: "a-key" });
      return async () => ({
        kind: "catalogue",
        answer: await isbndb.checkIsbns(client.isbns ?? [], context),
      });
    }
    case "select": {
      const requests = createWikidataRequests({ ...http, ...wikidataAt(http.baseUrl) });
      const query = "SELECT ?item WHERE { ?item ?property ?value }";
      return async () => ({ kind: "rows", rows: await requests.select(query, context) });
    }
  }
}

const CONTACT = "ops@example.org";

function wikidataAt(url: string) {
  return { contact: CONTACT, apiUrl: url, sparqlUrl: url };
}

function resolverOf(name: CatalogueClient["c"], http: HttpOptions): Resolver {
  switch (name) {
    case "open_library":
      return createOpenLibrary({ ...http, contact: CONTACT });
    case "google_books":
      return createGoogleBooks({ ...http, apiKey: "a-key" });
    case "archive_org":
      return createArchiveOrg({ ...http, contact: CONTACT });
    case "isbndb":
      return createIsbndb({ ...http, apiKey: "a-key" });
    case "wikidata":
      return createWikidata({ ...http, ...wikidataAt(http.baseUrl) });
  }
}
