import { z } from "zod";
import type { HttpReply } from "../../http/http_exchange.ts";
import { messageOf } from "../../http/http_failure.ts";

const errorSchema = z.object({
  error: z.looseObject({
    message: z.string(),
    metadata: z.object({ raw: z.union([z.string(), z.record(z.string(), z.unknown())]) }),
  }),
});

/**
 * OpenRouter's "Provider returned error" says nothing; what the provider behind it said is in
 * `metadata.raw`, as a text or as that provider's JSON in a text. The reply with both in its message.
 */
export function withUpstreamWords(reply: HttpReply): HttpReply {
  const body = errorSchema.safeParse(reply.json).data;
  if (body === undefined) return reply;
  const { message, metadata: { raw } } = body.error;
  const said = typeof raw === "string" ? messageInText(raw) : messageOf(raw) ?? JSON.stringify(raw);
  return { ...reply, json: { error: { ...body.error, message: `${message}: ${said}` } } };
}

function messageInText(raw: string): string {
  try {
    return messageOf(JSON.parse(raw)) ?? raw;
  } catch {
    // Plain words, then.
    return raw;
  }
}
