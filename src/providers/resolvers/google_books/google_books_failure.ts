import { z } from "zod";
import { judgeDeclaration } from "../../http/declared_failure.ts";
import type { HttpReply } from "../../http/http_exchange.ts";
import {
  askedWait,
  excerpt,
  type HttpFailure,
  judgeBody,
  judgeByStatus,
  REFUSED_KEY_HOLD_MS,
} from "../../http/http_failure.ts";
import { nextPacificMidnight } from "../../../domain/time/quota_day.ts";
import { looseList, looseText } from "../loose_fields.ts";

/**
 * 503 `backendFailed` comes in bad weeks on a third to four fifths of all requests and says nothing
 * about the next one, so it is repeated more often than other failures.
 */
const BACKEND_RETRIES = 8;

const MIN_RATE_LIMIT_WAIT_MS = 1_000;

/** Entries read of an error. */
const MAX_DETAILS = 20;

/** One entry of Google's `error.errors` or of the newer `error.details`. */
const detailSchema = z.object({
  reason: looseText,
  metadata: z.object({ quota_limit: looseText }).nullish().catch(null),
});

const errorSchema = z.object({
  error: z.object({
    message: looseText,
    status: looseText,
    errors: looseList(detailSchema, MAX_DETAILS).catch([]),
    details: looseList(detailSchema, MAX_DETAILS).catch([]),
  }),
});

/** What Google says about a failure, in one text to search in. */
function wordsOf(reply: HttpReply): string {
  const parsed = errorSchema.safeParse(reply.json);
  if (!parsed.success) return "";
  const { message, status, errors, details } = parsed.data.error;
  const entries = [...errors, ...details].flatMap((each) => [
    each.reason,
    each.metadata?.quota_limit,
  ]);
  return [message, status, ...entries].filter((text) => typeof text === "string").join(" | ");
}

const KEY = /\bapi[ _]key\b|\bkey(Invalid|Expired)\b|\bAPI_KEY_/i;
/** `rateLimitExceeded`, `dailyLimitExceededUnreg`, `RESOURCE_EXHAUSTED`, "Quota exceeded for …". */
const LIMIT = /LimitExceeded|quota ?exceeded|RESOURCE_EXHAUSTED|RATE_LIMIT_EXCEEDED/i;
const DAILY = /\bper ?day\b|PerDay|\bdaily|dailyLimit/i;

/**
 * What a reply of Google Books means. Why a request failed is in the body: a refused key comes with
 * 400, a spent quota with 429 and in older forms with 400 or 403.
 */
export function judgeGoogleBooksReply(reply: HttpReply, now: Date): HttpFailure | null {
  const { status } = reply;
  if (status < 400) return judgeBody(reply) ?? judgeDeclaration(reply);
  const words = wordsOf(reply);
  if (status === 429 || ((status === 400 || status === 403) && LIMIT.test(words))) {
    return judgeLimit(reply, { words, now });
  }
  if (status === 401 || status === 403 || (status === 400 && KEY.test(words))) {
    return {
      code: "PROVIDER_KEY_REFUSED",
      detail: `refuses the key or its project (${status}): ${excerpt(reply)}`,
      isRetryable: false,
      holdUntil: new Date(now.getTime() + REFUSED_KEY_HOLD_MS),
    };
  }
  const failure = judgeByStatus(reply, now);
  return status === 503 && failure !== null ? { ...failure, maxRetries: BACKEND_RETRIES } : failure;
}

interface Limit {
  readonly words: string;
  readonly now: Date;
}

function judgeLimit(reply: HttpReply, { words, now }: Limit): HttpFailure {
  if (DAILY.test(words)) {
    return {
      code: "PROVIDER_QUOTA_SPENT",
      detail: `has no quota left for today (${reply.status}): ${excerpt(reply)}`,
      isRetryable: false,
      holdUntil: nextPacificMidnight(now),
    };
  }
  return {
    code: "PROVIDER_RATE_LIMITED",
    detail: `asks for fewer requests a minute (${reply.status}): ${excerpt(reply)}`,
    isRetryable: true,
    minWaitMs: MIN_RATE_LIMIT_WAIT_MS,
    ...askedWait(reply.headers, now),
  };
}
