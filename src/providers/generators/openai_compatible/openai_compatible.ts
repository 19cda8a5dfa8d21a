import type {
  CallContext,
  Generator,
  GeneratorAnswer,
  GeneratorRequest,
} from "../../../domain/generation/generator.ts";
import { createHttpClient, type HttpOptions } from "../../http/http.ts";
import { excerpt } from "../../http/http_failure.ts";
import { askModel, readModelAnswer, refusedAnswer, rejectedInEveryForm } from "../model_answer.ts";
import {
  ANSWER_FORMATS,
  type AnswerFormat,
  CHAT_ANSWER,
  chatQuestion,
} from "./chat_completions.ts";
import { tokensLeftForAnswer } from "../token_limit.ts";
import {
  type Decline,
  declineOf,
  judgeOpenAiCompatibleReply,
  withUpstreamWords,
} from "./openai_compatible_failure.ts";

export interface OpenAiCompatibleOptions extends Omit<HttpOptions, "baseUrl"> {
  /** Null for a server of one's own that asks for none. */
  readonly apiKey: string | null;
  readonly model: string;
  /** Up to and with `/v1`. */
  readonly baseUrl: string;
  /** Mail or URL of the operator; OpenRouter is told it when it is a URL. */
  readonly contact: string | null;
}

/**
 * Safe defaults for a server on the operator's own machine: it answers one question after the other,
 * and before the first one it may load its model for a minute or two.
 */
export const OPENAI_COMPATIBLE_DEFAULTS = {
  timeoutMs: 180_000,
  maxRetries: 3,
  concurrency: 2,
} as const;

const PROVIDER = "openai_compatible";

/** The names of the field that limits an answer's length. */
type TokenLimitField = "max_tokens" | "max_completion_tokens";

/** How the endpoint wants to be asked, as far as is known. */
interface Manner {
  readonly format: AnswerFormat;
  readonly tokenLimit: TokenLimitField;
  /**
   * A limit as high as this is not taken and left out. A lower one is sent all the same: near a cost
   * cap the answer must not become longer than what was reserved for it.
   */
  readonly tooManyTokens: number;
  /** No more than this is asked for, where the endpoint has said how much it takes. */
  readonly mostTokens: number;
}

/**
 * Any endpoint that speaks OpenAI's chat completions: Ollama, vLLM, OpenRouter, OpenAI itself and
 * others. What it does not take of a request is left out of the next ones, for as long as the client
 * lives: the answer's schema first, then JSON mode, and the limit of its length where the endpoint's
 * own is lower. The answer's text is returned as it came.
 */
export function createOpenAiCompatible(options: OpenAiCompatibleOptions): Generator {
  const { apiKey, model, contact } = options;
  const http = createHttpClient(PROVIDER, {
    ...options,
    judge: (reply, now) => judgeOpenAiCompatibleReply(reply, { now, model }),
  });
  const openRouter = /(^|\.)openrouter\.ai$/.test(new URL(options.baseUrl).hostname);
  const headers = {
    ...(apiKey !== null && { authorization: `Bearer ${apiKey}` }),
    ...(openRouter && openRouterHeaders(contact)),
  };
  let manner: Manner = {
    format: "json_schema",
    tokenLimit: "max_tokens",
    tooManyTokens: Infinity,
    mostTokens: Infinity,
  };

  async function generate(
    request: GeneratorRequest,
    context: CallContext,
  ): Promise<GeneratorAnswer> {
    for (;;) {
      const tried = manner;
      const tokens = Math.min(request.max_output_tokens, tried.mostTokens);
      const body = chatQuestion(request, {
        model,
        format: tried.format,
        fields: {
          ...(tokens < tried.tooManyTokens && { [tried.tokenLimit]: tokens }),
          ...(openRouter && tried.format !== "text" && REQUIRE_PARAMETERS),
        },
      });
      const path = "/chat/completions";
      const reply = await askModel(http, { provider: PROVIDER, path, headers, body, context });
      const decline = declineOf(reply);
      if (decline === null) {
        return readModelAnswer(reply, {
          provider: PROVIDER,
          model,
          schema: CHAT_ANSWER,
          countsThinking: "within",
        });
      }
      const words = excerpt(withUpstreamWords(reply));
      if (decline === "question") return refusedAnswer(model, words);
      const next = afterDecline(tried, { decline, words: reply.text, tokens });
      if (next === null) throw rejectedInEveryForm(PROVIDER, words);
      // Another call may have learnt the same, or more, meanwhile.
      if (manner === tried) manner = next;
    }
  }

  return { name: "openai_compatible", kind: "model", model, generate };
}

/** Only providers that keep to the answer's form are to be chosen. */
const REQUIRE_PARAMETERS = { provider: { require_parameters: true } };

/** OpenRouter shows its users which programs ask. */
function openRouterHeaders(contact: string | null): Record<string, string> {
  const isUrl = contact !== null && URL.canParse(contact) && contact.startsWith("http");
  return { "X-Title": "Alexandria Backfill", ...(isUrl && { "HTTP-Referer": contact }) };
}

/** The manner that asks for less after a decline; null when nothing is left to leave out. */
function afterDecline(
  manner: Manner,
  { decline, words, tokens }: {
    readonly decline: Decline;
    readonly words: string;
    /** The limit that was asked for. */
    readonly tokens: number;
  },
): Manner | null {
  if (decline === "answer_format") {
    const format = ANSWER_FORMATS[ANSWER_FORMATS.indexOf(manner.format) + 1];
    return format === undefined ? null : { ...manner, format };
  }
  if (tokens >= manner.tooManyTokens) return null;
  const isRenamed = manner.tokenLimit === "max_tokens" && words.includes("max_completion_tokens");
  if (isRenamed) return { ...manner, tokenLimit: "max_completion_tokens" };
  // Once is enough: an endpoint that keeps asking for less would be asked for ever.
  const room = manner.mostTokens === Infinity ? tokensLeftForAnswer(words, tokens) : null;
  return room === null ? { ...manner, tooManyTokens: tokens } : { ...manner, mostTokens: room };
}
