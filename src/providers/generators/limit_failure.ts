import { excerpt, type HttpFailure } from "../http/http_failure.ts";
import type { HttpReply } from "../http/http_exchange.ts";
import { namedWaitMs } from "./named_wait.ts";

/**
 * Without a word about its end, somebody has to pay or to raise a limit, or the provider's day has to be
 * over. Asking once an hour finds out soon enough without knocking for nothing.
 */
const SPENT_HOLD_MS = 3_600_000;

/** There is no money left at the provider. */
export function spentCredits(reply: HttpReply, now: Date): HttpFailure {
  return {
    code: "PROVIDER_OUT_OF_CREDIT",
    detail: `has no credits left (${reply.status}): ${excerpt(reply)}`,
    isRetryable: false,
    holdUntil: new Date(now.getTime() + SPENT_HOLD_MS),
  };
}

/**
 * The words for money that is used up: xAI ("used all available credits", "monthly spending limit"),
 * Google ("prepayment credits are depleted", "monthly spending cap"), OpenAI ("insufficient_quota",
 * "billing_hard_limit_reached", "account is not active"), DeepSeek ("Insufficient Balance"), OpenRouter
 * ("Insufficient credits", "Key limit exceeded"), Anthropic ("credit balance is too low"), Hugging Face
 * ("exceeded your monthly included credits"), Zhipu ("in arrears"), Fireworks ("past invoices").
 */
const SPENT_MONEY =
  /insufficient[_ -](quota|balance|funds|credits?)|credits? (are |is |have been |has been )?(depleted|exhausted|used up)|used all available credits|(no|any|out of|(purchase|add|buy|requires?) more) credits|included credits|credit balance|spend(ing)?[_ -](cap|limit)|billing[_ ](hard[_ ]limit|not[_ ]active)|account is not active|key limit exceeded|in arrears|past invoices|payment required/i;

/**
 * Words that speak of money in one provider and of a passing limit in another: Google's "exceeded your
 * current quota" is OpenAI's for an empty account, and advice to buy credits comes with any limit. Who
 * names a wait does not mean money.
 */
const PERHAPS_MONEY = /\bcredits?\b|exceeded your current quota/i;

/** True where a reply says, whatever its status, that somebody has to pay first. */
export function isOutOfMoney(reply: HttpReply): boolean {
  return reply.status === 402 || SPENT_MONEY.test(reply.text);
}

/**
 * The words for an allowance of a day or longer: OpenRouter's "free-models-per-day", Groq's and OpenAI's
 * "tokens per day (TPD)", Google's "PerDay", Ollama's "weekly usage limit".
 */
const DAY_SPENT =
  /per[ -]?day|\b(daily|weekly|monthly|hourly) (usage |request |token )?(limit|quota)/i;

/** A longer wait is not worth a call's patience, so that others need not try either. */
const PASSING_MS = 60_000;

/** The allowance of the day is used up; it may be a rolling one, of which the provider names the end. */
function spentQuota(
  reply: HttpReply,
  { now, waitMs }: { now: Date; waitMs: number | null },
): HttpFailure {
  return {
    code: "PROVIDER_QUOTA_SPENT",
    detail: `has no quota left for today (${reply.status}): ${excerpt(reply)}`,
    isRetryable: false,
    holdUntil: new Date(now.getTime() + (waitMs ?? SPENT_HOLD_MS)),
  };
}

/**
 * What 402, 403 and 429 mean by their words, since providers use each for more than one thing; null for
 * a 403 that speaks of no limit.
 */
export function judgeLimit(reply: HttpReply, now: Date): HttpFailure | null {
  const waitMs = namedWaitMs(reply, now);
  const isDay = DAY_SPENT.test(reply.text);
  if (isOutOfMoney(reply) && !(isDay && waitMs !== null)) return spentCredits(reply, now);
  if (isDay && (waitMs === null || waitMs > PASSING_MS)) return spentQuota(reply, { now, waitMs });
  if (waitMs === null && PERHAPS_MONEY.test(reply.text)) return spentCredits(reply, now);
  if (reply.status === 403) return null;
  return {
    code: "PROVIDER_RATE_LIMITED",
    detail: `asks for fewer requests (${reply.status}): ${excerpt(reply)}`,
    isRetryable: true,
    ...(waitMs !== null && { waitMs }),
  };
}
