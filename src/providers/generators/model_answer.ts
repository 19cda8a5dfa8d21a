import { z } from "zod";
import type {
  CallContext,
  FinishReason,
  GeneratorAnswer,
} from "../../domain/generation/generator.ts";
import { AppError } from "../../errors.ts";
import { badAnswer, readAnswer } from "../http/bad_answer.ts";
import type { HttpClient } from "../http/http.ts";
import type { HttpReply } from "../http/http_exchange.ts";
import { type CountsThinking, type TokenCounts, toTokenUsage } from "./token_usage.ts";

export interface ModelQuestion {
  readonly provider: string;
  /** Appended to the client's base URL. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Sent as JSON. */
  readonly body: unknown;
  readonly context: CallContext;
}

/** Posts one question to a model. Throws what {@linkcode HttpClient.send} throws. */
export function askModel(
  http: HttpClient,
  { provider, path, headers, body, context }: ModelQuestion,
): Promise<HttpReply> {
  return http.send({
    method: "POST",
    path,
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify(body),
    signal: context.signal,
    onCall: () => context.onCall(provider),
  });
}

/** What every wire format says of an answer, in one form. */
export interface ModelAnswer {
  /** Who answered, often by a more exact name than was asked for. */
  readonly model?: string | undefined;
  /** As it came, without the model's thoughts. */
  readonly text: string;
  /** Why it ended, in the provider's word. */
  readonly end?: string | undefined;
  /** True where the question was turned down before a model saw it. */
  readonly isBlocked?: boolean;
  readonly tokens: TokenCounts;
}

/** A text that is good to have; no answer is lost over its form. */
export const wordSchema = z.string().optional().catch(undefined);

/** The name of a model. */
export const modelSchema = z.string().min(1).max(200).optional().catch(undefined);

/** The first of several answers; the others are not looked at. */
export function firstOf<Schema extends z.ZodType>(schema: Schema) {
  return z.array(z.unknown()).transform(([first]) => first).pipe(schema);
}

export interface ReadModelAnswerOptions {
  readonly provider: string;
  /** The model that was asked. */
  readonly model: string;
  readonly schema: z.ZodType<ModelAnswer>;
  /** Where the provider's own sum does not tell. */
  readonly countsThinking: CountsThinking;
}

/**
 * A reply as the answer of a generator. Throws `AppError` PROVIDER_BAD_ANSWER when its text can't be read,
 * or when there is neither text nor a reason for its absence.
 */
export function readModelAnswer(
  reply: HttpReply,
  { provider, model, schema, countsThinking }: ReadModelAnswerOptions,
): GeneratorAnswer {
  const otherwise = "an answer in an unknown form";
  const answer = readAnswer(provider, { reply, schema, otherwise });
  const { text, end = "" } = answer;
  if (text === "" && end === "") {
    throw badAnswer(provider, { reply, found: "no text and no reason" });
  }
  return {
    model: answer.model ?? model,
    text,
    finish: answer.isBlocked ? "refused" : toFinish(end),
    finish_detail: end === "" ? null : end,
    tokens: toTokenUsage(answer.tokens, countsThinking),
  };
}

/** The words of Gemini, of OpenAI's chat completions and of xAI's Responses API. */
const FINISHES: readonly (readonly [RegExp, FinishReason])[] = [
  [/^(stop|completed)$/i, "stop"],
  [/^(length|continuation|max_.*tokens)$/i, "length"],
  [/content_filter|refusal|safety|prohibited|block|recitation|language|spii|armor/i, "refused"],
];

function toFinish(end: string): FinishReason {
  return FINISHES.find(([words]) => words.test(end))?.[1] ?? "other";
}

/** A provider's refusal to let its model answer, in `words` for people; it tells of no tokens. */
export function refusedAnswer(model: string, words: string): GeneratorAnswer {
  return {
    model,
    text: words,
    finish: "refused",
    finish_detail: "refused by the provider",
    tokens: { input: 0, output: 0, thinking: 0 },
  };
}

/** The error for a question that was asked in every way there is, and declined in the last one too. */
export function rejectedInEveryForm(provider: string, words: string): AppError {
  const message = `${provider} rejects the request in every form: ${words}`;
  return new AppError("PROVIDER_REJECTED_REQUEST", message, { details: { provider } });
}
