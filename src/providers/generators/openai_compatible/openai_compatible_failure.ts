import { z } from "zod";
import { excerpt, type HttpFailure, judgeBody, messageOf } from "../../http/http_failure.ts";
import type { HttpReply } from "../../http/http_exchange.ts";
import { isAboutAddress, judgeModelReply, type ModelJudgeOptions } from "../model_failure.ts";
import { isAboutTokenLimit } from "../token_limit.ts";

/**
 * What an endpoint says no to without being broken: the question, the form the answer is asked in,
 * or the field that limits its length. The latter two can be asked again in another way.
 */
export type Decline = "question" | "answer_format" | "token_limit";

/**
 * An error behind the status 200, as OpenRouter and LM Studio send it; its code is the status it should
 * have had, where it has one.
 */
const innerErrorSchema = z.union([
  z.object({ code: z.coerce.number().int().min(400).max(599).nullable().catch(null) }),
  z.string().min(1).transform(() => ({ code: null })),
]).optional().catch(undefined);

const choiceSchema = z.object({
  error: innerErrorSchema,
  message: z.object({ content: z.string().catch("") }).catch({ content: "" }),
}).catch({ error: undefined, message: { content: "" } });

const envelopeSchema = z.object({
  error: innerErrorSchema,
  choices: z.array(choiceSchema).catch([]),
}).catch({ error: undefined, choices: [] });

/**
 * The status a reply would have if it told the truth. A choice that broke off with an error counts as
 * an answer when there is text in it, since its first books are paid for.
 */
function trueStatus(reply: HttpReply): number {
  // The request can never pass; no waiting makes it smaller.
  if (reply.status === 429 && /request too large/i.test(reply.text)) return 413;
  if (reply.status >= 400) return reply.status;
  const { error, choices: [choice] } = envelopeSchema.parse(reply.json);
  if (choice && choice.message.content !== "") return reply.status;
  const inner = choice?.error ?? error;
  if (inner === undefined) return reply.status;
  return inner.code ?? (isAboutAddress(reply) ? 404 : 502);
}

const QUESTION = /moderation|flagged|content[ _-](filter|policy|management)|usage guidelines/i;
/** OpenRouter's words, when no provider takes all that is asked for, are the last. */
const ANSWER_FORMAT =
  /response[ _]format|json[ _](schema|object)|structured[ _]outputs?|guided[ _](json|decoding)|grammar|can handle the requested parameters/i;

/** What a reply declines; null when it is an answer or a failure. */
export function declineOf(reply: HttpReply): Decline | null {
  const status = trueStatus(reply);
  if (reply.json === undefined) return null;
  if ((status === 400 || status === 403) && QUESTION.test(reply.text)) return "question";
  if (![400, 404, 405, 413, 422].includes(status) || isFailedGeneration(reply)) return null;
  if (ANSWER_FORMAT.test(reply.text)) return "answer_format";
  return isAboutTokenLimit(reply.text) ? "token_limit" : null;
}

/** Groq's word for a model whose answer did not fit the form asked for, which is no lasting fact. */
function isFailedGeneration(reply: HttpReply): boolean {
  return reply.status === 400 && reply.text.includes("json_validate_failed");
}

/**
 * What a reply of an endpoint that speaks like OpenAI's means, whatever server is behind it: `error`
 * is an object or a text (Ollama), may come with the status 200 (OpenRouter), and says by its words
 * whether a limit passes or has to be paid for. A decline ({@linkcode declineOf}) is not a failure.
 */
export function judgeOpenAiCompatibleReply(
  given: HttpReply,
  options: ModelJudgeOptions,
): HttpFailure | null {
  if (given.status < 400) {
    const failure = judgeBody(given);
    if (failure !== null) return failure;
  }
  if (declineOf(given) !== null) return null;
  const reply = withUpstreamWords({ ...given, status: trueStatus(given) });
  if (reply.status < 400) return null;
  if (isFailedGeneration(reply)) return failedGeneration(reply);
  return judgeModelReply(reply, options);
}

function failedGeneration(reply: HttpReply): HttpFailure {
  return {
    code: "PROVIDER_BAD_ANSWER",
    detail: `got no answer in the form asked for from its model (400): ${excerpt(reply)}`,
    isRetryable: false,
  };
}

const upstreamSchema = z.object({
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
  const body = upstreamSchema.safeParse(reply.json).data;
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
