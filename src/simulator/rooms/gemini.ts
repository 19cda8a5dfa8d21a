import { type Context, Hono } from "hono";
import type { Clock } from "../../clock.ts";
import type { Catalogue } from "../catalogue.ts";
import type { FaultRule } from "../faults.ts";
import { stableHash } from "../random.ts";
import type { Room, RoomEnv, Subject } from "../room.ts";
import { joinTitle } from "../title_parts.ts";
import { fillAnswer, schemaLimit, type ToldBook } from "./answer_schema.ts";
import { findAskedLimit, findAskedMonth } from "./asked_month.ts";
import {
  type GeminiError,
  geminiErrorResponse,
  invalidPayload,
  missingKey,
  quotaSpent,
  refusedKey,
  retiredModel,
  serverTrouble,
  unknownModel,
  wrongKey,
} from "./gemini_errors.ts";
import { type GeminiRequest, readGeminiRequest } from "./gemini_request.ts";

export interface GeminiOptions {
  readonly catalogue: Catalogue;
  readonly clock: Clock;
  readonly key: string;
}

const MODELS: ReadonlySet<string> = new Set([
  "gemini-3.8-flash",
  "gemini-3.7-flash",
  "gemini-3.6-flash",
  "gemini-3.5-flash",
  "gemini-3.5-flash-lite",
  "gemini-3.1-flash-lite",
  "gemini-3.1-pro-preview",
  "gemini-3-flash-preview",
  "gemini-2.5-flash",
  "gemini-2.5-pro",
]);

/** Gemini 2.5 is switched off on 2026-12-01; Google then routes its names to these. */
const ROUTED_FROM = new Date("2026-12-01T00:00:00Z");
const ROUTED: Readonly<Record<string, string>> = {
  "gemini-2.5-flash": "gemini-3.5-flash-lite",
  "gemini-2.5-pro": "gemini-3.8-flash",
};

const DEFAULT_LIMIT = 20;
const DEFAULT_RETRY_SECONDS = 34;

/** Google counts roughly one token for four characters of English. */
function tokensIn(text: string): number {
  return Math.ceil(text.length / 4);
}

/** A list of books takes a model about this many thinking tokens for each token it writes. */
const THOUGHTS_PER_TOKEN = 0.6;

interface Told {
  readonly text: string;
  readonly finishReason: string;
  /** False when thinking left no room for an answer. */
  readonly hasParts: boolean;
}

function prose(text: string, finishReason = "STOP"): Told {
  return { text, finishReason, hasParts: text !== "" };
}

function modelIn(c: Context<RoomEnv>): { model: string; method: string } {
  const [model = "", method = ""] = (c.req.param("call") ?? c.req.path.split("/").at(-1) ?? "")
    .split(":");
  return { model, method };
}

function refuseKey(c: Context<RoomEnv>, key: string): GeminiError | null {
  const sent = c.req.header("x-goog-api-key") ?? c.req.query("key");
  if (sent === undefined || sent === "") return missingKey();
  return sent === key ? null : wrongKey();
}

function askedMonth(request: GeminiRequest): string | null {
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

/** A handful of the data's fictional books, others for each month. */
function unknownBooks(catalogue: Catalogue, request: GeminiRequest): ToldBook[] {
  const { unknownBooks: all } = catalogue;
  const month = askedMonth(request);
  const start = stableHash(month ?? "") % Math.max(1, all.length);
  return [...all.slice(start), ...all.slice(0, start)].slice(0, askedLimit(request)).map((
    book,
  ) => ({
    title: book.title,
    authors: [book.author],
    month,
  }));
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

function tell(request: GeminiRequest, options: GeminiOptions & { fault: FaultRule | null }): Told {
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

function answer(told: Told, options: { request: GeminiRequest; model: string }): Response {
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

function blocked(request: GeminiRequest, model: string): Response {
  const promptTokenCount = tokensIn(request.system + request.user);
  return Response.json({
    promptFeedback: { blockReason: "PROHIBITED_CONTENT" },
    usageMetadata: { promptTokenCount, totalTokenCount: promptTokenCount },
    modelVersion: model,
  });
}

async function readBody(c: Context<RoomEnv>): Promise<unknown> {
  try {
    return JSON.parse(await c.req.text());
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** Checks the call as Google does: key, model, method, then the body. */
async function accept(
  c: Context<RoomEnv>,
  key: string,
): Promise<{ request: GeminiRequest; model: string } | { error: GeminiError }> {
  const keyError = refuseKey(c, key);
  if (keyError) return { error: keyError };
  const { model, method } = modelIn(c);
  if (model === "gemini-2.5-flash-lite") return { error: retiredModel(model) };
  if (!MODELS.has(model) || method !== "generateContent") return { error: unknownModel(model) };
  const body = await readBody(c);
  if (body === undefined) {
    return { error: invalidPayload("Invalid JSON payload received. Unexpected end of string.") };
  }
  const read = readGeminiRequest(body, model);
  return "error" in read ? read : { request: read.request, model };
}

function faultError(rule: FaultRule, model: string): GeminiError | null {
  const retryAfterSeconds = rule.retry_after_seconds ?? DEFAULT_RETRY_SECONDS;
  switch (rule.kind) {
    case "403":
      return refusedKey();
    case "429":
      return quotaSpent(model, { per: "minute", retryAfterSeconds });
    case "quota":
      return quotaSpent(model, { per: "day", retryAfterSeconds });
    case "500":
      return serverTrouble(500);
    case "503":
      return serverTrouble(503);
    default:
      return null;
  }
}

/** Google Gemini's generateContent over the catalogue's notable works. */
export function createGeminiRoom(options: GeminiOptions): Room {
  const routedModel = (model: string): string =>
    options.clock.now() < ROUTED_FROM ? model : ROUTED[model] ?? model;

  const respond = async (c: Context<RoomEnv>, fault: FaultRule | null): Promise<Response> => {
    const accepted = await accept(c, options.key);
    if ("error" in accepted) return geminiErrorResponse(accepted.error);
    const { request } = accepted;
    const model = routedModel(accepted.model);
    if (fault?.kind === "blocked") return blocked(request, model);
    return answer(tell(request, { ...options, fault }), { request, model });
  };

  const describe = async (c: Context<RoomEnv>): Promise<Subject> => {
    const read = readGeminiRequest(await readBody(c), modelIn(c).model);
    const month = "request" in read ? askedMonth(read.request) : null;
    return month === null ? {} : { month };
  };

  const routes = new Hono<RoomEnv>();
  routes.post("/v1beta/models/:call", (c) => respond(c, null));
  routes.notFound(() => new Response("", { status: 404 }));
  return {
    name: "gemini",
    routes,
    describe,
    showFault(rule, c) {
      const error = faultError(rule, modelIn(c).model);
      return error ? geminiErrorResponse(error) : respond(c, rule);
    },
  };
}
