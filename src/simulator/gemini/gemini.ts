import { type Context, Hono } from "hono";
import type { Clock } from "../../clock.ts";
import type { ModelKnowledge } from "../language_models/model_knowledge.ts";
import { type ModelQuestion, questionSubject } from "../language_models/question.ts";
import { tellAnswer } from "../language_models/tell_answer.ts";
import type { Service, ServiceEnv } from "../service/service.ts";
import type { RequestSubject } from "../service/request_subject.ts";
import { blockedPromptAnswer, generateContentAnswer } from "./gemini_answer.ts";
import {
  creditsDepleted,
  type GeminiError,
  geminiErrorResponse,
  invalidPayload,
  missingKey,
  quotaSpent,
  refusedKey,
  refusedLocation,
  retiredModel,
  serverTrouble,
  unknownModel,
  wrongKey,
} from "./gemini_errors.ts";
import { readGeminiRequest } from "./gemini_request.ts";
import { createGoogleQuota, type GoogleQuota } from "../google_books/google_quota.ts";
import { jsonBody } from "../service/json_body.ts";
import type { SimulatedService } from "../service/simulated_service.ts";
import { COMMON_KINDS, type FaultRule, LIST_KINDS, MODEL_KINDS } from "../faults/faults.ts";

/** What the service is built from. */
export interface GeminiOptions {
  readonly knowledge: ModelKnowledge;
  readonly clock: Clock;
  readonly key: string;
  readonly enforceRates: boolean;
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

const DEFAULT_RETRY_SECONDS = 34;

/** The free tier's calls for each model: 5 to 15 a minute and, by its error messages, 1,000 a day. */
const FREE_TIER = { perMinute: 15, perDay: 1_000 } as const;

/** `gemini-x:generateContent` at the end of the path, the colon escaped or not. */
function modelIn(c: Context<ServiceEnv>): { model: string; method: string } {
  const call = c.req.path.split("/").at(-1) ?? "";
  const [model = "", method = ""] = call.replace(/%3A/i, ":").split(":");
  return { model, method };
}

function refuseKey(c: Context<ServiceEnv>, key: string): GeminiError | null {
  const sent = c.req.header("x-goog-api-key") ?? c.req.query("key");
  if (sent === undefined || sent === "") return missingKey();
  return sent === key ? null : wrongKey();
}

/** Checks the call as Google does: key, model, method, then the body. */
async function accept(
  c: Context<ServiceEnv>,
  key: string,
): Promise<{ request: ModelQuestion; model: string } | { error: GeminiError }> {
  const keyError = refuseKey(c, key);
  if (keyError) return { error: keyError };
  const { model, method } = modelIn(c);
  if (model === "gemini-2.5-flash-lite") return { error: retiredModel(model) };
  if (!MODELS.has(model) || method !== "generateContent") return { error: unknownModel(model) };
  const body = await jsonBody(c);
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
    case "key_refused":
      return wrongKey();
    case "retired_model":
      return retiredModel(model);
    case "429":
      return quotaSpent(model, { per: "minute", retryAfterSeconds });
    case "quota":
      return quotaSpent(model, { per: "day", retryAfterSeconds });
    case "credits_spent":
      return creditsDepleted();
    case "location_refused":
      return refusedLocation();
    case "500":
      return serverTrouble(500);
    case "503":
      return serverTrouble(503);
    default:
      return null;
  }
}

/** Google Gemini's generateContent over the catalogue's notable works. */
export function createGeminiService(options: GeminiOptions): Service {
  const routedModel = (model: string): string =>
    options.clock.now() < ROUTED_FROM ? model : ROUTED[model] ?? model;

  const quotas = new Map<string, GoogleQuota>();
  const quotaError = (model: string): GeminiError | null => {
    const { clock, enforceRates: isEnforced } = options;
    const quota = quotas.get(model) ??
      createGoogleQuota({ clock, ...FREE_TIER, enforceDay: isEnforced, enforceMinute: isEnforced });
    quotas.set(model, quota);
    const verdict = quota.spend();
    if (verdict === "allowed") return null;
    const retryAfterSeconds = Math.ceil(60 / FREE_TIER.perMinute);
    return quotaSpent(model, {
      per: verdict === "day_spent" ? "day" : "minute",
      retryAfterSeconds,
    });
  };

  const respond = async (c: Context<ServiceEnv>, fault: FaultRule | null): Promise<Response> => {
    const accepted = await accept(c, options.key);
    if ("error" in accepted) return geminiErrorResponse(accepted.error);
    const overQuota = quotaError(accepted.model);
    if (overQuota) return geminiErrorResponse(overQuota);
    const { request } = accepted;
    const model = routedModel(accepted.model);
    if (fault?.kind === "blocked") return blockedPromptAnswer(request, model);
    const { knowledge } = options;
    const told = tellAnswer(request, { service: "gemini", model, knowledge, fault });
    return generateContentAnswer(told, { question: request, model });
  };

  const describe = async (c: Context<ServiceEnv>): Promise<RequestSubject> => {
    const read = readGeminiRequest(await jsonBody(c), modelIn(c).model);
    return questionSubject("request" in read ? read.request : null);
  };

  const routes = new Hono<ServiceEnv>();
  routes.post("/v1beta/models/:call", (c) => respond(c, null));
  routes.all("*", () => new Response("", { status: 404 }));
  return {
    routes,
    describe,
    showFault(rule, c) {
      const error = faultError(rule, modelIn(c).model);
      return error ? geminiErrorResponse(error) : respond(c, rule);
    },
  };
}

/** Gemini; `key` is the one it takes when another than usual. */
export const geminiService: SimulatedService<"gemini", { readonly key?: string }> = {
  name: "gemini",
  title: "Gemini",
  faults: [
    ...COMMON_KINDS,
    ...MODEL_KINDS,
    ...LIST_KINDS,
    "blocked",
    "recitation",
    "quota",
    "credits_spent",
    "location_refused",
  ],
  sendsRetryAfter: true,
  latency: { min_ms: 400, max_ms: 1_200 },
  holding: null,
  settings: ({ url, key }) => ({
    GEMINI_API_KEY: key,
    GEMINI_BASE_URL: url,
    GEMINI_RATE_PER_SECOND: "unlimited",
  }),
  hold: () => ({ plan, ...parts }) =>
    createGeminiService({ ...parts, key: plan?.key ?? parts.key }),
};
