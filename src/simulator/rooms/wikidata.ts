import { type Context, Hono } from "hono";
import type { Clock } from "../../clock.ts";
import type { FaultRule } from "../faults.ts";
import { readIsbn } from "../isbn_forms.ts";
import { htmlPage, type Room, type RoomEnv } from "../room.ts";
import { resolverSubject, type Subject } from "../subject.ts";
import { answerSparql, type SparqlAnswer, type SparqlBinding } from "../sparql_answer.ts";
import { buildSparqlGraph, type SparqlGraph } from "../sparql_graph.ts";
import { SparqlTimeout } from "../sparql_matching.ts";
import { SparqlError } from "../sparql_tokens.ts";
import { parseTextQuery, searchByName, type WikidataIndex } from "../wikidata_index.ts";
import { answerApi, entityData, laggedError, readParameters } from "./wikidata_api.ts";
import { createWikidataDoorkeeper, type WikidataVerdict } from "./wikidata_doorkeeper.ts";

/** Wikidata over a catalogue; the graph takes longest to build and only queries need it. */
export interface Wikidata {
  readonly index: () => WikidataIndex;
  readonly graph: () => SparqlGraph;
}

/** What the room is built from. */
export interface WikidataOptions {
  readonly wikidata: Wikidata;
  readonly clock: Clock;
  readonly enforceRates: boolean;
}

/** Requests under way at once that the query service allows an address, and the API's policy anybody. */
const PARALLEL = { sparql: 5, api: 3 } as const;

/** The graph behind the query service. */
export function sparqlGraphOf(index: WikidataIndex): SparqlGraph {
  return buildSparqlGraph(index.items);
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

/** The trace that the query service's Java shows instead of an answer. */
function javaTrace(
  status: 400 | 500,
  { query, cause }: { query: string; cause: string },
): Response {
  const text = `SPARQL-QUERY: queryStr=${query}\n${cause}\n` +
    "\tat java.util.concurrent.FutureTask.report(FutureTask.java:122)\n" +
    "\tat java.util.concurrent.FutureTask.get(FutureTask.java:206)\n" +
    "\tat com.bigdata.rdf.sail.webapp.BigdataServlet.submitApiTask(BigdataServlet.java:292)\n";
  return new Response(text, { status, headers: { "content-type": "text/plain;charset=utf-8" } });
}

const TIMED_OUT = "java.util.concurrent.TimeoutException";
/** What a query costs that is cut off. */
const LONGEST_QUERY_SECONDS = 60;

function escapeXml(text: string): string {
  const escapes: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;" };
  return text.replace(/[&<>]/g, (sign) => escapes[sign] ?? sign);
}

function xmlValue({ type, value }: SparqlBinding): string {
  return `<${type}>${escapeXml(value)}</${type}>`;
}

/** What the service sends to those who don't ask for JSON. */
function xmlResults({ variables, bindings }: SparqlAnswer): Response {
  const head = variables.map((name) => `<variable name='${name}'/>`).join("");
  const rows = bindings.map((row) => {
    const cells = Object.entries(row).map(([name, value]) =>
      `<binding name='${name}'>${xmlValue(value)}</binding>`
    );
    return `<result>${cells.join("")}</result>`;
  });
  const body = `<?xml version='1.0' encoding='UTF-8'?>\n` +
    `<sparql xmlns='http://www.w3.org/2005/sparql-results#'><head>${head}</head>` +
    `<results>${rows.join("")}</results></sparql>`;
  return new Response(body, { headers: { "content-type": "application/sparql-results+xml" } });
}

function jsonResults({ variables, bindings }: Omit<SparqlAnswer, "seconds">): Response {
  return Response.json({ head: { vars: variables }, results: { bindings } }, {
    headers: { "content-type": "application/sparql-results+json;charset=utf-8" },
  });
}

interface Outcome {
  readonly response: Response;
  readonly seconds: number;
  readonly hasFailed: boolean;
}

function runQuery(
  query: string,
  { wikidata, wantsJson }: { wikidata: Wikidata; wantsJson: boolean },
): Outcome {
  try {
    const answer = answerSparql(query, {
      graph: wikidata.graph(),
      searchItems: ({ search, language }) =>
        searchByName(wikidata.index(), { search, language }).slice(0, 50).map(({ item }) =>
          item.id
        ),
    });
    const response = wantsJson ? jsonResults(answer) : xmlResults(answer);
    return { response, seconds: answer.seconds, hasFailed: false };
  } catch (error) {
    if (error instanceof SparqlTimeout) {
      const response = javaTrace(500, { query, cause: TIMED_OUT });
      return { response, seconds: LONGEST_QUERY_SECONDS, hasFailed: true };
    }
    if (!(error instanceof SparqlError)) throw error;
    const cause = `org.openrdf.query.MalformedQueryException: ${error.message}`;
    return { response: javaTrace(400, { query, cause }), seconds: 0, hasFailed: true };
  }
}

/** The month whose days a query lists; months are asked for by listing them. */
function listedMonth(sparql: string): { month?: string } {
  const found = /VALUES \?\w+ \{ "(\d{4}-\d{2})-01T00:00:00Z"\^\^xsd:dateTime/.exec(sparql)?.[1];
  return found === undefined ? {} : { month: found };
}

const TAGGED_TEXT = /"((?:[^"\\]|\\.)*)"@[A-Za-z-]+/;

