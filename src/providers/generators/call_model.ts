import { z } from "zod";
import { AppError } from "../../errors.ts";
import type {
  CallContext,
  FinishReason,
  GeneratorAnswer,
  GeneratorRequest,
} from "../../domain/generation/generator.ts";
import type { HttpClient } from "../http/http.ts";
import type { HttpReply } from "../http/http_exchange.ts";
import { type AnswerEnvelope, tidyBody } from "./answer_envelope.ts";
import { type ModelUsage, type TokenUsageOptions, toTokenUsage } from "./token_usage.ts";

/** What all models of the SDK are asked with; each adds its own form of answer. */
export function callOptions(request: GeneratorRequest, { signal }: CallContext) {
  const { system, user } = request.prompt;
  return {
    prompt: [
      { role: "system" as const, content: system },
      { role: "user" as const, content: [{ type: "text" as const, text: user }] },
    ],
    abortSignal: signal,
  };
}

export interface ModelCall<Result> {
  readonly provider: string;
  /** What the SDK's requests begin with and the client adds by itself. */
  readonly baseUrl: string;
  readonly context: CallContext;
  /** What is read of an answer; the SDK is shown no more. */
  readonly envelope: AnswerEnvelope;
  /** Asks the SDK's model, whose requests must go through `policyFetch`. */
  readonly ask: (policyFetch: typeof fetch) => PromiseLike<Result>;
  /** Told of every reply the policy lets pass. */
  readonly onReply?: (reply: HttpReply) => void;
}

/**
 * Calls a model of the SDK directly rather than through `generateText`, which would parse the answer
 * before it can be stored and repeat requests that nobody counts. Its requests go through our own HTTP
 * policy. Throws `AppError` with a PROVIDER_* code, the signal's reason when aborted, and what the policy
 * throws besides.
 */
export async function callModel<Result>(
  http: HttpClient,
  { provider, baseUrl, context, envelope, ask, onReply = () => {} }: ModelCall<Result>,
): Promise<Result> {
  const prefixLength = new URL(baseUrl).href.replace(/\/+$/, "").length;

  const send: typeof fetch = async (input, init) => {
    const sent = new Request(input, init);
    const reply = await http.send({
      method: "POST",
      path: sent.url.slice(prefixLength),
      headers: Object.fromEntries(sent.headers),
      body: await sent.text(),
      signal: context.signal,
      onCall: () => context.onCall(provider),
    });
    onReply(reply);
    const headers = { "content-type": "application/json" };
    return new Response(tidyBody(reply, envelope), { status: reply.status, headers });
  };

  // The SDK may wrap what its fetch throws, or drop it, and reads what it throws itself out of the answer.
  const ownErrors: unknown[] = [];
  const policyFetch: typeof fetch = async (input, init) => {
    try {
      return await send(input, init);
    } catch (error) {
      ownErrors.push(error);
      throw error;
    }
  };

  try {
    return await ask(policyFetch);
  } catch (error) {
    context.signal.throwIfAborted();
    if (ownErrors.length > 0) throw ownErrors.at(-1);
    throw badAnswer(provider, "answered in an unknown form", error);
  }
}

export interface DecliningModelCall<Result, Decline> extends Omit<ModelCall<Result>, "onReply"> {
  /** What a reply that the policy lets pass says no to; null for an answer. */
  readonly declineOf: (reply: HttpReply) => Decline | null;
}

export type ModelReply<Result, Decline> =
  | { readonly kind: "answered"; readonly result: Result }
  | { readonly kind: "declined"; readonly decline: Decline; readonly reply: HttpReply };

/** As {@linkcode callModel}, where a "no" of the provider is a reply too, not only an error. */
export async function callDecliningModel<Result, Decline>(
  http: HttpClient,
  { declineOf, ...call }: DecliningModelCall<Result, Decline>,
): Promise<ModelReply<Result, Decline>> {
  const declines: ModelReply<Result, Decline>[] = [];
  const onReply = (reply: HttpReply): void => {
    const decline = declineOf(reply);
    if (decline !== null) declines.push({ kind: "declined", decline, reply });
  };
  try {
    const result = await callModel(http, { ...call, onReply });
    return declines.at(-1) ?? { kind: "answered", result };
  } catch (error) {
    const declined = declines.at(-1);
    // The SDK makes an error of it, which says less than the reply itself.
    if (declined === undefined || call.context.signal.aborted) throw error;
    return declined;
  }
}

/** The parts of the SDK's result that are the same for all providers. */
export interface ModelResult {
  readonly content: readonly { readonly type: string; readonly text?: string }[];
  readonly finishReason: { readonly unified: string; readonly raw: string | undefined };
  readonly usage: ModelUsage;
  readonly response?: { readonly body?: unknown } | undefined;
}

/** Who answered, by Gemini's name for it and by everybody else's; often a more exact name than was asked for. */
const answeredBySchema = z.object({
  modelVersion: z.string().min(1).max(200).optional().catch(undefined),
  model: z.string().min(1).max(200).optional().catch(undefined),
}).transform(({ modelVersion, model }) => modelVersion ?? model);

export interface ToAnswerOptions extends TokenUsageOptions {
  readonly provider: string;
  /** The model that was asked. */
  readonly model: string;
}

/**
 * The answer in our form, its text as it came and without the model's thoughts. Throws `AppError`
 * PROVIDER_BAD_ANSWER when there is neither text nor a reason for its absence.
 */
export function toAnswer(
  { content, finishReason, usage, response }: ModelResult,
  { provider, model, ...usageOptions }: ToAnswerOptions,
): GeneratorAnswer {
  const text = content.map((part) => part.type === "text" ? part.text ?? "" : "").join("");
  const finish_detail = finishReason.raw ?? null;
  if (finish_detail === null && text === "") {
    throw badAnswer(provider, "answered with no text and without a reason");
  }
  return {
    model: answeredBySchema.safeParse(response?.body).data ?? model,
    text,
    finish: toFinish(finishReason.unified),
    finish_detail,
    tokens: toTokenUsage(usage, usageOptions),
  };
}

function toFinish(unified: string): FinishReason {
  if (unified === "stop" || unified === "length") return unified;
  return unified === "content-filter" ? "refused" : "other";
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

function badAnswer(provider: string, found: string, cause?: unknown): AppError {
  return new AppError("PROVIDER_BAD_ANSWER", `${provider} ${found}`, {
    cause,
    details: { provider },
  });
}
