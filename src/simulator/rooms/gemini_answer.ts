import type { Catalogue } from "../catalogue.ts";
import type { FaultRule } from "../faults.ts";
import { stableHash } from "../random.ts";
import { joinTitle } from "../title_parts.ts";
import { fillAnswer, schemaLimit, type ToldBook } from "./answer_schema.ts";
import { findAskedLimit, findAskedMonth } from "./asked_month.ts";
import type { GeminiRequest } from "./gemini_request.ts";

const DEFAULT_LIMIT = 20;

/** Google counts roughly one token for four characters of English. */
function tokensIn(text: string): number {
  return Math.ceil(text.length / 4);
}

/** A list of books takes a model about this many thinking tokens for each token it writes. */
const THOUGHTS_PER_TOKEN = 0.6;

/** A model's text before it is wrapped. */
export interface Told {
  readonly text: string;
  readonly finishReason: string;
  /** False when thinking left no room for an answer. */
  readonly hasParts: boolean;
}

function prose(text: string, finishReason = "STOP"): Told {
  return { text, finishReason, hasParts: text !== "" };
}

/** The month a request is about, `YYYY-MM`, or null; the user's words count before the system's. */
export function askedMonth(request: GeminiRequest): string | null {
  return findAskedMonth(request.user) ?? findAskedMonth(request.system);
}

function askedLimit(request: GeminiRequest): number {
  return findAskedLimit(request.user) ?? findAskedLimit(request.system) ??
    schemaLimit(request.schema) ?? DEFAULT_LIMIT;
}

function booksOfMonth(catalogue: Catalogue, request: GeminiRequest): ToldBook[] {
  const month = askedMonth(request);
  const works = month === null ? [] : catalogue.worksByMonth.get(month) ?? [];
  return works.slice(0, askedLimit(request)).map((work) => ({
    title: joinTitle(work),
    authors: work.authors,
    month,
  }));
}

/** Fictional books of the data, others for each month. */
function unknownBooks(catalogue: Catalogue, request: GeminiRequest): ToldBook[] {
  const { unknownBooks: all } = catalogue;
  const month = askedMonth(request);
  const start = stableHash(month ?? "") % Math.max(1, all.length);
  const chosen = [...all.slice(start), ...all.slice(0, start)].slice(0, askedLimit(request));
  return chosen.map(({ title, author }) => ({ title, authors: [author], month }));
}

function listing(books: readonly ToldBook[], request: GeminiRequest): string {
  const json = JSON.stringify(fillAnswer(books, request.schema));
  return request.isJson ? json : fence(json);
}

function fence(json: string): string {
  return "```json\n" + json + "\n```";
}

/** Thinking is paid out of the same budget as the answer; what does not fit is cut off. */
function fitBudget(told: Told, request: GeminiRequest): Told {
  const room = request.maxOutputTokens - thoughtTokens(told.text);
  if (tokensIn(told.text) <= room) return told;
  if (room <= 0) return { text: "", finishReason: "MAX_TOKENS", hasParts: false };
  return { text: told.text.slice(0, room * 4), finishReason: "MAX_TOKENS", hasParts: true };
}

function thoughtTokens(text: string): number {
  return Math.ceil(tokensIn(text) * THOUGHTS_PER_TOKEN) + 40;
}

/** Cuts inside the last string, as a token limit does. */
function cutShort(text: string): string {
  const half = text.slice(0, Math.ceil(text.length * 0.6));
  return half.endsWith('"') ? half.slice(0, -2) : half;
}

/**
 * What the model has to say: the notable works of the month asked for, most notable first, or what the
 * fault makes of them.
 */
export function tell(
  request: GeminiRequest,
  options: { catalogue: Catalogue; fault: FaultRule | null },
): Told {
  const { catalogue, fault } = options;
  const text = listing(booksOfMonth(catalogue, request), request);
  switch (fault?.kind) {
    case "truncated":
      return prose(cutShort(text), "MAX_TOKENS");
    case "no_parts":
      return prose("", "MAX_TOKENS");
    case "fenced":
      return prose(`Here is the list you asked for:\n\n${fence(text)}`);
    case "empty":
      return prose(listing([], request));
    case "unknown_titles":
      return prose(listing(unknownBooks(catalogue, request), request));
    case "refusal":
      return prose(
        JSON.stringify({
          error: "Unable to verify which books were first published in that month.",
        }),
      );
    case "recitation":
      return prose("", "RECITATION");
    case "bad_content":
      return prose(
        "That month saw several remarkable books, among them novels and memoirs that are still read. " +
          "I would be happy to tell you more about any of them.",
      );
    default:
      return fitBudget(prose(text), request);
  }
}

/** The generateContent response around a text, with tokens counted as Google bills them. */
export function answerWith(
  told: Told,
  options: { request: GeminiRequest; model: string },
): Response {
  const { request, model } = options;
  const promptTokenCount = tokensIn(request.system + request.user);
  const candidatesTokenCount = tokensIn(told.text);
  const thoughtsTokenCount = thoughtTokens(told.text);
  const responseHash = stableHash(request.system + request.user).toString(36);
  const parts = [{ text: told.text, thoughtSignature: btoa(`thought-${responseHash}`) }];
  return Response.json({
    candidates: [{
      content: told.hasParts ? { parts, role: "model" } : { role: "model" },
      finishReason: told.finishReason,
      index: 0,
    }],
    usageMetadata: {
      promptTokenCount,
      ...(told.hasParts ? { candidatesTokenCount } : {}),
      totalTokenCount: promptTokenCount + thoughtsTokenCount +
        (told.hasParts ? candidatesTokenCount : 0),
      promptTokensDetails: [{ modality: "TEXT", tokenCount: promptTokenCount }],
      thoughtsTokenCount,
    },
    modelVersion: model,
    responseId: `r-${responseHash}`,
  });
}

/** The response to a prompt that a filter stopped: no candidates at all. */
export function blockedAnswer(request: GeminiRequest, model: string): Response {
  const promptTokenCount = tokensIn(request.system + request.user);
  return Response.json({
    promptFeedback: { blockReason: "PROHIBITED_CONTENT" },
    usageMetadata: { promptTokenCount, totalTokenCount: promptTokenCount },
    modelVersion: model,
  });
}
