import { createGoogle } from "@ai-sdk/google";
import type {
  CallContext,
  Generator,
  GeneratorAnswer,
  GeneratorRequest,
} from "../../../domain/generation/generator.ts";
import { createHttpClient, type HttpOptions } from "../../http/http.ts";
import { GEMINI_ENVELOPE } from "../answer_envelope.ts";
import { callModel, callOptions, toAnswer } from "../call_model.ts";
import { judgeGeminiReply } from "./gemini_failure.ts";

export interface GeminiOptions extends Omit<HttpOptions, "baseUrl"> {
  readonly apiKey: string;
  readonly model: string;
  /** Up to, not including, `/v1beta`. */
  readonly baseUrl: string;
}

/** Safe defaults beside those of the settings; the time-out is that of a long answer. */
export const GEMINI_DEFAULTS = {
  timeoutMs: 90_000,
  maxRetries: 3,
  concurrency: 4,
} as const;

const PROVIDER = "gemini";

/** Reasons that are refusals, of which the SDK counts but some among its content filters. */
const REFUSALS = /SAFETY|PROHIBITED|BLOCK|RECITATION|LANGUAGE|SPII|ARMOR/;

/**
 * Google's Gemini over `generateContent`, in JSON mode with the answer's schema. The answer's text is
 * returned as it came.
 */
export function createGemini(options: GeminiOptions): Generator {
  const { apiKey, model } = options;
  const baseUrl = options.baseUrl.replace(/\/+$/, "");
  const http = createHttpClient(PROVIDER, {
    ...options,
    baseUrl,
    judge: (reply, now) => judgeGeminiReply(reply, { now, model }),
  });

  async function generate(
    request: GeneratorRequest,
    context: CallContext,
  ): Promise<GeneratorAnswer> {
    const result = await callModel(http, {
      provider: PROVIDER,
      baseUrl,
      context,
      envelope: GEMINI_ENVELOPE,
      ask: (policyFetch) => {
        const google = createGoogle({ apiKey, baseURL: `${baseUrl}/v1beta`, fetch: policyFetch });
        return google(model).doGenerate({
          ...callOptions(request, context),
          responseFormat: { type: "json", schema: request.answer_schema },
          maxOutputTokens: request.max_output_tokens,
          providerOptions: { google: thinkingOptions(model) },
        });
      },
    });
    const answer = toAnswer(result, { provider: PROVIDER, model });
    const isRefused = answer.finish === "other" && REFUSALS.test(answer.finish_detail ?? "");
    return isRefused ? { ...answer, finish: "refused" } : answer;
  }

  return { name: "gemini", kind: "model", model, generate };
}

/**
 * Naming books needs little thought, and thoughts are billed. Gemini 3 models take a level; the lite
 * ones already think least by default, and older ones reject the field.
 */
function thinkingOptions(model: string) {
  const takesLevel = /^gemini-3/.test(model) && !model.includes("lite");
  return takesLevel ? { thinkingConfig: { thinkingLevel: "low" as const } } : {};
}
