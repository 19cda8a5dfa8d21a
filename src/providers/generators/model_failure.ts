import { askedWait, excerpt, type HttpFailure, REFUSED_KEY_HOLD_MS } from "../http_failure.ts";
import type { HttpReply } from "../http_exchange.ts";

/** What a reply is judged with beside itself. */
export interface ModelJudgeOptions {
  readonly now: Date;
  /** The model that was asked. */
  readonly model: string;
}

/** The key is wrong, blocked or not allowed to; held back for an hour. */
export function refusedKey(reply: HttpReply, now: Date): HttpFailure {
  return {
    code: "PROVIDER_KEY_REFUSED",
    detail: `refuses the key (${reply.status}): ${excerpt(reply)}`,
    isRetryable: false,
    holdUntil: new Date(now.getTime() + REFUSED_KEY_HOLD_MS),
  };
}

/**
 * The words for a wrong key behind the status 400: xAI's "Incorrect API key provided", Google's "API
 * key not valid". A mere mention of a key, as in xAI's "API key ID", is none.
 */
export function isAboutWrongKey(reply: HttpReply): boolean {
  return /(incorrect|invalid|wrong|expired|missing)[ _]api[ _-]?key|api[ _-]?key( is)? (not|invalid|expired|required|missing)/i
    .test(reply.text);
}

/** Somebody has to name another model, or to load this one on a server of their own. */
const UNKNOWN_MODEL_HOLD_MS = 600_000;

/** The model is unknown, retired or not for this key. */
export function unknownModel(
  reply: HttpReply,
  { model, now }: ModelJudgeOptions,
): HttpFailure {
  return {
    code: "PROVIDER_REJECTED_REQUEST",
    detail: `has no model "${model}" for this key (404): ${excerpt(reply)}`,
    isRetryable: false,
    holdUntil: new Date(now.getTime() + UNKNOWN_MODEL_HOLD_MS),
  };
}

/**
 * Neither has an end the provider names: somebody has to pay or to raise a limit, or its day has to be
 * over. Asking once an hour finds out soon enough without knocking for nothing.
 */
const SPENT_HOLD_MS = 3_600_000;

/** There is no money left at the provider. */
function spentCredits(reply: HttpReply, now: Date): HttpFailure {
  return {
    code: "PROVIDER_OUT_OF_CREDIT",
    detail: `has no credits left (${reply.status}): ${excerpt(reply)}`,
    isRetryable: false,
    holdUntil: new Date(now.getTime() + SPENT_HOLD_MS),
  };
}

/** The allowance of the day is used up. */
function spentQuota(reply: HttpReply, now: Date): HttpFailure {
  return {
    code: "PROVIDER_QUOTA_SPENT",
    detail: `has no quota left for today (${reply.status}): ${excerpt(reply)}`,
    isRetryable: false,
    holdUntil: new Date(now.getTime() + SPENT_HOLD_MS),
  };
}

/**
 * The words for money that is used up, in the messages of xAI ("used all available credits", "reached
 * its monthly spending limit"), OpenAI ("insufficient_quota") and OpenRouter ("Insufficient credits",
 * "Key limit exceeded").
 */
const CREDITS =
  /\bcredits?\b|spending limit|insufficient[_ ](quota|balance|funds)|exceeded your current quota|key limit exceeded/i;

/** OpenRouter's words for a day's allowance ("free-models-per-day"), which also advise to buy credits. */
const DAY_SPENT = /\bper[ -]day\b/i;

/** What 402, 403 and 429 mean by their words, since providers use each for more than one thing. */
export function judgeRefusal(reply: HttpReply, now: Date): HttpFailure {
  if (DAY_SPENT.test(reply.text)) return spentQuota(reply, now);
  if (reply.status === 402 || CREDITS.test(reply.text)) return spentCredits(reply, now);
  if (reply.status === 403) return refusedKey(reply, now);
  return {
    code: "PROVIDER_RATE_LIMITED",
    detail: `asks for fewer requests (${reply.status}): ${excerpt(reply)}`,
    isRetryable: true,
    ...askedWait(reply.headers, now),
  };
}
