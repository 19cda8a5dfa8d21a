import type { SparqlGraph } from "../sparql/sparql_graph.ts";
import { answerSparql, type SparqlAnswer, type SparqlBinding } from "../sparql/sparql_answer.ts";
import { SparqlTimeout } from "../sparql/sparql_matching.ts";
import { SparqlError } from "../sparql/sparql_tokens.ts";
import type { QueryEngine } from "../sparql/query_engine.ts";

const TIMED_OUT = "java.util.concurrent.TimeoutException";
/** What a query costs that is cut off. */
const LONGEST_QUERY_SECONDS = 60;

interface Failed {
  readonly query: string;
  readonly cause: string;
}

/** The trace that Blazegraph's Java shows instead of an answer, or behind the half of one. */
function traceOf({ query, cause }: Failed): string {
  return `SPARQL-QUERY: queryStr=${query}\n${cause}\n` +
    "\tat java.util.concurrent.FutureTask.report(FutureTask.java:122)\n" +
    "\tat java.util.concurrent.FutureTask.get(FutureTask.java:206)\n" +
    "\tat com.bigdata.rdf.sail.webapp.BigdataServlet.submitApiTask(BigdataServlet.java:292)\n";
}

function javaTrace(status: 400 | 500, failed: Failed): Response {
  const headers = { "content-type": "text/plain;charset=utf-8" };
  return new Response(traceOf(failed), { status, headers });
}

/** Source: QLever's `Server.cpp` and `responseJson::composeError`. */
function qleverError(status: 400 | 429 | 500, { query, cause }: Failed): Response {
  return Response.json({
    query,
    status: "ERROR",
    resultsize: 0,
    time: { total: 0, computeResult: 0 },
    exception: cause,
  }, { status });
}

/** The answer to what is not a query the engine can read. */
export function malformed(engine: QueryEngine, { query, cause }: Failed): Response {
  return engine === "qlever"
    ? qleverError(400, { query, cause: `Invalid SPARQL query: ${cause}` })
    : javaTrace(400, { query, cause: `org.openrdf.query.MalformedQueryException: ${cause}` });
}

/** The answer to a query that ran too long. */
export function timedOut(engine: QueryEngine, query: string): Response {
  return engine === "qlever"
    ? qleverError(429, { query, cause: "Operation timed out." })
    : javaTrace(500, { query, cause: TIMED_OUT });
}

/** What stands behind the rows already sent when a query runs out of time. */
export function wordsOnBreakingOff(engine: QueryEngine, query: string): string {
  return engine === "qlever"
    ? "\n !!!!>># An error has occurred while exporting the query result. Unfortunately due to " +
      "limitations in the HTTP 1.1 protocol, there is no better way to report this than to append " +
      "it to the incomplete result. The error message was:\nOperation timed out."
    : traceOf({ query, cause: TIMED_OUT });
}

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

/** Rows as `application/sparql-results+json`. */
export function jsonResults({ variables, bindings }: Omit<SparqlAnswer, "seconds">): Response {
  return Response.json({ head: { vars: variables }, results: { bindings } }, {
    headers: { "content-type": "application/sparql-results+json;charset=utf-8" },
  });
}

/** What became of a query and how long the service worked on it. */
export interface QueryOutcome {
  readonly response: Response;
  readonly seconds: number;
  readonly hasFailed: boolean;
}

/** A query service: its engine over the items. */
export interface QueryService {
  readonly engine: QueryEngine;
  readonly graph: () => SparqlGraph;
}

/** Answers a query, in XML where Blazegraph is not asked for JSON. */
export function runQuery(
  query: string,
  { service: { engine, graph }, wantsJson }: {
    readonly service: QueryService;
    readonly wantsJson: boolean;
  },
): QueryOutcome {
  try {
    const answer = answerSparql(query, { engine, graph: graph() });
    const isJson = wantsJson || engine === "qlever";
    const response = isJson ? jsonResults(answer) : xmlResults(answer);
    return { response, seconds: answer.seconds, hasFailed: false };
  } catch (error) {
    if (error instanceof SparqlTimeout) {
      const response = timedOut(engine, query);
      return { response, seconds: LONGEST_QUERY_SECONDS, hasFailed: true };
    }
    if (!(error instanceof SparqlError)) throw error;
    const response = malformed(engine, { query, cause: error.message });
    return { response, seconds: 0, hasFailed: true };
  }
}