/** What a request to Wikidata asks for. */
async function describeWikidata(c: Context<RoomEnv>): Promise<Subject> {
  const parameters = await readParameters(c);
  const sparql = parameters.get("query") ?? "";
  const { text, statements } = parseTextQuery(parameters.get("srsearch") ?? "");
  const literals = [...sparql.matchAll(/"([^"\\]*)"/g)].map(([, inner = ""]) => inner);
  const values = statements.flatMap(({ anyOf }) => anyOf.map((one) => one.split("=")[1] ?? ""));
  const title = parameters.get("search") ?? (text.replace(/"/g, "").trim() ||
    TAGGED_TEXT.exec(sparql)?.[1]);
  const subject = resolverSubject({
    title: title || undefined,
    author: undefined,
    isbns: [...literals, ...values].filter((value) => readIsbn(value) !== null),
  });
  return { ...subject, ...listedMonth(sparql) };
}

function showFault(rule: FaultRule, c: Context<RoomEnv>): Response {
  const isSparql = c.req.path.endsWith("/sparql");
  switch (rule.kind) {
    case "403":
      return refuse({ kind: "banned" });
    case "429":
      return refuse({ kind: "too_many", retryAfterSeconds: rule.retry_after_seconds ?? 30 });
    case "500":
      return isSparql
        ? javaTrace(500, { query: c.req.query("query") ?? "", cause: TIMED_OUT })
        : htmlPage(500, "Wikimedia Error");
    case "503":
      return htmlPage(503, "Wikimedia Error");
    case "error_body":
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
export function createWikidataRoom(options: WikidataOptions): Room {
  const { wikidata, clock, enforceRates } = options;
  const doorkeeper = createWikidataDoorkeeper({ clock, enforceRates });
  const routes = new Hono<RoomEnv>();
  routes.use("*", async (c, next) => {
    const service = c.req.path.endsWith("/sparql") ? "sparql" : "api";
    const verdict = doorkeeper.admit(service, c.req.header("user-agent"));
    return verdict.kind === "welcome" ? await next() : refuse(verdict);
  });
  routes.on(["GET", "POST"], "/sparql", async (c) => {
    const parameters = await readParameters(c);
    const isQueryBody = c.req.header("content-type")?.startsWith("application/sparql-query");
    const query = isQueryBody ? await c.req.text() : parameters.get("query") ?? "";
    if (query.trim() === "") return javaTrace(400, { query, cause: "Not a query" });
    const wantsJson = parameters.get("format") === "json" ||
      /json/.test(c.req.header("accept") ?? "");
    const { response, seconds, hasFailed } = runQuery(query, { wikidata, wantsJson });
    doorkeeper.book(c.req.header("user-agent"), { seconds, hasFailed });
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
    name: "wikidata",
    routes,
    describe: describeWikidata,
    showFault,
    refuseParallel(c, openCount) {
      const limit = c.req.path.endsWith("/sparql") ? PARALLEL.sparql : PARALLEL.api;
      if (!enforceRates || openCount < limit) return null;
      return refuse({ kind: "too_many", retryAfterSeconds: 1 });
    },
  };
}
