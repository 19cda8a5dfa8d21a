import { z } from "zod";
import { excerpt, type HttpFailure, judgeBody } from "../../http/http_failure.ts";
import type { HttpReply } from "../../http/http_exchange.ts";
import { judgeModelReply, type ModelJudgeOptions } from "../model_failure.ts";

/**
 * What a reply of xAI means. Its `error` is a string as often as an object, so the words are looked
 * for in the whole body, and not in `code`, which is a phrase in some replies and "invalid-argument" or
 * "permission-denied" in others: a wrong key comes with 400, spent credits with 403 or 429, and 403 is
 * also what a prompt against the usage guidelines gets, which is a refusal and no failure.
 */
export function judgeXaiReply(
  reply: HttpReply,
  options: ModelJudgeOptions,
): HttpFailure | null {
  if (reply.status < 400) return judgeBody(reply) ?? judgeResponse(reply);
  if (xaiDeclineOf(reply) !== null) return null;
  return judgeModelReply(reply, options);
}

/**
 * What xAI says no to without being broken: the question, when its own check, not the model, declines
 * it; or the reasoning effort, which some models refuse and others do not take in every value.
 */
export type XaiDecline = "question" | "reasoning_effort";

/** What a reply declines; null when it is an answer or a failure. */
export function xaiDeclineOf({ status, text }: HttpReply): XaiDecline | null {
  if (status === 403 && /usage guidelines|SAFETY_CHECK/i.test(text)) return "question";
  return status === 400 && /reasoning[ _-]?effort/i.test(text) ? "reasoning_effort" : null;
}

const failedResponseSchema = z.object({
  status: z.literal("failed"),
  error: z.object({ code: z.string().catch("") }).catch({ code: "" }),
});

/** The Responses API may fail behind the status 200. */
function judgeResponse(reply: HttpReply): HttpFailure | null {
  const failed = failedResponseSchema.safeParse(reply.json);
  if (!failed.success) return null;
  const isLimit = /rate_limit/.test(failed.data.error.code);
  return {
    code: isLimit ? "PROVIDER_RATE_LIMITED" : "PROVIDER_UNAVAILABLE",
    detail: `failed to answer: ${excerpt(reply)}`,
    isRetryable: true,
  };
}
