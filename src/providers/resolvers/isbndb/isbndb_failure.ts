import { judgeCatalogueReply } from "../../http/declared_failure.ts";
import {
  askedWait,
  excerpt,
  type HttpFailure,
  REFUSED_KEY_HOLD_MS,
} from "../../http/http_failure.ts";
import type { HttpReply } from "../../http/http_exchange.ts";
import { nextUtcMidnight } from "../../../domain/time/quota_day.ts";

/** The shortest of its limits is counted per second. */
const MIN_RATE_LIMIT_WAIT_MS = 1_000;

/** An answer that comes this soon after midnight may still speak of the day before. */
const MIDNIGHT_MARGIN_MS = 10_000;

/**
 * What a reply means. 403 stands for the wrong host of the plan, an ended subscription and, as seen,
 * a spent quota: none of them ends before the next day begins, in UTC.
 */
export function judgeIsbndbReply(reply: HttpReply, now: Date): HttpFailure | null {
  if (reply.status === 404) return judgeMissing(reply);
  if (reply.status < 400) return judgeCatalogueReply(reply, now);
  const words = excerpt(reply);
  if (reply.status === 401) {
    return {
      code: "PROVIDER_KEY_REFUSED",
      detail: `refuses the key (401): ${words}`,
      isRetryable: false,
      holdUntil: new Date(now.getTime() + REFUSED_KEY_HOLD_MS),
    };
  }
  const isDaily = reply.status === 429 && /\bdaily\b|per day|24 hours/i.test(words);
  if (reply.status === 403 || isDaily) {
    return {
      code: "PROVIDER_QUOTA_SPENT",
      detail: `has no quota left, or the plan has another host (${reply.status}): ${words}`,
      isRetryable: false,
      holdUntil: nextUtcMidnight(new Date(now.getTime() - MIDNIGHT_MARGIN_MS)),
    };
  }
  if (reply.status === 429) {
    return {
      code: "PROVIDER_RATE_LIMITED",
      detail: `asks for fewer requests (429): ${words}`,
      isRetryable: true,
      minWaitMs: MIN_RATE_LIMIT_WAIT_MS,
      ...askedWait(reply.headers, now),
    };
  }
  return judgeCatalogueReply(reply, now);
}

/** A wrong base URL is answered with 404 as well, but not in JSON. */
function judgeMissing(reply: HttpReply): HttpFailure | null {
  if (reply.json !== undefined) return null;
  return {
    code: "PROVIDER_BAD_ANSWER",
    detail: "answered 404 without JSON: the base URL may be wrong",
    isRetryable: false,
  };
}
