import { z } from "zod";
import { excerpt, type HttpFailure, judgeBody, judgeByStatus } from "../http_failure.ts";
import type { HttpReply } from "../http_exchange.ts";
import { isOutOfMoney, judgeRefusal } from "./limit_failure.ts";
import { judgeAbsence, judgeRejection, type ModelJudgeOptions } from "./model_failure.ts";

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
  const { now } = options;
  if (reply.status < 400) return judgeBody(reply) ?? judgeResponse(reply);
  if (isXaiRefusal(reply)) return null;
  if (reply.status < 500 && isOutOfMoney(reply)) return judgeRefusal(reply, now);
  switch (reply.status) {
    case 400:
      return judgeRejection(reply, options);
    case 404:
    case 405:
      return judgeAbsence(reply, options);
    case 403:
    case 429:
      return judgeRefusal(reply, now);
    default:
      return judgeByStatus(reply, now);
  }
}

/** True when xAI's own check, not the model, declined to answer the prompt. */
export function isXaiRefusal(reply: HttpReply): boolean {
  return reply.status === 403 && /usage guidelines|SAFETY_CHECK/i.test(reply.text);
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
