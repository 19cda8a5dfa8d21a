import { createGoogle, type GoogleProvider } from "@ai-sdk/google";
import { AppError } from "../../errors.ts";
import type {
  CallContext,
  FinishReason,
  Generator,
  GeneratorAnswer,
  GeneratorRequest,
} from "../../domain/generator.ts";
import { createHttpClient, type HttpClient, type HttpOptions } from "../http.ts";
import { judgeGeminiReply } from "./gemini_failure.ts";

export interface GeminiOptions extends Omit<HttpOptions, "baseUrl"> {
  readonly apiKey: string;
  readonly model: string;
  /** Up to, not including, `/v1beta`. */
  readonly baseUrl: string;
  /** Thinking tokens are taken out of this. */
  readonly maxOutputTokens?: number;
}

/** Safe defaults; the rate is that of the smallest paid tier, the time-out that of a long answer. */
export const GEMINI_DEFAULTS = {
  baseUrl: "https://generativelanguage.googleapis.com",
  model: "gemini-3.5-flash-lite",
  timeoutMs: 90_000,
  maxRetries: 3,
  ratePerSecond: 2,
  concurrency: 4,
  maxOutputTokens: 16_384,
} as const;

const PROVIDER = "gemini";

/** The one refusal the SDK does not count among its content filters. */
const LANGUAGE_REFUSAL = "LANGUAGE";

/**
 * Google's Gemini over `generateContent`, in JSON mode with the answer's schema. The answer's text is
 * returned as it came. All requests go through our own HTTP policy, handed to the SDK as its `fetch`.
 * The SDK's model is called directly rather than through `generateText`, which would parse the answer
 * before it can be stored and repeat requests that nobody counts.
 */
export function createGemini(options: GeminiOptions): Generator {
  const { apiKey, model } = options;
  const baseUrl = options.baseUrl.replace(/\/+$/, "");
  const http = createHttpClient(PROVIDER, {
    ...options,
    baseUrl,
    judge: (reply, now) => judgeGeminiReply(reply, { now, model }),
  });
  const maxOutputTokens = options.maxOutputTokens ?? GEMINI_DEFAULTS.maxOutputTokens;

  async function generate(
    request: GeneratorRequest,
    context: CallContext,
  ): Promise<GeneratorAnswer> {
    const google = createGoogle({
      apiKey,
      baseURL: `${baseUrl}/v1beta`,
      fetch: policyFetch(http, { baseUrl, context }),
    });
    try {
      const result = await google(model).doGenerate({
        prompt: [
          { role: "system", content: request.prompt.system },
          { role: "user", content: [{ type: "text", text: request.prompt.user }] },
        ],
        responseFormat: { type: "json", schema: request.answer_schema },
        maxOutputTokens,
        abortSignal: context.signal,
        providerOptions: { google: thinkingOptions(model) },
      });
      return toAnswer(result, model);
    } catch (error) {
      context.signal.throwIfAborted();
      throw ourError(error);
    }
  }

  return { name: "gemini", model, generate };
}

/**
 * Naming books needs little thought, and thoughts are billed. Gemini 3 models take a level; the lite
 * ones already think least by default, and older ones reject the field.
 */
function thinkingOptions(model: string) {
  const takesLevel = /^gemini-3/.test(model) && !model.includes("lite");
  return takesLevel ? { thinkingConfig: { thinkingLevel: "low" as const } } : {};
}

/** The SDK's way out: it hands over a complete request and expects a success. */
function policyFetch(
  http: HttpClient,
  { baseUrl, context }: { readonly baseUrl: string; readonly context: CallContext },
): typeof fetch {
  return async (input, init) => {
    const sent = new Request(input, init);
    const reply = await http.send({
      method: "POST",
      path: sent.url.slice(baseUrl.length),
      headers: Object.fromEntries(sent.headers),
      body: await sent.text(),
      signal: context.signal,
      onCall: () => context.onCall(PROVIDER),
    });
    const headers = { "content-type": "application/json" };
    return new Response(reply.text, { status: reply.status, headers });
  };
}

type GoogleResult = Awaited<ReturnType<ReturnType<GoogleProvider>["doGenerate"]>>;

function toAnswer({ content, finishReason, usage }: GoogleResult, model: string): GeneratorAnswer {
  const text = content.map((part) => part.type === "text" ? part.text : "").join("");
  const finish_detail = finishReason.raw ?? null;
  if (finish_detail === null && text === "") {
    throw badAnswer("answered without a candidate and without a reason");
  }
  return {
    model,
    text,
    finish: toFinish(finishReason),
    finish_detail,
    tokens: {
      input: usage.inputTokens.total ?? 0,
      output: usage.outputTokens.text ?? 0,
      thinking: usage.outputTokens.reasoning ?? 0,
    },
  };
}

function toFinish({ unified, raw }: GoogleResult["finishReason"]): FinishReason {
  if (unified === "stop" || unified === "length") return unified;
  return unified === "content-filter" || raw === LANGUAGE_REFUSAL ? "refused" : "other";
}

/** Our own errors pass through the SDK as causes; what else it throws concerns the answer's form. */
function ourError(error: unknown): AppError {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if (cause instanceof AppError) return cause;
  }
  return badAnswer("answered in an unknown form", error);
}

function badAnswer(found: string, cause?: unknown): AppError {
  const details = { provider: PROVIDER };
  return new AppError("PROVIDER_BAD_ANSWER", `${PROVIDER} ${found}`, { cause, details });
}
