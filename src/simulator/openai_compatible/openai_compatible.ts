import { type Context, Hono } from "hono";
import type { Clock } from "../../clock.ts";
import type { ModelKnowledge } from "../language_models/model_knowledge.ts";
import { type ModelQuestion, questionSubject } from "../language_models/question.ts";
import { tellAnswer } from "../language_models/tell_answer.ts";
import type { Service, ServiceEnv } from "../service/service.ts";
import type { RequestSubject } from "../service/request_subject.ts";
import { bearerKey } from "../language_models/bearer_key.ts";
import { chatCompletion, modelList } from "../language_models/chat_answer.ts";
import {
  type AnswerForm,
  askedForm,
  type ChatBody,
  chatBodySchema,
  conversationQuestion,
  firstProblem,
} from "../language_models/chat_request.ts";
import { jsonBody } from "../service/json_body.ts";
import { promptTokens } from "../language_models/count_tokens.ts";
import {
  contextExceeded,
  dayLimited,
  insufficientCredits,
  modelNotFound,
  moderated,
  type OpenAiError,
  openAiErrorResponse,
  rateLimited,
  refusedCountry,
  serverError,
  tooLargeForMinute,
  UNEXPECTED_ENDPOINT,
  unreadableBody,
  unsupportedFormat,
  UPSTREAM_ERROR,
  wrongApiKey,
} from "./openai_errors.ts";
import type { SimulatedService } from "../service/simulated_service.ts";
import { COMMON_KINDS, type FaultRule, LIST_KINDS, MODEL_KINDS } from "../faults/faults.ts";

/** The model this service has unless others are named. */
export const LOCAL_MODEL = "llama-4-small";

/**
 * The strictest form of answer a service enforces, refusing what goes beyond; `ignored` takes every form
 * and answers as if none had been asked for.
 */
export type StructuredOutput = "json_schema" | "json_object" | "none" | "ignored";

/** Which of the many services of this kind the service behaves like. */
export interface OpenAiCompatiblePlan {
  /** The key it takes; any and none when absent. */
  readonly key?: string;
  /** `json_schema` when absent. */
  readonly structured?: StructuredOutput;
  /** The models it has; {@linkcode LOCAL_MODEL} when absent. */
  readonly models?: readonly string[];
  /** Whether its models think before they answer; not when absent. */
  readonly thinks?: boolean;
  /** The tokens of question and answer together that its models take; any number when absent. */
  readonly contextTokens?: number;
  /** The tokens of a minute, of which a request's limit counts as used; any number when absent. */
  readonly tokensPerMinute?: number;
}

/** What the service is built from. */
export interface OpenAiCompatibleOptions {
  readonly knowledge: ModelKnowledge;
  readonly clock: Clock;
  /** Null takes any key and none, as a local server does. */
  readonly key: string | null;
  readonly plan: OpenAiCompatiblePlan;
}

const OFFERED: Readonly<Record<StructuredOutput, readonly AnswerForm["type"][]>> = {
  json_schema: ["text", "json_object", "json_schema"],
  json_object: ["text", "json_object"],
  none: ["text"],
  ignored: ["text", "json_object", "json_schema"],
};

/** How long the day's limit lasts, 1h53m57s: neither a minute nor an hour. */
const DAY_WAIT_SECONDS = 6_837;

const FREE_FORM: AnswerForm = { type: "text", schema: null };

function askedTokens(body: ChatBody): number | null {
  return body.max_tokens ?? body.max_completion_tokens ?? null;
}

function questionTokens({ messages }: ChatBody): number {
  return promptTokens(messages.map((message) => JSON.stringify(message)).join(""));
}

function faultError(rule: FaultRule, model: string): OpenAiError | null {
  switch (rule.kind) {
    case "403":
      return moderated();
    case "429":
      return rateLimited(rule.retry_after_seconds);
    case "500":
      return serverError(500);
    case "503":
      return serverError(503);
    case "key_refused":
      return wrongApiKey();
    case "retired_model":
      return modelNotFound(model);
    case "credits_spent":
      return insufficientCredits();
    case "quota":
      return dayLimited(DAY_WAIT_SECONDS);
    case "location_refused":
      return refusedCountry();
    default:
      return null;
  }
}

