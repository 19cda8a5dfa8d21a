import { z } from "zod";
import type { ModelQuestion } from "../language_models/question.ts";
import {
  type AnswerForm,
  askedForm,
  type ChatBody,
  chatBodySchema,
  type ChatMessage,
  conversationQuestion,
  firstProblem,
  messageSchema,
  namedSchemaSchema,
  tokenCapSchema,
} from "../language_models/chat_request.ts";
import { thinkingAt, type XaiArguments } from "./xai_models.ts";

/** The two interfaces of xAI, by their paths. */
export type XaiInterface = "chat/completions" | "responses";

/** A request of either interface, in one form. */
export interface XaiRequest {
  readonly question: ModelQuestion;
  readonly arguments: XaiArguments;
}

const textFormatSchema = z.discriminatedUnion("type", [
  z.looseObject({ type: z.literal("text") }),
  z.looseObject({ type: z.literal("json_object") }),
  z.looseObject({ type: z.literal("json_schema"), ...namedSchemaSchema.shape }),
]);

const responsesBodySchema = z.looseObject({
  model: z.string(),
  input: z.union([z.string(), z.array(messageSchema).min(1)]),
  instructions: z.string().nullish(),
  max_output_tokens: tokenCapSchema,
  text: z.looseObject({ format: textFormatSchema.nullish() }).nullish(),
  reasoning: z.looseObject({ effort: z.string().nullish() }).nullish(),
  temperature: z.number().nullish(),
  top_p: z.number().nullish(),
  /** Answers in pieces are not simulated. */
  stream: z.literal(false).nullish(),
});

type ResponsesBody = z.infer<typeof responsesBodySchema>;

function chatRequest(body: ChatBody): XaiRequest {
  const effort = body.reasoning_effort ?? null;
  const form = askedForm(body);
  const named = [
    ["presencePenalty", body.presence_penalty],
    ["frequencyPenalty", body.frequency_penalty],
    ["stop", body.stop],
  ] as const;
  return {
    question: conversationQuestion(body.messages, {
      form,
      maxTokens: body.max_completion_tokens ?? body.max_tokens,
      thinking: thinkingAt(body.model, effort),
    }),
    arguments: {
      model: body.model,
      effort,
      sent: named.filter(([, value]) => value !== undefined && value !== null)
        .map(([name]) => name),
      schema: form.schema,
    },
  };
}

function conversation({ input, instructions }: ResponsesBody): ChatMessage[] {
  const asked = typeof input === "string" ? [{ role: "user" as const, content: input }] : input;
  const told = instructions ?? null;
  return told === null ? asked : [{ role: "system", content: told }, ...asked];
}

function responsesRequest(body: ResponsesBody): XaiRequest {
  const effort = body.reasoning?.effort ?? null;
  const format = body.text?.format;
  const form: AnswerForm = {
    type: format?.type ?? "text",
    schema: format?.type === "json_schema" ? format.schema : null,
  };
  return {
    question: conversationQuestion(conversation(body), {
      form,
      maxTokens: body.max_output_tokens,
      thinking: thinkingAt(body.model, effort),
    }),
    arguments: { model: body.model, effort, sent: [], schema: form.schema },
  };
}

/** Reads a body of either interface, or says what is wrong with its form. */
export function readXaiRequest(
  body: unknown,
  form: XaiInterface,
): { request: XaiRequest } | { problem: string } {
  if (form === "responses") {
    const parsed = responsesBodySchema.safeParse(body);
    if (!parsed.success) return { problem: firstProblem(parsed.error) };
    return { request: responsesRequest(parsed.data) };
  }
  const parsed = chatBodySchema.safeParse(body);
  if (!parsed.success) return { problem: firstProblem(parsed.error) };
  return { request: chatRequest(parsed.data) };
}
