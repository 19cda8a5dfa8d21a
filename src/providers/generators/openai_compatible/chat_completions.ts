import { createOpenAICompatible } from "@ai-sdk/openai-compatible";
import type { CallContext, GeneratorRequest } from "../../../domain/generation/generator.ts";
import { callOptions, type ModelResult } from "../call_model.ts";

/** How an answer's form can be asked for, the strictest first. */
export const ANSWER_FORMATS = ["json_schema", "json_object", "text"] as const;
export type AnswerFormat = (typeof ANSWER_FORMATS)[number];

export interface ChatCompletionsCall {
  readonly provider: string;
  /** Up to, not including, `/chat/completions`. */
  readonly baseUrl: string;
  readonly apiKey: string | null;
  readonly model: string;
  readonly format: AnswerFormat;
  /** Fields of the request's body beside those of every model, the token limit's among them. */
  readonly fields: Readonly<Record<string, unknown>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly request: GeneratorRequest;
  readonly context: CallContext;
  readonly policyFetch: typeof fetch;
}

/** Asks once over OpenAI's chat completions, which most providers speak. */
export async function askChatCompletions(call: ChatCompletionsCall): Promise<ModelResult> {
  const { request, context, fields, apiKey, format } = call;
  const sdk = createOpenAICompatible({
    name: call.provider,
    baseURL: call.baseUrl,
    fetch: call.policyFetch,
    supportsStructuredOutputs: true,
    transformRequestBody: (body) => ({ ...body, ...fields }),
    ...(apiKey !== null && { apiKey }),
    ...(call.headers && { headers: call.headers }),
  });
  const result = await sdk(call.model).doGenerate({
    ...callOptions(request, context),
    responseFormat: responseFormat(format, request),
  });
  // A model that refuses is said to have stopped by itself.
  const { unified, raw } = result.finishReason;
  const isRefusal = unified === "content-filter" && raw === "stop";
  return isRefusal ? { ...result, finishReason: { unified, raw: "refusal" } } : result;
}

function responseFormat(format: AnswerFormat, { answer_schema }: GeneratorRequest) {
  switch (format) {
    case "json_schema":
      return { type: "json" as const, schema: answer_schema, name: "book_list" };
    case "json_object":
      return { type: "json" as const };
    case "text":
      return { type: "text" as const };
  }
}