/** Any server with OpenAI's chat completions over the catalogue's notable works. */
export function createOpenAiCompatibleService(options: OpenAiCompatibleOptions): Service {
  const { clock, knowledge, key } = options;
  const { structured = "json_schema", models = [LOCAL_MODEL], thinks = false } = options.plan;
  const { contextTokens = Infinity, tokensPerMinute = Infinity } = options.plan;

  const questionOf = (body: ChatBody): ModelQuestion =>
    conversationQuestion(body.messages, {
      form: structured === "ignored" ? FREE_FORM : askedForm(body),
      maxTokens: askedTokens(body) ??
        (contextTokens === Infinity ? null : contextTokens - questionTokens(body)),
      thinking: thinks ? "usual" : "none",
    });

  /** What asks for more than there is room for; a limit that is left out asks for what is left. */
  const refuseLength = (body: ChatBody): OpenAiError | null => {
    const question = questionTokens(body);
    const answer = askedTokens(body) ?? 0;
    const requested = question + answer;
    if (requested > contextTokens) {
      return contextExceeded({ context: contextTokens, question, answer });
    }
    return requested > tokensPerMinute ? tooLargeForMinute(tokensPerMinute, requested) : null;
  };

  const refuseKey = (c: Context<ServiceEnv>): OpenAiError | null =>
    key === null || bearerKey(c) === key ? null : wrongApiKey();

  const accept = async (
    c: Context<ServiceEnv>,
  ): Promise<{ body: ChatBody } | { error: OpenAiError }> => {
    const keyError = refuseKey(c);
    if (keyError) return { error: keyError };
    const parsed = chatBodySchema.safeParse(await jsonBody(c));
    if (!parsed.success) return { error: unreadableBody(firstProblem(parsed.error)) };
    const { model } = parsed.data;
    if (!models.includes(model)) return { error: modelNotFound(model) };
    const { type } = askedForm(parsed.data);
    if (!OFFERED[structured].includes(type)) return { error: unsupportedFormat(type) };
    const lengthError = refuseLength(parsed.data);
    return lengthError ? { error: lengthError } : { body: parsed.data };
  };

  const respond = async (c: Context<ServiceEnv>, fault: FaultRule | null): Promise<Response> => {
    const accepted = await accept(c);
    if ("error" in accepted) return openAiErrorResponse(accepted.error);
    if (fault?.kind === "error_body") return c.json({ error: UPSTREAM_ERROR });
    if (fault?.kind === "wrong_address") return c.json({ error: UNEXPECTED_ENDPOINT });
    const { model } = accepted.body;
    const question = questionOf(accepted.body);
    const told = tellAnswer(question, { service: "openai_compatible", model, knowledge, fault });
    const completion = chatCompletion(told, {
      question,
      model,
      now: clock.now(),
      countsThinking: "within",
    });
    if (fault?.kind !== "error_choice") return c.json(completion);
    const message = { role: "assistant", content: "" };
    const choice = { index: 0, message, finish_reason: "error", error: UPSTREAM_ERROR };
    return c.json({ ...completion, choices: [choice] });
  };

  const read = async (c: Context<ServiceEnv>): Promise<ChatBody | null> =>
    chatBodySchema.safeParse(await jsonBody(c)).data ?? null;

  const routes = new Hono<ServiceEnv>();
  routes.post("/v1/chat/completions", (c) => respond(c, null));
  routes.get("/v1/models", (c) => {
    const keyError = refuseKey(c);
    return keyError ? openAiErrorResponse(keyError) : c.json(modelList(models, "library"));
  });
  routes.all("*", () => new Response("404 page not found", { status: 404 }));
  return {
    routes,
    async describe(c): Promise<RequestSubject> {
      const body = await read(c);
      return questionSubject(body && questionOf(body));
    },
    async showFault(rule, c) {
      const error = faultError(rule, (await read(c))?.model ?? "");
      return error ? openAiErrorResponse(error) : await respond(c, rule);
    },
  };
}

/** Any server that speaks like OpenAI's. */
export const openAiCompatibleService: SimulatedService<"openai_compatible", OpenAiCompatiblePlan> =
  {
    name: "openai_compatible",
    title: "an OpenAI-compatible server",
    faults: [
      ...COMMON_KINDS,
      ...MODEL_KINDS,
      ...LIST_KINDS,
      "refusal_field",
      "credits_spent",
      "quota",
      "location_refused",
      "wrong_address",
      "error_body",
      "error_choice",
    ],
    sendsRetryAfter: true,
    latency: { min_ms: 600, max_ms: 1_500 },
    holding: null,
    settings: ({ url, key }) => ({
      LLM_BASE_URL: `${url}/v1`,
      LLM_API_KEY: key,
      LLM_MODEL: LOCAL_MODEL,
      LLM_RATE_PER_SECOND: "unlimited",
      MODEL_PRICES: `${LOCAL_MODEL}=0/0`,
    }),
    hold: () => ({ knowledge, clock, plan = {} }) =>
      createOpenAiCompatibleService({ knowledge, clock, plan, key: plan.key ?? null }),
  };
