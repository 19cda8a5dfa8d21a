import { z } from "zod";
import type {
  CallContext,
  Generator,
  GeneratorAnswer,
  GeneratorRequest,
} from "../../../domain/generation/generator.ts";
import { createHttpClient, type HttpOptions } from "../../http/http.ts";
import {
  askModel,
  firstOf,
  type ModelAnswer,
  modelSchema,
  readModelAnswer,
  wordSchema,
} from "../model_answer.ts";
import { billedSchema, NO_TOKENS } from "../token_usage.ts";
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

/**
 * Google's Gemini over `generateContent`, in JSON mode with the answer's schema. The answer's text is
 * returned as it came.
 */
export function createGemini(options: GeminiOptions): Generator {
  const { apiKey, model } = options;
  const http = createHttpClient(PROVIDER, {
    ...options,
    judge: (reply, now) => judgeGeminiReply(reply, { now, model }),
  });
  const path = `/v1beta/${model.includes("/") ? model : `models/${model}`}:generateContent`;
  const headers = { "x-goog-api-key": apiKey };

  async function generate(
    request: GeneratorRequest,
    context: CallContext,
  ): Promise<GeneratorAnswer> {
    const body = questionOf(request, model);
    const reply = await askModel(http, { provider: PROVIDER, path, headers, body, context });
    return readModelAnswer(reply, {
      provider: PROVIDER,
      model,
      schema: ANSWER_SCHEMA,
      countsThinking: "beside",
    });
  }

  return { name: "gemini", kind: "model", model, generate };
}

function questionOf(request: GeneratorRequest, model: string) {
  return {
    generationConfig: {
      maxOutputTokens: request.max_output_tokens,
      responseMimeType: "application/json",
      responseJsonSchema: request.answer_schema,
      ...thinkingOptions(model),
    },
    contents: [{ role: "user", parts: [{ text: request.prompt.user }] }],
    systemInstruction: { parts: [{ text: request.prompt.system }] },
  };
}

/**
 * Naming books needs little thought, and thoughts are billed. Gemini 3 models take a level; the lite
 * ones already think least by default, and older ones reject the field.
 */
function thinkingOptions(model: string) {
  const takesLevel = /^gemini-3/.test(model) && !model.includes("lite");
  return takesLevel ? { thinkingConfig: { thinkingLevel: "low" } } : {};
}

const partSchema = z.object({ text: z.string().nullish(), thought: z.boolean().nullish() })
  .transform(({ text, thought }) => thought ? "" : text ?? "");

/** An answer of `generateContent`. */
const ANSWER_SCHEMA: z.ZodType<ModelAnswer> = z.object({
  candidates: firstOf(
    z.object({
      content: z.object({ parts: z.array(partSchema).nullish() }).nullish(),
      finishReason: wordSchema,
    }).optional(),
  ).nullish(),
  promptFeedback: z.object({ blockReason: z.string().regex(/^(?!.*UNSPECIFIED$)./) })
    .optional().catch(undefined),
  modelVersion: modelSchema,
  usageMetadata: z.object({
    promptTokenCount: billedSchema,
    toolUsePromptTokenCount: billedSchema,
    candidatesTokenCount: billedSchema,
    thoughtsTokenCount: billedSchema,
  }).transform((counts) => ({
    input: counts.promptTokenCount + counts.toolUsePromptTokenCount,
    output: counts.candidatesTokenCount,
    thinking: counts.thoughtsTokenCount,
  })).catch(NO_TOKENS),
}).transform(({ candidates: candidate, promptFeedback, modelVersion, usageMetadata }) => ({
  model: modelVersion,
  text: candidate?.content?.parts?.join("") ?? "",
  end: candidate?.finishReason ?? promptFeedback?.blockReason,
  isBlocked: candidate?.finishReason === undefined && promptFeedback !== undefined,
  tokens: usageMetadata,
}));
