import { type Context, Hono } from "hono";
import type { Clock } from "../../clock.ts";
import { readIsbn } from "../books/isbn_forms.ts";
import type { QueryEngine } from "../sparql/query_engine.ts";
import { htmlPage, type Service, type ServiceEnv } from "../service/service.ts";
import { type RequestSubject, resolverSubject } from "../service/request_subject.ts";
import { buildSparqlGraph, type SparqlGraph } from "../sparql/sparql_graph.ts";
import { indexWikidata, parseTextQuery, type WikidataIndex } from "./wikidata_index.ts";
import {
  answerApi,
  databaseError,
  entityData,
  laggedError,
  readParameters,
} from "./wikidata_api.ts";
import { createWikidataAdmission, type WikidataVerdict } from "./wikidata_admission.ts";
import {
  jsonResults,
  malformed,
  type QueryService,
  runQuery,
  timedOut,
  wordsOnBreakingOff,
} from "./wikidata_query_service.ts";
import type { SimulatedService } from "../service/simulated_service.ts";
import { byFame, type Holding } from "../books/coverage.ts";
import { makeOnce } from "../service/make_once.ts";
import { COMMON_KINDS, type FaultRule } from "../faults/faults.ts";
import { openLibraryKeys } from "../open_library/open_library_keys.ts";

/** Wikidata over a catalogue; the graph takes longest to build and only queries need it. */
export interface Wikidata {
  readonly index: () => WikidataIndex;
  readonly graph: (engine: QueryEngine) => SparqlGraph;
}

/** What the service is built from. */
export interface WikidataOptions {
  readonly wikidata: Wikidata;
  readonly clock: Clock;
  readonly enforceRates: boolean;
  /** Blazegraph, which is still the one in use, by default. */
  readonly queryEngine?: QueryEngine;
}

/** Requests under way at once that the query service allows an address, and the API's policy anybody. */
const PARALLEL = { sparql: 5, api: 3 } as const;

/** The graph behind the query service. */
export function sparqlGraphOf(
  index: WikidataIndex,
  { engine }: { readonly engine: QueryEngine } = { engine: "blazegraph" },
): SparqlGraph {
  return buildSparqlGraph(index.items, { engine });
}

const POLICY = "Please comply with the User-Agent policy to get a higher rate limit: " +
  "https://foundation.wikimedia.org/wiki/Policy:Wikimedia_Foundation_User-Agent_Policy";

function refuse(verdict: Exclude<WikidataVerdict, { kind: "welcome" }>): Response {
  switch (verdict.kind) {
    case "nameless":
      return htmlPage(429, POLICY);
    case "banned":
      return htmlPage(403, "You have been banned until tomorrow: respect throttling responses");
    case "too_many": {
      const response = htmlPage(429, "Too many requests");
      response.headers.set("retry-after", String(verdict.retryAfterSeconds));
      return response;
    }
  }
}

/** The month whose days a query lists; months are asked for by listing them. */
function listedMonth(sparql: string): { month?: string } {
  const found = /VALUES \?\w+ \{ "(\d{4}-\d{2})-01T00:00:00Z"\^\^xsd:dateTime/.exec(sparql)?.[1];
  return found === undefined ? {} : { month: found };
}

const TAGGED_TEXT = /"((?:[^"\\]|\\.)*)"@[A-Za-z-]+/;

