import type { CallContext } from "../../domain/generation/generator.ts";
import { readAnswer } from "../http/bad_answer.ts";
import { createHttpClient, type HttpClient, type HttpOptions } from "../http/http.ts";
import { openUserAgent } from "../http/user_agent.ts";
import { entitiesSchema, type Entity, SEARCH_LIMIT, searchSchema } from "./wikidata_entities.ts";
import { judgeWikidataReply } from "./wikidata_failure.ts";
import { type Row, rowsSchema } from "./wikidata_rows.ts";

export interface WikidataRequestsOptions extends Omit<HttpOptions, "baseUrl"> {
  /** Mail address or URL of the operator: Wikimedia throttles clients that name none. */
  readonly contact: string;
  /** Up to, not including, `/w/api.php`. */
  readonly apiUrl: string;
  /** Up to, not including, `/sparql`. */
  readonly sparqlUrl: string;
}

const PROVIDER = "wikidata";

/** The query service itself gives up after 60 s. */
const SPARQL_TIMEOUT_MS = 65_000;

/** Items with an author (P50) or an author's name (P2093) that are not scholarly articles. */
const AUTHORED = "haswbstatement:P50|P2093 -haswbstatement:P31=Q13442814";

/** The questions asked of Wikidata. All throw `AppError` with a PROVIDER_* code. */
export interface WikidataRequests {
  /** The ids of written works that bear these words, without quotes, in this order in a name. */
  searchItems(phrase: string, context: CallContext): Promise<readonly string[]>;
  /** At most {@linkcode ENTITIES_MAX} items; those that no longer exist are missing. */
  entities(ids: readonly string[], options: EntityOptions): Promise<readonly Entity[]>;
  /** The rows of a query in standard SPARQL 1.1, which must declare its prefixes. */
  select(sparql: string, context: CallContext): Promise<readonly Row[]>;
}

export interface EntityOptions {
  readonly props: "labels" | "labels|claims" | "labels|aliases|claims";
  /** Of labels and aliases. */
  readonly languages: readonly string[];
  readonly context: CallContext;
}

/** Asks both services of Wikidata, each under a policy of its own. */
export function createWikidataRequests(options: WikidataRequestsOptions): WikidataRequests {
  const { apiUrl, sparqlUrl } = options;
  const shared = {
    ...options,
    judge: judgeWikidataReply,
    userAgent: openUserAgent(options.contact),
  };
  const api = createHttpClient(PROVIDER, { ...shared, baseUrl: apiUrl });
  const sparql = createHttpClient(PROVIDER, {
    ...shared,
    baseUrl: sparqlUrl,
    timeoutMs: SPARQL_TIMEOUT_MS,
  });

  function ask(http: HttpClient, { path, headers = {}, context }: Ask) {
    const { signal } = context;
    const onCall = () => context.onCall(PROVIDER);
    return http.send({ path, headers, signal, onCall });
  }

  // Without `maxlag`: the query service's lag counts into it, which no reader of items suffers from.
  function callApi(params: Record<string, string>, context: CallContext) {
    const query = new URLSearchParams({ ...params, format: "json" });
    return ask(api, { path: `/w/api.php?${query}`, context });
  }

  return {
    async searchItems(phrase, context) {
      const srsearch = `"${phrase}" ${AUTHORED}`;
      const reply = await callApi(
        { action: "query", list: "search", srsearch, srlimit: String(SEARCH_LIMIT), srprop: "" },
        context,
      );
      const otherwise = "no list of search hits";
      return readAnswer(PROVIDER, { reply, schema: searchSchema, otherwise });
    },
    async entities(ids, { props, languages, context }) {
      const reply = await callApi(
        { action: "wbgetentities", ids: ids.join("|"), props, languages: languages.join("|") },
        context,
      );
      const otherwise = "no map of entities";
      return readAnswer(PROVIDER, { reply, schema: entitiesSchema, otherwise });
    },
    async select(query, context) {
      const path = `/sparql?${new URLSearchParams({ query })}`;
      const headers = { accept: "application/sparql-results+json" };
      const reply = await ask(sparql, { path, headers, context });
      const otherwise = "no table of results";
      return readAnswer(PROVIDER, { reply, schema: rowsSchema, otherwise });
    },
  };
}

interface Ask {
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly context: CallContext;
}
