import { z } from "zod";
import {
  askedWait,
  boundedWaitMs,
  excerpt,
  type HttpFailure,
  judgeBody,
  judgeByStatus,
} from "../http_failure.ts";
import type { HttpReply } from "../http_exchange.ts";
import { nextPacificMidnight } from "../../domain/quota_day.ts";
import { type ModelJudgeOptions, refusedKey, unknownModel } from "./model_failure.ts";

const violationSchema = z.object({ quotaId: z.string().catch("") }).catch({ quotaId: "" });

/** One entry of Google's `error.details`; which fields are set depends on its `@type`. */
const detailSchema = z.object({
  reason: z.string().catch(""),
  retryDelay: z.string().catch(""),
  violations: z.array(violationSchema).catch([]),
}).catch({ reason: "", retryDelay: "", violations: [] });

const errorSchema = z.object({
  error: z.object({
    status: z.string().catch(""),
    message: z.string().catch(""),
    details: z.array(detailSchema).catch([]),
  }),
});

type GoogleError = z.infer<typeof errorSchema>["error"];

const NO_ERROR: GoogleError = { status: "", message: "", details: [] };

/**
 * What a reply of `generateContent` means. Google says why in the body: `API_KEY_INVALID` comes with
 * 400, the quota that is spent is named in `QuotaFailure`, the wait in `RetryInfo`.
 */
export function judgeGeminiReply(
  reply: HttpReply,
  { now, model }: ModelJudgeOptions,
): HttpFailure | null {
  if (reply.status < 400) return judgeBody(reply);
  const parsed = errorSchema.safeParse(reply.json);
  const error = parsed.success ? parsed.data.error : NO_ERROR;
  switch (reply.status) {
    case 400:
      return judgeRejection(reply, { error, now });
    case 401:
    case 403:
      return refusedKey(reply, now);
    case 404:
      return unknownModel(reply, { model, now });
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

function judgeRejection(reply: HttpReply, { error, now }: Context): HttpFailure {
  const isKey = error.details.some((detail) => detail.reason.startsWith("API_KEY")) ||
    /api key (not valid|expired|not found)/i.test(error.message);
  if (isKey) return refusedKey(reply, now);
  return {
    code: "PROVIDER_REJECTED_REQUEST",
    detail: `rejected the request (400 ${error.status || "without a status"}): ${excerpt(reply)}`,
    isRetryable: false,
  };
}

function judgeQuota(reply: HttpReply, { error, now }: Context): HttpFailure {
  const spent = error.details.flatMap((detail) => detail.violations).map((each) => each.quotaId);
  if (spent.some((quotaId) => /PerDay/i.test(quotaId))) {
    return {
      code: "PROVIDER_QUOTA_SPENT",
      detail: `has no quota left for today (429): ${excerpt(reply)}`,
      isRetryable: false,
      holdUntil: nextPacificMidnight(now),
    };
  }
  const asked = error.details.map((detail) => durationMs(detail.retryDelay))
    .find((ms) => ms !== null);
  return {
    code: "PROVIDER_RATE_LIMITED",
    detail: `asks for fewer requests a minute (429): ${excerpt(reply)}`,
    isRetryable: true,
    ...askedWait(reply.headers, now),
    ...(typeof asked === "number" && { waitMs: asked }),
  };
}

/** A protobuf duration in JSON, such as "34s" or "1.5s", in ms, at most a day. */
function durationMs(text: string): number | null {
  const match = /^(\d+(?:\.\d+)?)s$/.exec(text);
  return match ? boundedWaitMs(Math.ceil(Number(match[1]) * 1000)) : null;
}
