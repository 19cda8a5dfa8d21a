import { z } from "zod";
import { judgeDeclaration } from "./declared_failure.ts";
import type { HttpReply } from "./http_exchange.ts";
import { askedWait, excerpt, type HttpFailure, judgeByStatus } from "./http_failure.ts";

/** Whoever goes on in spite of a 429 is locked out for up to a day. */
const BAN_MS = 86_400_000;

const MIN_RATE_LIMIT_WAIT_MS = 10_000;

/** `maxlag` comes with a `Retry-After` of five seconds as a rule. */
const MIN_LAG_WAIT_MS = 5_000;

/** What the query service writes when a query ran into its limit of 60 seconds. */
const QUERY_TIMEOUT = /TimeoutException|Query timeout|deadline/i;

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
  if (status === 429) return tooMany(`answered 429: ${excerpt(reply)}`, { reply, now });
  if (status >= 500 && QUERY_TIMEOUT.test(reply.text)) {
    const detail = `gave up on the query after its own time limit (${status})`;
    return { code: "PROVIDER_TIMEOUT", detail, isRetryable: false };
  }
  const failure = judgeByStatus(reply, now);
  if (failure === null) return judgeApiError(reply, now);
  const isPassing = status < 500 || PASSING_STATUSES.has(status);
  return isPassing ? failure : { ...failure, isRetryable: false };
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
    ...(code === "maxlag" && { minWaitMs: MIN_LAG_WAIT_MS }),
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
