import type {
  CallContext,
  Generator,
  GeneratorAnswer,
  GeneratorRequest,
} from "../../../domain/generation/generator.ts";
import { createHttpClient, type HttpOptions } from "../../http/http.ts";
import { excerpt } from "../../http/http_failure.ts";
import { askModel, readModelAnswer, refusedAnswer, rejectedInEveryForm } from "../model_answer.ts";
import { CHAT_ANSWER, chatQuestion } from "../openai_compatible/chat_completions.ts";
import { judgeXaiReply, xaiDeclineOf } from "./xai_failure.ts";
import { RESPONSES_ANSWER, responsesQuestion } from "./xai_responses.ts";

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
 * is returned as it came.
 */
export function createXai(options: XaiOptions): Generator {
  const { apiKey, model, api } = options;
  const http = createHttpClient(PROVIDER, {
    ...options,
    judge: (reply, now) => judgeXaiReply(reply, { now, model }),
  });
  const headers = { authorization: `Bearer ${apiKey}` };
  const wire = api === "responses" ? RESPONSES : CHAT;
  let knownEffort = reasoningEffortOf(model);

  async function generate(
    request: GeneratorRequest,
    context: CallContext,
  ): Promise<GeneratorAnswer> {
    for (;;) {
      const effort = knownEffort;
      const { path } = wire;
      const body = wire.question(request, { model, effort });
      const reply = await askModel(http, { provider: PROVIDER, path, headers, body, context });
      const decline = xaiDeclineOf(reply);
      if (decline === null) return readModelAnswer(reply, { provider: PROVIDER, model, ...wire });
      if (decline === "question") return refusedAnswer(model, excerpt(reply));
      if (effort === null) throw rejectedInEveryForm(PROVIDER, excerpt(reply));
      // Another call may have learnt the same meanwhile.
      if (knownEffort === effort) knownEffort = effort === "none" ? "low" : null;
    }
  }

  return { name: "xai", kind: "model", model, generate };
}

const CHAT = {
  path: "/v1/chat/completions",
  question: (request: GeneratorRequest, { model, effort }: Asked) =>
    chatQuestion(request, {
      model,
      format: "json_schema",
      fields: {
        max_completion_tokens: request.max_output_tokens,
        ...(effort !== null && { reasoning_effort: effort }),
      },
    }),
  schema: CHAT_ANSWER,
  countsThinking: "beside",
} as const;

const RESPONSES = {
  path: "/v1/responses",
  question: responsesQuestion,
  schema: RESPONSES_ANSWER,
  countsThinking: "within",
} as const;

interface Asked {
  readonly model: string;
  readonly effort: ReasoningEffort;
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
