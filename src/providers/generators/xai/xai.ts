import type {
  CallContext,
  Generator,
  GeneratorAnswer,
  GeneratorRequest,
} from "../../../domain/generation/generator.ts";
import { AppError } from "../../../errors.ts";
import { createHttpClient, type HttpOptions } from "../../http/http.ts";
import { excerpt } from "../../http/http_failure.ts";
import { CHAT_COMPLETIONS_ENVELOPE, XAI_RESPONSES_ENVELOPE } from "../answer_envelope.ts";
import { callDecliningModel, type ModelResult, refusedAnswer, toAnswer } from "../call_model.ts";
import { askChatCompletions } from "../openai_compatible/chat_completions.ts";
import { judgeXaiReply, xaiDeclineOf } from "./xai_failure.ts";
import { askXaiResponses } from "./xai_responses.ts";

/** The two forms in which xAI's models can be asked: OpenAI's older one, and xAI's primary one. */
export type XaiApi = "chat_completions" | "responses";

export interface XaiOptions extends Omit<HttpOptions, "baseUrl"> {
  readonly apiKey: string;
  readonly model: string;
  readonly api: XaiApi;
  /** Up to, not including, `/v1`. */
  readonly baseUrl: string;
}

/** Safe defaults beside those of the settings; the time-out is that of a long answer. */
export const XAI_DEFAULTS = {
  timeoutMs: 90_000,
  maxRetries: 3,
  concurrency: 4,
} as const;

const PROVIDER = "xai";

/**
 * xAI's Grok over chat completions or the Responses API, with the answer's schema. The answer's text
 * is returned as it came. The SDK of xAI speaks only the Responses API; for the other one the general
 * SDK of that protocol is used.
 */
export function createXai(options: XaiOptions): Generator {
  const { apiKey, model, api } = options;
  const baseUrl = options.baseUrl.replace(/\/+$/, "");
  const http = createHttpClient(PROVIDER, {
    ...options,
    baseUrl,
    judge: (reply, now) => judgeXaiReply(reply, { now, model }),
  });
  let knownEffort = reasoningEffortOf(model);

  function ask(
    request: GeneratorRequest,
    { context, policyFetch, reasoningEffort }: {
      context: CallContext;
      policyFetch: typeof fetch;
      reasoningEffort: ReasoningEffort;
    },
  ): Promise<ModelResult> {
    const call = { apiKey, model, request, context, policyFetch, baseUrl: `${baseUrl}/v1` };
    if (api === "responses") return askXaiResponses({ ...call, reasoningEffort });
    const fields = {
      max_completion_tokens: request.max_output_tokens,
      ...(reasoningEffort !== null && { reasoning_effort: reasoningEffort }),
    };
    return askChatCompletions({ ...call, provider: PROVIDER, format: "json_schema", fields });
  }

  async function generate(
    request: GeneratorRequest,
    context: CallContext,
  ): Promise<GeneratorAnswer> {
    for (;;) {
      const reasoningEffort = knownEffort;
      const asked = await callDecliningModel(http, {
        provider: PROVIDER,
        baseUrl,
        context,
        envelope: api === "responses" ? XAI_RESPONSES_ENVELOPE : CHAT_COMPLETIONS_ENVELOPE,
        ask: (policyFetch) => ask(request, { context, policyFetch, reasoningEffort }),
        declineOf: xaiDeclineOf,
      });
      if (asked.kind === "answered") {
        return toAnswer(asked.result, {
          provider: PROVIDER,
          model,
          countsThinking: api === "chat_completions" ? "beside" : "within",
        });
      }
      const words = excerpt(asked.reply);
      if (asked.decline === "question") return refusedAnswer(model, words);
      if (reasoningEffort === null) throw rejected(words);
      // Another call may have learnt the same meanwhile.
      if (knownEffort === reasoningEffort) knownEffort = reasoningEffort === "none" ? "low" : null;
    }
  }

  return { name: "xai", kind: "model", model, generate };
}

/** Null sends none. */
type ReasoningEffort = "none" | "low" | null;

/**
 * Naming books needs little thought, and thoughts are billed. Of the models there are only grok-4.3
 * can go without any, and later ones take "low"; those whose name says whether they reason refuse the
 * field, and multi-agent ones take it for a number of agents. What a model takes beyond this list is
 * learnt from its refusals.
 */
function reasoningEffortOf(model: string): ReasoningEffort {
  if (/reasoning|multi-agent/.test(model)) return null;
  if (/^grok-4\.3(-|$)/.test(model)) return "none";
  return /^grok-(4\.[4-9]|[5-9]|latest)(?!\d)/.test(model) ? "low" : null;
}

function rejected(words: string): AppError {
  return new AppError("PROVIDER_REJECTED_REQUEST", `${PROVIDER} rejects the request: ${words}`, {
    details: { provider: PROVIDER },
  });
}
