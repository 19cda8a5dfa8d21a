import { z } from "zod";
import {
  boundedWaitMs,
  excerpt,
  type HttpFailure,
  judgeBody,
  judgeByStatus,
} from "../../http/http_failure.ts";
import type { HttpReply } from "../../http/http_exchange.ts";
import { nextPacificMidnight } from "../../../domain/time/quota_day.ts";
import { isOutOfMoney, spentCredits } from "../limit_failure.ts";
import {
  judgeAbsence,
  judgeRejection,
  type ModelJudgeOptions,
  refusedKey,
  refusedPlace,
} from "../model_failure.ts";
import { namedWaitMs } from "../named_wait.ts";

const violationSchema = z.object({ quotaId: z.string().catch("") }).catch({ quotaId: "" });

/** One entry of Google's `error.details`; which fields are set depends on its `@type`. */
const detailSchema = z.object({
  reason: z.string().catch(""),
  retryDelay: z.string().catch(""),
  violations: z.array(violationSchema).catch([]),
}).catch({ reason: "", retryDelay: "", violations: [] });

/** Some of Google's front ends put the one error into a list. */
const errorSchema = z.preprocess(
  (body) => Array.isArray(body) ? body[0] : body,
  z.object({
    error: z.object({
      status: z.string().catch(""),
      details: z.array(detailSchema).catch([]),
    }),
  }),
);

type GoogleError = z.infer<typeof errorSchema>["error"];

const NO_ERROR: GoogleError = { status: "", details: [] };

/**
 * What a reply of `generateContent` means. Google says why in the body: `API_KEY_INVALID` comes with
 * 400, the quota that is spent is named in `QuotaFailure`, the wait in `RetryInfo`.
 */
export function judgeGeminiReply(
  reply: HttpReply,
  options: ModelJudgeOptions,
): HttpFailure | null {
  if (reply.status < 400) return judgeBody(reply);
  const { now } = options;
  const error = errorSchema.safeParse(reply.json).data?.error ?? NO_ERROR;
  if (reply.status < 500 && isOutOfMoney(reply)) return spentCredits(reply, now);
  switch (reply.status) {
    case 400:
      if (error.details.some(({ reason }) => reason.startsWith("API_KEY"))) {
        return refusedKey(reply, now);
      }
      // Google's word for a country that is not served or a project without billing.
      return error.status === "FAILED_PRECONDITION"
        ? refusedPlace(reply, now)
        : judgeRejection(reply, options);
    case 401:
    case 403:
      return refusedKey(reply, now);
    case 404:
      return judgeAbsence(reply, options);
    case 429:
      return judgeQuota(reply, { error, now });
    default:
      return judgeByStatus(reply, now);
  }
}

interface Context {
  readonly error: GoogleError;
  readonly now: Date;
}

/**
 * The wait that comes with a day's quota is mostly that of the minute's, which is spent as well; one as
 * long as this is meant.
 */
const SHORTEST_DAY_WAIT_MS = 3_600_000;

function judgeQuota(reply: HttpReply, { error, now }: Context): HttpFailure {
  const asked = error.details.map((detail) => durationMs(detail.retryDelay))
    .find((ms) => ms !== null);
  const waitMs = asked ?? namedWaitMs(reply, now);
  const spent = error.details.flatMap((detail) => detail.violations).map((each) => each.quotaId);
  if (spent.some((quotaId) => /PerDay/i.test(quotaId))) {
    return {
      code: "PROVIDER_QUOTA_SPENT",
      detail: `has no quota left for today (429): ${excerpt(reply)}`,
      isRetryable: false,
      holdUntil: waitMs !== null && waitMs >= SHORTEST_DAY_WAIT_MS
        ? new Date(now.getTime() + waitMs)
        : nextPacificMidnight(now),
    };
  }
  return {
    code: "PROVIDER_RATE_LIMITED",
    detail: `asks for fewer requests a minute (429): ${excerpt(reply)}`,
    isRetryable: true,
    ...(waitMs !== null && { waitMs }),
  };
}

/** A protobuf duration in JSON, such as "34s" or "1.5s", in ms, at most a day. */
function durationMs(text: string): number | null {
  const match = /^(\d+(?:\.\d+)?)s$/.exec(text);
  return match ? boundedWaitMs(Math.ceil(Number(match[1]) * 1000)) : null;
}
