import { createXai } from "@ai-sdk/xai";
import { z } from "zod";
import type { CallContext, GeneratorRequest } from "../../../domain/generation/generator.ts";
import { callOptions, type ModelResult } from "../call_model.ts";

export interface XaiResponsesCall {
  /** Up to, not including, `/responses`. */
  readonly baseUrl: string;
  readonly apiKey: string;
  readonly model: string;
  readonly reasoningEffort: "none" | "low" | null;
  readonly request: GeneratorRequest;
  readonly context: CallContext;
  readonly policyFetch: typeof fetch;
}

/** What the SDK leaves unread: why a response is incomplete, and what a model says when it refuses. */
const responseSchema = z.object({
  incomplete_details: z.object({ reason: z.string().catch("") }).nullish().catch(null),
  output: z.array(
    z.object({
      content: z.array(z.object({ refusal: z.string().catch("") }).catch({ refusal: "" })).catch(
        [],
      ),
    }).catch({ content: [] }),
  ).catch([]),
}).catch({ incomplete_details: null, output: [] });

/** Asks once over xAI's own Responses API; nothing of it is kept there. */
export async function askXaiResponses(call: XaiResponsesCall): Promise<ModelResult> {
  const { request, context, reasoningEffort } = call;
  const sdk = createXai({ apiKey: call.apiKey, baseURL: call.baseUrl, fetch: call.policyFetch });
  const { content, finishReason, usage, response } = await sdk.responses(call.model).doGenerate({
    ...callOptions(request, context),
    responseFormat: { type: "json", schema: request.answer_schema, name: "book_list" },
    maxOutputTokens: request.max_output_tokens,
    providerOptions: {
      xai: { store: false, ...(reasoningEffort !== null && { reasoningEffort }) },
    },
  });
  const { incomplete_details, output } = responseSchema.parse(response?.body);
  const refusals = output.flatMap((item) => item.content.map(({ refusal }) => refusal))
    .filter((refusal) => refusal !== "");
  if (refusals.length > 0) {
    const said = refusals.map((text) => ({ type: "text", text }));
    const refused = { unified: "content-filter", raw: "refusal" };
    return { content: [...content, ...said], finishReason: refused, usage, response };
  }
  const reason = incomplete_details?.reason;
  if (!reason) {
    const { unified, raw } = finishReason;
    return { content, finishReason: { unified, raw: raw || undefined }, usage, response };
  }
  return {
    content,
    finishReason: { unified: unifiedReason(reason), raw: reason },
    usage,
    response,
  };
}

function unifiedReason(reason: string): string {
  if (reason === "content_filter") return "content-filter";
  return /^max_.*tokens$/.test(reason) ? "length" : "other";
}
