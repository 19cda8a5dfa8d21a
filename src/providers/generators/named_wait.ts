import { z } from "zod";
import { boundedWaitMs, msUntil, retryAfterMs } from "../http/http_failure.ts";
import type { HttpReply } from "../http/http_exchange.ts";

const UNITS = "(?:milliseconds?|ms|days?|d|hours?|hrs?|h|minutes?|mins?|m|seconds?|secs?|s)";
/** "Please try again in 1h53m56.832s", "retry after 26 seconds", "Please retry in 48.9s". */
const WAIT = new RegExp(
  "(?:try again|retry|wait)(?: in| after| for)?:?\\s+" +
    `((?:\\d+(?:\\.\\d+)?\\s*${UNITS}(?![a-z])[\\s,]*(?:and\\s+)?)+)`,
  "i",
);
const PART = new RegExp(`(\\d+(?:\\.\\d+)?)\\s*(${UNITS})`, "gi");

/** OpenRouter repeats in the body the headers of the limit that was hit. */
const limitSchema = z.object({
  error: z.object({
    metadata: z.object({
      headers: z.object({ "X-RateLimit-Reset": z.coerce.number().positive() }),
    }),
  }),
});

/**
 * How long a provider says its limit lasts, in ms, at most a day: by a header (`Retry-After`, OpenAI's
 * `retry-after-ms`), by OpenRouter's moment in the body, or in words; null when it does not say.
 */
export function namedWaitMs(reply: HttpReply, now: Date): number | null {
  const exact = reply.headers.get("retry-after-ms")?.trim() ?? "";
  if (/^\d+(\.\d+)?$/.test(exact) && Number(exact) > 0) {
    return boundedWaitMs(Math.ceil(Number(exact)));
  }
  return retryAfterMs(reply.headers, now) ?? untilResetMs(reply, now) ?? spelledWaitMs(reply.text);
}

function untilResetMs({ json, headers }: HttpReply, now: Date): number | null {
  const reset = limitSchema.safeParse(json).data?.error.metadata.headers["X-RateLimit-Reset"];
  const ms = reset === undefined ? 0 : msUntil(reset, { headers, now });
  return ms > 0 ? boundedWaitMs(ms) : null;
}

/**
 * A wait as it is spelled in a message, in ms, at most a day; null without one.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(spelledWaitMs("Please try again in 1h53m56.832s."), 6_836_832);
 * assertEquals(spelledWaitMs("Please try again later."), null);
 * ```
 */
export function spelledWaitMs(message: string): number | null {
  const spelled = WAIT.exec(message)?.[1];
  if (spelled === undefined) return null;
  const parts = [...spelled.matchAll(PART)];
  const ms = parts.reduce((sum, [, count, unit = ""]) => sum + Number(count) * unitMs(unit), 0);
  return boundedWaitMs(Math.ceil(ms));
}

function unitMs(unit: string): number {
  const name = unit.toLowerCase();
  if (name.startsWith("mil") || name === "ms") return 1;
  if (name.startsWith("d")) return 86_400_000;
  if (name.startsWith("h")) return 3_600_000;
  return name.startsWith("m") ? 60_000 : 1_000;
}
