import { z } from "zod";
import type { HttpReply } from "../http/http_exchange.ts";

/**
 * The SDK rejects a whole answer, paid for and good, over a field nobody reads: an `id` that is a
 * number, a count in quotes, as proxies send them. So it is shown only what is read of an answer, the
 * counts made good or left out; what carries the books is passed on as it is, for the SDK to judge.
 */
export type AnswerEnvelope = z.ZodType;

/** The body to show the SDK: tidied where it has the form of an answer, else as it came. */
export function tidyBody(reply: HttpReply, envelope: AnswerEnvelope): string {
  if (reply.status >= 400) return reply.text;
  const tidied = envelope.safeParse(reply.json);
  return tidied.success ? JSON.stringify(tidied.data) : reply.text;
}

/** A count as a number or, as in Google's JSON of large numbers and some proxies, in quotes. */
const countSchema = z.union([z.number(), z.string().trim().regex(/^\d+$/).transform(Number)])
  .pipe(z.number().int().nonnegative());

/** Null is not in every API's form, so it is left out as well. */
const billedSchema = countSchema.nullish().transform((count) => count ?? undefined);

/** The SDK wants xAI's two main counts to be there; none made is 0, like everywhere. */
const demandedSchema = countSchema.nullish().transform((count) => count ?? 0);

/** A count that only helps to understand the others. */
const helpfulSchema = countSchema.optional().catch(undefined);

/**
 * Counts of which one that is billed cannot be read are left out together: what remained would be a
 * smaller bill than the real one.
 */
function usageOf<Shape extends z.ZodRawShape>(shape: Shape) {
  return z.object(shape).optional().catch(undefined);
}

const thinkingSchema = z.object({ reasoning_tokens: billedSchema }).nullish()
  .transform((details) => details ?? undefined);

const wordSchema = z.string().optional().catch(undefined);

/** Of several answers only the first is read. */
function firstOf<Schema extends z.ZodType>(schema: Schema) {
  return z.array(z.unknown()).transform((all) => all.slice(0, 1)).pipe(z.array(schema));
}

/** What is read of an answer of Gemini's `generateContent`. */
export const GEMINI_ENVELOPE: AnswerEnvelope = z.object({
  candidates: firstOf(z.object({
    content: z.object({
      parts: z.array(z.object({
        text: z.string().nullish(),
        thought: z.boolean().nullish(),
      })).nullish(),
    }).nullish(),
    finishReason: wordSchema,
  })).nullish(),
  promptFeedback: z.object({ blockReason: wordSchema }).optional().catch(undefined),
  modelVersion: wordSchema,
  usageMetadata: usageOf({
    promptTokenCount: billedSchema,
    toolUsePromptTokenCount: billedSchema,
    candidatesTokenCount: billedSchema,
    thoughtsTokenCount: billedSchema,
  }),
});

/** What is read of an answer of OpenAI's chat completions. */
export const CHAT_COMPLETIONS_ENVELOPE: AnswerEnvelope = z.object({
  model: wordSchema,
  choices: firstOf(z.object({
    message: z.object({
      content: z.union([
        z.string(),
        z.array(z.object({ type: z.string(), text: wordSchema })),
      ]).nullish(),
      refusal: wordSchema,
    }),
    finish_reason: wordSchema,
  })),
  usage: usageOf({
    prompt_tokens: billedSchema,
    completion_tokens: billedSchema,
    total_tokens: helpfulSchema,
    completion_tokens_details: thinkingSchema,
  }),
});

/** What the SDK demands of every item and nobody reads. */
const UNREAD = { id: "", status: "" } as const;

const messageSchema = z.object({
  type: z.literal("message"),
  content: z.array(z.object({
    type: z.string(),
    text: z.string().nullish().transform((text) => text ?? undefined),
    refusal: wordSchema,
  })),
}).transform((message) => ({ ...message, ...UNREAD, role: "assistant" }));

/** Thoughts, and calls of tools that nobody offered. */
const asideSchema = z.object({ type: z.string().regex(/^reasoning$|_call$/) })
  .transform(() => ({ ...UNREAD, type: "reasoning", summary: [] }));

/** What is read of an answer of xAI's Responses API. */
export const XAI_RESPONSES_ENVELOPE: AnswerEnvelope = z.object({
  model: wordSchema,
  output: z.array(z.union([messageSchema, asideSchema])),
  status: z.string().catch(""),
  incomplete_details: z.object({ reason: wordSchema }).optional().catch(undefined),
  usage: usageOf({
    input_tokens: demandedSchema,
    output_tokens: demandedSchema,
    total_tokens: helpfulSchema,
    input_tokens_details: z.object({ cached_tokens: helpfulSchema }).optional().catch(undefined),
    output_tokens_details: thinkingSchema,
  }),
}).transform((answer) => ({ ...answer, object: "response" }));
