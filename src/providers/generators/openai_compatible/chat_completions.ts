import { z } from "zod";
import type { GeneratorRequest } from "../../../domain/generation/generator.ts";
import { firstOf, type ModelAnswer, modelSchema, wordSchema } from "../model_answer.ts";
import { billedSchema, helpfulSchema, NO_TOKENS, reasoningSchema } from "../token_usage.ts";

/** How an answer's form can be asked for, the strictest first. */
export const ANSWER_FORMATS = ["json_schema", "json_object", "text"] as const;
export type AnswerFormat = (typeof ANSWER_FORMATS)[number];

export interface ChatQuestion {
  readonly model: string;
  readonly format: AnswerFormat;
  /** Fields of the body beside those of every model, the token limit's among them. */
  readonly fields: Readonly<Record<string, unknown>>;
}

/** The body of a question over OpenAI's chat completions, which most providers speak. */
export function chatQuestion(
  { prompt, answer_schema }: GeneratorRequest,
  { model, format, fields }: ChatQuestion,
) {
  return {
    model,
    ...fields,
    ...(format !== "text" && { response_format: responseFormat(format, answer_schema) }),
    messages: [
      { role: "system", content: prompt.system },
      { role: "user", content: prompt.user },
    ],
  };
}

function responseFormat(
  type: "json_schema" | "json_object",
  schema: GeneratorRequest["answer_schema"],
) {
  return type === "json_object"
    ? { type }
    : { type, json_schema: { schema, strict: true, name: "book_list" } };
}

/** A part of a text that comes in parts; a thinking model's thoughts are of another type. */
const partSchema = z.object({ type: z.string(), text: wordSchema })
  .transform(({ type, text = "" }) => type === "text" ? text : "");

const choiceSchema = z.object({
  message: z.object({
    content: z.union([z.string(), z.array(partSchema).transform((parts) => parts.join(""))])
      .nullish(),
    refusal: z.string().catch(""),
  }),
  finish_reason: wordSchema,
}).transform(({ message: { content, refusal }, finish_reason }) => ({
  text: (content ?? "") + refusal,
  // A model that refuses is said to have stopped by itself.
  end: refusal !== "" && finish_reason === "stop" ? "refusal" : finish_reason,
}));

/** An answer over chat completions. */
export const CHAT_ANSWER: z.ZodType<ModelAnswer> = z.object({
  model: modelSchema,
  choices: firstOf(choiceSchema),
  usage: z.object({
    prompt_tokens: billedSchema,
    completion_tokens: billedSchema,
    total_tokens: helpfulSchema,
    completion_tokens_details: reasoningSchema,
  }).transform((counts) => ({
    input: counts.prompt_tokens,
    output: counts.completion_tokens,
    thinking: counts.completion_tokens_details,
    total: counts.total_tokens,
  })).catch(NO_TOKENS),
}).transform(({ model, choices: choice, usage }) => ({ model, ...choice, tokens: usage }));
