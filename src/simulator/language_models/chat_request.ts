import { z } from "zod";
import type { SchemaNode } from "./answer_schema.ts";
import type { ModelQuestion, Thinking } from "./question.ts";

const contentSchema = z.union([
  z.string(),
  z.array(z.looseObject({ type: z.string(), text: z.string().optional() })),
]);

/** A message of a conversation; also the items of the Responses API that are messages. */
export const messageSchema = z.looseObject({
  role: z.enum(["system", "developer", "user", "assistant", "tool"]),
  content: contentSchema.nullish(),
});

/** A message of a conversation. */
export type ChatMessage = z.infer<typeof messageSchema>;

/** A JSON Schema with the name OpenAI's form of it demands. */
export const namedSchemaSchema = z.looseObject({
  name: z.string().min(1),
  schema: z.record(z.string(), z.unknown()),
  strict: z.boolean().nullish(),
});

const responseFormatSchema = z.discriminatedUnion("type", [
  z.looseObject({ type: z.literal("text") }),
  z.looseObject({ type: z.literal("json_object") }),
  z.looseObject({ type: z.literal("json_schema"), json_schema: namedSchemaSchema }),
]);

/** A count of tokens as all of these services take it. */
export const tokenCapSchema = z.int().min(1).nullish();

/** A chat completions body; services of this kind pass over fields they do not know. */
export const chatBodySchema = z.looseObject({
  model: z.string(),
  messages: z.array(messageSchema).min(1),
  response_format: responseFormatSchema.nullish(),
  max_tokens: tokenCapSchema,
  max_completion_tokens: tokenCapSchema,
  reasoning_effort: z.string().nullish(),
  temperature: z.number().nullish(),
  top_p: z.number().nullish(),
  presence_penalty: z.number().nullish(),
  frequency_penalty: z.number().nullish(),
  stop: z.union([z.string(), z.array(z.string())]).nullish(),
  /** Answers in pieces are not simulated. */
  stream: z.literal(false).nullish(),
});

/** A chat completions body that has the right form. */
export type ChatBody = z.infer<typeof chatBodySchema>;

/** How the answer is to be formed: JSON after a schema, any JSON, or as the wording says. */
export interface AnswerForm {
  readonly type: "json_schema" | "json_object" | "text";
  readonly schema: SchemaNode | null;
}

/** The form a chat completions body asks for. */
export function askedForm({ response_format: format }: ChatBody): AnswerForm {
  if (format?.type === "json_schema") {
    return { type: "json_schema", schema: format.json_schema.schema };
  }
  return { type: format?.type ?? "text", schema: null };
}

function textOf({ content }: ChatMessage): string {
  if (typeof content === "string") return content;
  return (content ?? []).map((part) => part.text ?? "").join("\n");
}

/** The most a model of these services writes when the request does not say. */
const LONGEST_ANSWER_TOKENS = 65_536;

/** The question a conversation puts to the model. */
export function conversationQuestion(messages: readonly ChatMessage[], options: {
  form: AnswerForm;
  maxTokens: number | null | undefined;
  thinking: Thinking;
}): ModelQuestion {
  const { form, maxTokens, thinking } = options;
  const said = (roles: readonly ChatMessage["role"][]): string =>
    messages.filter(({ role }) => roles.includes(role)).map(textOf).join("\n");
  return {
    system: said(["system", "developer"]),
    user: said(["user"]),
    schema: form.schema,
    isJson: form.type !== "text",
    maxOutputTokens: maxTokens ?? LONGEST_ANSWER_TOKENS,
    thinking,
  };
}

/** The first thing wrong with a body: `messages.0.role: …`. */
export function firstProblem(error: z.ZodError): string {
  const issue = error.issues[0];
  return `${(issue?.path ?? []).join(".")}: ${issue?.message ?? "unreadable"}`;
}
