import type { ModelQuestion } from "../language_models/question.ts";
import type { ToldAnswer } from "../language_models/tell_answer.ts";
import { stableHash } from "../faults/random.ts";

/** Why an answer is not complete, in the interface's words; null when it is. */
const INCOMPLETE: Readonly<Record<ToldAnswer["finish"], string | null>> = {
  stop: null,
  length: "max_output_tokens",
  safety: "content_filter",
  recitation: "content_filter",
};

function contentOf({ text, refusal }: ToldAnswer): Record<string, unknown> {
  return refusal === null
    ? { type: "output_text", text, logprobs: [], annotations: [] }
    : { type: "refusal", refusal };
}

/** The body of the Responses API around what a model said. Reasoning is part of the output tokens. */
export function responsesAnswer(told: ToldAnswer, options: {
  question: ModelQuestion;
  model: string;
  now: Date;
}): Record<string, unknown> {
  const { question, model, now } = options;
  const { prompt, answer, thinking } = told.tokens;
  const id = stableHash(question.system + question.user).toString(36);
  const reason = INCOMPLETE[told.finish];
  const status = reason === null ? "completed" : "incomplete";
  const hasMessage = told.text !== "" || told.refusal !== null;
  return {
    id: `resp_${id}`,
    object: "response",
    created_at: Math.floor(now.getTime() / 1_000),
    model,
    status,
    error: null,
    incomplete_details: reason === null ? null : { reason },
    output: [
      ...(thinking === 0
        ? []
        : [{ type: "reasoning", id: `rs_${id}`, summary: [], status: "completed" }]),
      ...(hasMessage
        ? [{
          type: "message",
          id: `msg_${id}`,
          role: "assistant",
          status,
          content: [contentOf(told)],
        }]
        : []),
    ],
    usage: {
      input_tokens: prompt,
      input_tokens_details: { cached_tokens: 0 },
      output_tokens: answer + thinking,
      output_tokens_details: { reasoning_tokens: thinking },
      total_tokens: prompt + answer + thinking,
      num_sources_used: 0,
      num_server_side_tools_used: 0,
    },
    store: true,
  };
}
