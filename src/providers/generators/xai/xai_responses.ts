import { z } from "zod";
import type { GeneratorRequest } from "../../../domain/generation/generator.ts";
import { type ModelAnswer, modelSchema, wordSchema } from "../model_answer.ts";
import { billedSchema, helpfulSchema, NO_TOKENS, reasoningSchema } from "../token_usage.ts";

/** The body of a question over xAI's own Responses API; nothing of it is kept there. */
export function responsesQuestion(
  { prompt, answer_schema: schema, max_output_tokens }: GeneratorRequest,
  { model, effort }: { readonly model: string; readonly effort: string | null },
) {
  return {
    model,
    input: [
      { role: "system", content: prompt.system },
      { role: "user", content: [{ type: "input_text", text: prompt.user }] },
    ],
    max_output_tokens,
    text: { format: { type: "json_schema", strict: true, name: "book_list", schema } },
    ...(effort !== null && { reasoning: { effort } }),
    store: false,
    include: ["reasoning.encrypted_content"],
  };
}

const messageSchema = z.object({
  type: z.literal("message"),
  content: z.array(z.object({
    type: z.string(),
    text: z.string().nullish().transform((text) => text ?? ""),
    refusal: z.string().catch(""),
  })),
});

/** Thoughts, and calls of tools that nobody offered. */
const asideSchema = z.object({ type: z.string().regex(/^reasoning$|_call$/) })
  .transform(() => ({ content: [] }));

const usageSchema = z.object({
  input_tokens: billedSchema,
  output_tokens: billedSchema,
  total_tokens: helpfulSchema,
  input_tokens_details: z.object({ cached_tokens: helpfulSchema }).optional().catch(undefined),
  output_tokens_details: reasoningSchema,
}).transform((counts) => {
  const cached = counts.input_tokens_details?.cached_tokens ?? 0;
  return {
    // What was cached is among the input, unless there is more of it.
    input: counts.input_tokens + (cached > counts.input_tokens ? cached : 0),
    output: counts.output_tokens,
    thinking: counts.output_tokens_details,
    total: counts.total_tokens,
  };
});

/** An answer over the Responses API. */
export const RESPONSES_ANSWER: z.ZodType<ModelAnswer> = z.object({
  model: modelSchema,
  output: z.array(z.union([messageSchema, asideSchema])),
  status: wordSchema,
  incomplete_details: z.object({ reason: wordSchema }).catch({}),
  usage: usageSchema.catch(NO_TOKENS),
}).transform(({ model, output, status, incomplete_details, usage }) => {
  const parts = output.flatMap(({ content }) => content);
  const refusal = parts.map((part) => part.refusal).join("");
  return {
    model,
    text: parts.map((part) => part.text).join("") + refusal,
    end: refusal === "" ? incomplete_details.reason || status : "refusal",
    tokens: usage,
  };
});
