import { type Context, Hono } from "hono";
import type { Clock } from "../../clock.ts";
import type { ModelKnowledge } from "../language_models/model_knowledge.ts";
import { questionSubject } from "../language_models/question.ts";
import { tellAnswer } from "../language_models/tell_answer.ts";
import type { Service, ServiceEnv } from "../service/service.ts";
import type { RequestSubject } from "../service/request_subject.ts";
import { createTokenBucket } from "../faults/token_bucket.ts";
import { bearerKey } from "../language_models/bearer_key.ts";
import { chatCompletion, modelList } from "../language_models/chat_answer.ts";
import { jsonBody } from "../service/json_body.ts";
import {
  blockedTeam,
  creditsSpent,
  incorrectKey,
  missingModel,
  missingRoute,
  noCredits,
  noKey,
  serviceTrouble,
  tooManyRequests,
  type XaiError,
  xaiErrorResponse,
} from "./xai_errors.ts";
import { refuseArguments, XAI_MODELS } from "./xai_models.ts";
import { readXaiRequest, type XaiInterface, type XaiRequest } from "./xai_request.ts";
import { responsesAnswer } from "./xai_responses.ts";
import type { SimulatedService } from "../service/simulated_service.ts";
import { COMMON_KINDS, type FaultRule, LIST_KINDS, MODEL_KINDS } from "../faults/faults.ts";

/** What the service is built from. */
export interface XaiOptions {
  readonly knowledge: ModelKnowledge;
  readonly clock: Clock;
  readonly key: string;
  readonly enforceRates: boolean;
}

/** A team's requests a minute for each model, as published in the spring of 2026. */
const PER_MINUTE = 1_800;

function interfaceOf(c: Context<ServiceEnv>): XaiInterface {
  return c.req.path.endsWith("/responses") ? "responses" : "chat/completions";
}

function refuseKey(c: Context<ServiceEnv>, key: string): XaiError | null {
  const sent = bearerKey(c);
  if (sent === null) return noKey();
  return sent === key ? null : incorrectKey(sent);
}

/** What the web framework in front of the models says; plain text, not the service's own errors. */
function frameworkRefusal(status: 400 | 415 | 422, message: string): Response {
  return new Response(message, { status, headers: { "content-type": "text/plain" } });
}

async function accept(
  c: Context<ServiceEnv>,
  key: string,
): Promise<{ request: XaiRequest } | { refusal: Response }> {
  const keyError = refuseKey(c, key);
  if (keyError) return { refusal: xaiErrorResponse(keyError) };
  if (!/^application\/json\b/i.test(c.req.header("content-type") ?? "")) {
    const message = "Expected request with `Content-Type: application/json`";
    return { refusal: frameworkRefusal(415, message) };
  }
  const body = await jsonBody(c);
  if (body === undefined) {
    return { refusal: frameworkRefusal(400, "Failed to parse the request body as JSON") };
  }
  const read = readXaiRequest(body, interfaceOf(c));
  if ("problem" in read) {
    const message = `Failed to deserialize the JSON body into the target type: ${read.problem}`;
    return { refusal: frameworkRefusal(422, message) };
  }
  const argumentError = refuseArguments(read.request.arguments);
  return argumentError ? { refusal: xaiErrorResponse(argumentError) } : read;
}

function faultError(rule: FaultRule, { model, key }: { model: string; key: string }):
  | XaiError
  | null {
  switch (rule.kind) {
    case "403":
      return blockedTeam();
    case "429":
      return tooManyRequests(model, PER_MINUTE);
    case "500":
      return serviceTrouble(500);
    case "503":
      return serviceTrouble(503);
    case "key_refused":
      return incorrectKey(key);
    case "retired_model":
      return missingModel(model);
    case "credits_spent":
      return creditsSpent();
    case "no_credits":
      return noCredits();
    default:
      return null;
  }
}

/** xAI's chat completions and Responses API over the catalogue's notable works. */
export function createXaiService(options: XaiOptions): Service {
  const { clock, knowledge } = options;
  const buckets = new Map(XAI_MODELS.map((model) => [
    model,
    createTokenBucket({ clock, ratePerSecond: PER_MINUTE / 60, burst: PER_MINUTE }),
  ]));
  const isTooFast = (model: string): boolean =>
    options.enforceRates && buckets.get(model)?.take() === false;

  const respond = async (c: Context<ServiceEnv>, fault: FaultRule | null): Promise<Response> => {
    const accepted = await accept(c, options.key);
    if ("refusal" in accepted) return accepted.refusal;
    const { question, arguments: { model } } = accepted.request;
    if (isTooFast(model)) return xaiErrorResponse(tooManyRequests(model, PER_MINUTE));
    const told = tellAnswer(question, { service: "xai", model, knowledge, fault });
    const answer = { question, model, now: clock.now(), countsThinking: "beside" as const };
    return Response.json(
      interfaceOf(c) === "responses" ? responsesAnswer(told, answer) : chatCompletion(told, answer),
    );
  };

  const read = async (c: Context<ServiceEnv>): Promise<XaiRequest | null> => {
    const result = readXaiRequest(await jsonBody(c), interfaceOf(c));
    return "request" in result ? result.request : null;
  };

  const routes = new Hono<ServiceEnv>();
  for (const path of ["/v1/chat/completions", "/v1/responses"]) {
    routes.post(path, (c) => respond(c, null));
    routes.all(path, () => new Response("", { status: 405 }));
  }
  routes.get("/v1/models", (c) => {
    const keyError = refuseKey(c, options.key);
    return keyError ? xaiErrorResponse(keyError) : c.json(modelList(XAI_MODELS, "xai"));
  });
  routes.all("*", () => xaiErrorResponse(missingRoute()));
  return {
    routes,
    async describe(c): Promise<RequestSubject> {
      return questionSubject((await read(c))?.question ?? null);
    },
    async showFault(rule, c) {
      const model = (await read(c))?.arguments.model ?? "";
      const error = faultError(rule, { model, key: bearerKey(c) ?? "" });
      return error ? xaiErrorResponse(error) : await respond(c, rule);
    },
  };
}

/** xAI; `key` is the one it takes when another than usual. */
export const xaiService: SimulatedService<"xai", { readonly key?: string }> = {
  name: "xai",
  title: "xAI",
  faults: [
    ...COMMON_KINDS,
    ...MODEL_KINDS,
    ...LIST_KINDS,
    "refusal_field",
    "credits_spent",
    "no_credits",
  ],
  sendsRetryAfter: false,
  latency: { min_ms: 400, max_ms: 1_200 },
  holding: null,
  settings: ({ url, key }) => ({
    XAI_API_KEY: key,
    XAI_BASE_URL: url,
    XAI_RATE_PER_SECOND: "unlimited",
  }),
  hold: () => ({ plan, ...parts }) => createXaiService({ ...parts, key: plan?.key ?? parts.key }),
};
