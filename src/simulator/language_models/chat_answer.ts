import type { ModelQuestion } from "./question.ts";
import type { ToldAnswer } from "./tell_answer.ts";
import { stableHash } from "../faults/random.ts";

const FINISH_REASONS: Readonly<Record<ToldAnswer["finish"], string>> = {
  stop: "stop",
  length: "length",
  safety: "content_filter",
  recitation: "content_filter",
};

/**
 * The chat.completion body around what a model said. Reasoning is counted within the completion's tokens,
 * as OpenAI, OpenRouter, Groq and DeepSeek do, or beside them, as xAI does.
 */
export function chatCompletion(told: ToldAnswer, options: {
  question: ModelQuestion;
  model: string;
  now: Date;
  countsThinking: "within" | "beside";
}): Record<string, unknown> {
  const { question, model, now, countsThinking } = options;
  const { prompt, answer, thinking } = told.tokens;
  const id = stableHash(question.system + question.user).toString(36);
  return {
    id: `chatcmpl-${id}`,
    object: "chat.completion",
    created: Math.floor(now.getTime() / 1_000),
    model,
    choices: [{
      index: 0,
      message: {
        role: "assistant",
        content: told.refusal === null ? told.text : null,
        refusal: told.refusal,
      },
      finish_reason: FINISH_REASONS[told.finish],
    }],
    usage: {
      prompt_tokens: prompt,
      completion_tokens: countsThinking === "within" ? answer + thinking : answer,
      total_tokens: prompt + answer + thinking,
      prompt_tokens_details: { cached_tokens: 0 },
      completion_tokens_details: { reasoning_tokens: thinking },
    },
    system_fingerprint: `fp_${stableHash(model).toString(36)}`,
  };
}

/** The body of `GET /v1/models`. */
export function modelList(models: Iterable<string>, owner: string): Record<string, unknown> {
  const data = [...models].map((id) => ({ id, object: "model", created: 0, owned_by: owner }));
  return { object: "list", data };
}
