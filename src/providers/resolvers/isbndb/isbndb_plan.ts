import { z } from "zod";
import type { DailyGrant } from "../../../domain/providers/call_gate.ts";
import type { CallContext } from "../../../domain/generation/generator.ts";
import { quotaDay } from "../../../domain/time/quota_day.ts";
import { isProviderError } from "../../../errors.ts";
import { createHttpClient, type HttpOptions } from "../../http/http.ts";
import { excerpt } from "../../http/http_failure.ts";
import { looseText } from "../loose_fields.ts";

const PROVIDER = "isbndb";

/** The calls that are waiting for the answer must not wait for long. */
const PATIENCE_MS = 3_000;

/** What fits the columns it is stored in. */
const calls = z.int().min(0).max(2 ** 31 - 1);

const keySchema = z.object({
  api_host: looseText,
  plan_limit: z.object({ total: calls, spent: calls }),
});

export interface PlanQuestionOptions extends HttpOptions {
  readonly apiKey: string;
  /** Takes what the plan grants and what is spent; must not reject. */
  readonly onGrant?: (grant: DailyGrant) => Promise<void>;
  /** Takes the host of the plan; must not reject. */
  readonly onHost?: (host: string) => Promise<void>;
}

/**
 * Asks ISBNdb once a day (UTC), before the first call that is paid for, what the plan grants, what is
 * spent and which host is the plan's (`GET /key`, which costs none of it). The function returned resolves
 * when that is known, or when it can't be, which hinders no other call: a failure is not repeated that
 * day and holds nothing back. Nothing is asked when nobody wants to know.
 */
export function createPlanQuestion(
  { onGrant, onHost, apiKey, ...options }: PlanQuestionOptions,
): (context: CallContext) => Promise<void> {
  const { clock, onEvent, ...shared } = options;
  const http = createHttpClient(PROVIDER, {
    ...shared,
    clock,
    maxRetries: 0,
    timeoutMs: Math.min(options.timeoutMs, PATIENCE_MS),
    maxWaitMs: PATIENCE_MS,
    // Only for the log: it says nothing of how searches are answered.
    onEvent: (event) => void (event.kind === "failed" && onEvent?.(event)),
    judge: (reply) =>
      reply.status === 200 && keySchema.safeParse(reply.json).success ? null : {
        code: "PROVIDER_BAD_ANSWER",
        detail: `does not say what the plan grants (${reply.status}): ${excerpt(reply)}`,
        isRetryable: false,
      },
  });

  async function ask({ signal, onCall }: CallContext): Promise<void> {
    const reply = await http.send({
      path: "/key",
      headers: { authorization: apiKey },
      cost: 0,
      signal,
      onCall: () => onCall(PROVIDER),
    });
    const { api_host, plan_limit: { total, spent } } = keySchema.parse(reply.json);
    await onGrant?.({ granted: total, spent });
    if (api_host !== null) await onHost?.(api_host);
  }

  let askedOn = "";
  let asking = Promise.resolve();

  async function settle(context: CallContext): Promise<void> {
    try {
      await ask(context);
    } catch (error) {
      const { aborted } = context.signal;
      const isFailure = isProviderError(error) && error.retryAt === undefined;
      // Whoever asks next tries again; after a real failure the limit of the settings holds.
      if (aborted || !isFailure) askedOn = "";
      if (!aborted && !isProviderError(error)) throw error;
    }
  }

  return async (context) => {
    if (onGrant === undefined && onHost === undefined) return;
    const today = quotaDay(clock.now(), "utc");
    if (askedOn !== today) {
      askedOn = today;
      asking = settle(context);
    }
    await asking;
  };
}
