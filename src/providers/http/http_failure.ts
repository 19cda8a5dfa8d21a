import { cleanText } from "../../domain/text/clean_text.ts";
import type { ErrorCode } from "../../errors.ts";
import type { HttpReply } from "./http_exchange.ts";

/** What a provider's answer means when it is not the answer wanted. */
export interface HttpFailure {
  readonly code: ErrorCode & `PROVIDER_${string}`;
  /** Ends the sentence "<provider> …": what the provider said, in short. */
  readonly detail: string;
  readonly isRetryable: boolean;
  /** How often this failure is worth repeating, where that differs from the policy's number. */
  readonly maxRetries?: number;
  /** The wait the provider asked for; without it the policy's backoff applies. */
  readonly waitMs?: number;
  /** The least wait before the second attempt, doubled for each further one. */
  readonly minWaitMs?: number;
  /** Nothing will work before this moment, so that further requests need not be sent. */
  readonly holdUntil?: Date;
}

/** A refused key is tried again after an hour: it may have been a restriction lifted meanwhile. */
export const REFUSED_KEY_HOLD_MS = 3_600_000;

/** Judges one answer: null when the client can use it. The same for all requests of a provider. */
export type JudgeReply = (reply: HttpReply, now: Date) => HttpFailure | null;

/**
 * The judgement for a provider without habits of its own: success must be JSON, 404 is an answer,
 * 408, 429 and 5xx pass, 401 and 403 concern the key, every other 4xx is our mistake.
 */
export function judgeByStatus(reply: HttpReply, now: Date): HttpFailure | null {
  const { status } = reply;
  if (status === 404) return null;
  if (status < 400) return judgeBody(reply);
  const detail = `answered ${status}: ${excerpt(reply)}`;
  if (status === 408 || status === 429 || status >= 500) {
    return {
      code: status === 429 ? "PROVIDER_RATE_LIMITED" : "PROVIDER_UNAVAILABLE",
      detail,
      isRetryable: true,
      ...askedWait(reply.headers, now),
    };
  }
  if (status === 401 || status === 403) {
    const holdUntil = new Date(now.getTime() + REFUSED_KEY_HOLD_MS);
    return { code: "PROVIDER_KEY_REFUSED", detail, isRetryable: false, holdUntil };
  }
  return { code: "PROVIDER_REJECTED_REQUEST", detail, isRetryable: false };
}

/** A success whose body is not JSON: a proxy's page, or an answer cut off on its way. */
export function judgeBody(reply: HttpReply): HttpFailure | null {
  if (reply.json !== undefined && reply.status < 300) return null;
  const found = reply.isHtml ? "an HTML page" : "a body that is not JSON";
  return {
    code: "PROVIDER_BAD_ANSWER",
    detail: `answered ${reply.status} with ${found} instead of JSON`,
    isRetryable: true,
  };
}

/** The wait a `Retry-After` header asks for, as the field of a failure; empty without one. */
export function askedWait(headers: Headers, now: Date): { readonly waitMs?: number } {
  const waitMs = retryAfterMs(headers, now);
  return waitMs === null ? {} : { waitMs };
}

/** Nobody is waited for longer: a year in the wrong century must not silence a provider for ever. */
const LONGEST_WAIT_MS = 24 * 3_600_000;

/** A wait a provider asked for, at most a day. */
export function boundedWaitMs(ms: number): number {
  return Math.min(Math.max(0, ms), LONGEST_WAIT_MS);
}

/**
 * Milliseconds asked for by a `Retry-After` header, given as seconds or as an HTTP date
 * (RFC 9110 §10.2.3), at most a day; null when absent, unreadable or no time at all.
 */
export function retryAfterMs(headers: Headers, now: Date): number | null {
  const value = headers.get("retry-after")?.trim() ?? "";
  const ms = /^[-+]?[\d.]+$/.test(value)
    ? Number(value) * 1000
    : msUntil(Date.parse(value), { headers, now });
  return ms > 0 ? boundedWaitMs(Math.ceil(ms)) : null;
}

/** Milliseconds to a moment that a reply names, by the clock of who sent it where the reply tells it. */
export function msUntil(moment: number, { headers, now }: { headers: Headers; now: Date }): number {
  const sentAt = Date.parse(headers.get("date") ?? "");
  return moment - (Number.isNaN(sentAt) ? now.getTime() : sentAt);
}

/**
 * What of a page nobody reads: comments, style sheets, scripts and drawings, to their end or, where the
 * page was cut off in one, to its own; and tags. Each alternative matches wherever it begins, so that no
 * part is gone over twice.
 */
const UNREAD =
  /<!--[^]*?(?:-->|$)|<(script|style|svg|template)\b[^]*?(?:<\/\1\b[^<>]*>?|$)|<[^<>]*>/gi;

/** As much as an excerpt can come from, whose blanks have yet to be closed up. */
const MAX_EXCERPT_SOURCE = 10_000;

/**
 * The provider's own words, short enough for a log line: its message field, or the page's text, without
 * what no database can store.
 */
export function excerpt(reply: HttpReply): string {
  const words = messageOf(reply.json) ?? reply.text.replace(UNREAD, " ");
  const short = cleanText(words.trimStart().slice(0, MAX_EXCERPT_SOURCE)).replace(/\s+/g, " ")
    .slice(0, 200).replace(/\p{Cs}/gu, "");
  return short === "" ? "(no text)" : short;
}

/** How deep an error may lie in errors; real ones are one deep. */
const MAX_ERROR_DEPTH = 4;

/** The message in the error bodies in use: `{error: {message}}`, `{error}`, `{message}` and others. */
export function messageOf(body: unknown): string | null {
  let level = body;
  for (let depth = 0; depth < MAX_ERROR_DEPTH; depth++) {
    if (typeof level !== "object" || level === null) return null;
    const fields = new Map<string, unknown>(Object.entries(level));
    for (const name of ["message", "error_message", "errorMessage", "error", "exception"]) {
      const value = fields.get(name);
      if (typeof value === "string" && value !== "") return value;
    }
    level = fields.get("error");
  }
  return null;
}