/** What a request to Wikidata asks for. */
async function describeWikidata(c: Context<ServiceEnv>): Promise<RequestSubject> {
  const parameters = await readParameters(c);
  const sparql = parameters.get("query") ?? "";
  const { text, statements } = parseTextQuery(parameters.get("srsearch") ?? "");
  const literals = [...sparql.matchAll(/"([^"\\]*)"/g)].map(([, inner = ""]) => inner);
  const values = statements.flatMap(({ anyOf }) => anyOf.map((one) => one.split("=")[1] ?? ""));
  const title = parameters.get("search") ?? (text.replace(/"/g, "").trim() ||
    TAGGED_TEXT.exec(sparql)?.[1]);
  const lag = parameters.get("maxlag");
  const subject = resolverSubject({
    title: title || undefined,
    author: undefined,
    isbns: [...literals, ...values].filter((value) => readIsbn(value) !== null),
  });
  return { ...subject, ...listedMonth(sparql), ...(lag === null ? {} : { maxLag: Number(lag) }) };
}

function showFault(
  rule: FaultRule,
  { c, engine }: { readonly c: Context<ServiceEnv>; readonly engine: QueryEngine },
): Response {
  const isSparql = c.req.path.endsWith("/sparql");
  switch (rule.kind) {
    case "403":
      return refuse({ kind: "banned" });
    case "429":
      return refuse({ kind: "too_many", retryAfterSeconds: rule.retry_after_seconds ?? 30 });
    case "500":
      return isSparql
        ? timedOut(engine, c.req.query("query") ?? "")
        : htmlPage(500, "Wikimedia Error");
    case "503":
      return htmlPage(503, "Wikimedia Error");
    case "error_body":
      return databaseError();
    case "lagged":
      return laggedError();
    case "bad_content":
      return isSparql
        ? c.json({ head: {}, results: { bindings: "none" } })
        : c.json({ entities: "none", query: [], search: "none", success: 1 });
    default:
      if (isSparql) return jsonResults({ variables: [], bindings: [] });
      return c.json({ entities: {}, search: [], query: { search: [] }, success: 1 });
  }
}

/** Wikidata's query service, Action API and entity pages over the catalogue. */
export function createWikidataService(options: WikidataOptions): Service {
  const { wikidata, clock, enforceRates, queryEngine: engine = "blazegraph" } = options;
  const service: QueryService = {
    engine,
    graph: () => wikidata.graph(engine),
  };
  const admission = createWikidataAdmission({ clock, enforceRates });
  const routes = new Hono<ServiceEnv>();
  routes.use("*", async (c, next) => {
    const service = c.req.path.endsWith("/sparql") ? "sparql" : "api";
    const verdict = admission.admit(service, c.req.header("user-agent"));
    return verdict.kind === "welcome" ? await next() : refuse(verdict);
  });
  routes.on(["GET", "POST"], "/sparql", async (c) => {
    const parameters = await readParameters(c);
    const isQueryBody = c.req.header("content-type")?.startsWith("application/sparql-query");
    const query = isQueryBody ? await c.req.text() : parameters.get("query") ?? "";
    if (query.trim() === "") return malformed(engine, { query, cause: "Not a query" });
    const wantsJson = parameters.get("format") === "json" ||
      /json/.test(c.req.header("accept") ?? "");
    const { response, seconds, hasFailed } = runQuery(query, { service, wantsJson });
    admission.book(c.req.header("user-agent"), { seconds, hasFailed });
    return response;
  });
  routes.on(
    ["GET", "POST"],
    "/w/api.php",
    async (c) => answerApi(await readParameters(c), wikidata.index()),
  );
  routes.get("/wiki/Special:EntityData/:file", (c) => {
    const id = c.req.param("file").replace(/\.json$/, "").toUpperCase();
    const entity = entityData(id, wikidata.index());
    return entity ? c.json(entity) : htmlPage(404, "Not Found");
  });
  routes.all("*", () => htmlPage(404, "Not Found"));
  return {
    routes,
    prepare() {
      wikidata.index();
      wikidata.graph(engine);
    },
    describe: describeWikidata,
    showFault: (rule, c) => showFault(rule, { c, engine }),
    wordsOnBreakingOff: async (c) => {
      const isSparql = c.req.path.endsWith("/sparql");
      return isSparql
        ? wordsOnBreakingOff(engine, (await readParameters(c)).get("query") ?? "")
        : "Fatal error: Maximum execution time of 60 seconds exceeded";
    },
    refuseParallel(c, openCount) {
      const limit = c.req.path.endsWith("/sparql") ? PARALLEL.sparql : PARALLEL.api;
      if (!enforceRates || openCount < limit) return null;
      return refuse({ kind: "too_many", retryAfterSeconds: 1 });
    },
  };
}

const HOLDING: Holding = {
  holds: byFame({ notable: 0.65, others: 0.18, rare: 0.03 }),
  editionShare: 0.6,
  flaws: {
    noAuthors: 0.04,
    surnameFirst: 0,
    noDate: 0.08,
    noLanguage: 0.1,
    noBinding: 0,
    noSubtitle: 0.5,
    seriesInTitle: 0,
    misspelt: 0.002,
    joinedAuthors: 0,
    strayIsbn: 0,
    isbn: { none: 0.3, isbn10_only: 0.05 },
  },
};

/** Wikidata. */
export const wikidataService: SimulatedService<
  "wikidata",
  Pick<WikidataOptions, "queryEngine">
> = {
  name: "wikidata",
  title: "Wikidata",
  faults: [...COMMON_KINDS, "error_body", "cut_off", "lagged"],
  sendsRetryAfter: true,
  latency: { min_ms: 200, max_ms: 900 },
  holding: HOLDING,
  settings: ({ url }) => ({
    WIKIDATA_BASE_URL: url,
    WIKIDATA_SPARQL_URL: url,
    WIKIDATA_RATE_PER_SECOND: "unlimited",
  }),
  hold({ catalogue, whole, isRealistic }) {
    const index = makeOnce(() =>
      indexWikidata(catalogue(), { keys: openLibraryKeys(whole), isRealistic })
    );
    // One engine's graph is of no use to the other.
    const graphs = {
      blazegraph: makeOnce(() => sparqlGraphOf(index(), { engine: "blazegraph" })),
      qlever: makeOnce(() => sparqlGraphOf(index(), { engine: "qlever" })),
    };
    const wikidata: Wikidata = { index, graph: (engine) => graphs[engine]() };
    return ({ clock, enforceRates, plan }) =>
      createWikidataService({ wikidata, clock, enforceRates, ...plan });
  },
};
