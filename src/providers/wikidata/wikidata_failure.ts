import { z } from "zod";
import { judgeDeclaration } from "../http/declared_failure.ts";
import type { HttpReply } from "../http/http_exchange.ts";
import { askedWait, excerpt, type HttpFailure, judgeByStatus } from "../http/http_failure.ts";

/** Whoever goes on in spite of a 429 is locked out for up to a day. */
const BAN_MS = 86_400_000;

const MIN_RATE_LIMIT_WAIT_MS = 10_000;

/**
 * What a query service writes when a query ran into its time limit: Blazegraph's Java and QLever.
 * Source: traces of the live service; QLever's `CancellationHandle.h`.
 */
const QUERY_TIMEOUT =
  /(?:Timeout|QueryInterrupted)Exception|Query (?:timeout|deadline)|Operation timed out/i;

/**
 * How the words begin that a query service puts behind the rows it has sent when it breaks off, which
 * the status can no longer tell. Source: Blazegraph's `BigdataServlet` (the query, then a trace) and
 * QLever's `ExportQueryExecutionTrees.cpp`.
 */
const BROKEN_OFF = /SPARQL-QUERY: queryStr=|\bat (?:com\.bigdata|java|org\.openrdf)\.|!!!!>>#/;

const PASSING_STATUSES = new Set([408, 502, 503, 504]);

/** Codes of the Action API that are the servers' fault rather than the question's. */
const PASSING_CODES = /^(?:maxlag|readonly|internal_api_error|cirrussearch|search-error|failed)/i;

const apiErrorSchema = z.object({
  error: z.object({ code: z.string().catch(""), info: z.string().catch("") }),
});

/**
 * What a reply of Wikidata's query service or Action API means. The Action API reports its errors
 * with 200. A 500 is not repeated: failed queries are counted as well.
 */
export function judgeWikidataReply(reply: HttpReply, now: Date): HttpFailure | null {
  const { status } = reply;
  if (status === 403) {
    return {
      code: "PROVIDER_REJECTED_REQUEST",
      detail: `has banned this client (403): ${excerpt(reply)}`,
      isRetryable: false,
      holdUntil: new Date(now.getTime() + BAN_MS),
    };
  }
  if (isQueryTimeout(reply)) {
    const detail = `gave up on the query after its own time limit (${status})`;
    return { code: "PROVIDER_TIMEOUT", detail, isRetryable: false };
  }
  if (status === 429) return tooMany(`answered 429: ${excerpt(reply)}`, { reply, now });
  if (reply.json === undefined && status < 300 && BROKEN_OFF.test(reply.text)) {
    const detail = "broke off in the middle of its answer";
    return { code: "PROVIDER_UNAVAILABLE", detail, isRetryable: false };
  }
  const failure = judgeByStatus(reply, now);
  if (failure === null) return judgeApiError(reply, now);
  const isPassing = status < 500 || PASSING_STATUSES.has(status);
  return isPassing ? failure : { ...failure, isRetryable: false };
}

/**
 * Blazegraph answers a query that ran too long with 500, QLever with 429, and both with 200 and half
 * the rows when they had begun to send them.
 */
function isQueryTimeout({ status, json, text }: HttpReply): boolean {
  const isHalf = status < 300 && json === undefined;
  return (isHalf || status === 429 || status >= 500) && QUERY_TIMEOUT.test(text);
}

function judgeApiError(reply: HttpReply, now: Date): HttpFailure | null {
  const parsed = apiErrorSchema.safeParse(reply.json);
  if (!parsed.success) return judgeDeclaration(reply);
  const { code, info } = parsed.data.error;
  const detail = `answered with the error "${code}": ${info.slice(0, 200) || "(no text)"}`;
  if (code === "ratelimited") return tooMany(detail, { reply, now });
  if (!PASSING_CODES.test(code)) {
    return { code: "PROVIDER_REJECTED_REQUEST", detail, isRetryable: false };
  }
  return {
    code: "PROVIDER_UNAVAILABLE",
    detail,
    isRetryable: true,
    ...askedWait(reply.headers, now),
  };
}

interface Context {
  readonly reply: HttpReply;
  readonly now: Date;
}

function tooMany(detail: string, { reply, now }: Context): HttpFailure {
  return {
    code: "PROVIDER_RATE_LIMITED",
    detail,
    isRetryable: true,
    minWaitMs: MIN_RATE_LIMIT_WAIT_MS,
    ...askedWait(reply.headers, now),
  };
}
