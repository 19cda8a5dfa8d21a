import {
  excerpt,
  type HttpFailure,
  judgeByStatus,
  REFUSED_KEY_HOLD_MS,
} from "../http/http_failure.ts";
import type { HttpReply } from "../http/http_exchange.ts";
import { isOutOfMoney, judgeLimit } from "./limit_failure.ts";

/** What a reply is judged with beside itself. */
export interface ModelJudgeOptions {
  readonly now: Date;
  /** The model that was asked. */
  readonly model: string;
}

/** The key is wrong, blocked or not allowed to; held back for an hour. */
export function refusedKey(reply: HttpReply, now: Date): HttpFailure {
  return {
    code: "PROVIDER_KEY_REFUSED",
    detail: `refuses the key (${reply.status}): ${excerpt(reply)}`,
    isRetryable: false,
    holdUntil: new Date(now.getTime() + REFUSED_KEY_HOLD_MS),
  };
}

/**
 * The words for a wrong key behind the status 400: xAI's "Incorrect API key provided", Google's "API
 * key not valid". A mere mention of a key, as in xAI's "API key ID", is none.
 */
function isAboutWrongKey(reply: HttpReply): boolean {
  return /(incorrect|invalid|wrong|expired|missing)[ _]api[ _-]?key|api[ _-]?key( is)? (not|invalid|expired|required|missing)/i
    .test(reply.text);
}

/** Somebody has to name another model, another address, or to load the model on a server of their own. */
const UNKNOWN_MODEL_HOLD_MS = 600_000;

/** The model is unknown, retired or not for this key. */
function unknownModel(
  reply: HttpReply,
  { model, now }: ModelJudgeOptions,
): HttpFailure {
  return rejected(now, {
    detail: `has no model "${model}" for this key (${reply.status}): ${excerpt(reply)}`,
    holdMs: UNKNOWN_MODEL_HOLD_MS,
  });
}

/**
 * The words for a model that is unknown or retired behind 400: Mistral's "Invalid model", DeepSeek's
 * "Model Not Exist", OpenRouter's "is not a valid model ID", Groq's "model_decommissioned", xAI's "Model
 * not found".
 */
function isAboutModel(reply: HttpReply): boolean {
  return /\bmodel[_ ](not[_ ](found|exists?)|does not exist|decommissioned)|(invalid|unknown|not a valid) model\b(?! output)|\bmodel\b.{0,100}\b(does not exist|not found|(been|is) (decommissioned|retired|removed|shut down)|no longer (available|supported))/i
    .test(reply.text);
}

/** There is nothing that could answer at the address in the settings. */
function wrongAddress(reply: HttpReply, now: Date): HttpFailure {
  return rejected(now, {
    detail: `has nothing at this address (${reply.status}): ${excerpt(reply)}`,
    holdMs: UNKNOWN_MODEL_HOLD_MS,
  });
}

/**
 * A web server's page, or the words of servers that know no such path: LM Studio's "Unexpected endpoint
 * or method" (with the status 200), OpenAI's "Invalid URL", xAI's "No handler found on route",
 * Express's "Cannot POST".
 */
export function isAboutAddress(reply: HttpReply): boolean {
  return reply.isHtml || /^\s*(404 )?(page )?not found\s*$/i.test(reply.text) ||
    /unexpected endpoint|invalid url|no (handler|route)\b|unknown (endpoint|path|route|url)|cannot (post|get) \/|"detail":\s*"not found"|route .{0,80}not found|method not allowed/i
      .test(reply.text);
}

/**
 * The service is not to be had from where this one runs, or before its project is set up: no request
 * will work until somebody moves or mends that, so it is held back like a refused key.
 */
export function refusedPlace(reply: HttpReply, now: Date): HttpFailure {
  return rejected(now, {
    detail: `refuses to serve from here (${reply.status}): ${excerpt(reply)}`,
    holdMs: REFUSED_KEY_HOLD_MS,
  });
}

/** The words for a country or region that is not served. */
function isAboutPlace(reply: HttpReply): boolean {
  return /unsupported_country|(location|country|region|territory)\b.{0,40}\bnot (supported|available)|not (supported|available) in your (country|region|location)/i
    .test(reply.text);
}

function rejected(
  now: Date,
  { detail, holdMs }: { readonly detail: string; readonly holdMs: number },
): HttpFailure {
  const holdUntil = new Date(now.getTime() + holdMs);
  return { code: "PROVIDER_REJECTED_REQUEST", detail, isRetryable: false, holdUntil };
}

/** What 400 means beyond a mistake of ours: the key, the place or the model can be what is refused. */
export function judgeRejection(
  reply: HttpReply,
  { now, model }: ModelJudgeOptions,
): HttpFailure | null {
  if (isAboutWrongKey(reply)) return refusedKey(reply, now);
  if (isAboutPlace(reply)) return refusedPlace(reply, now);
  return isAboutModel(reply) ? unknownModel(reply, { model, now }) : judgeByStatus(reply, now);
}

/** What 404 and 405 mean: a wrong address in the settings, or a wrong model. */
export function judgeAbsence(reply: HttpReply, { now, model }: ModelJudgeOptions): HttpFailure {
  return isAboutAddress(reply) ? wrongAddress(reply, now) : unknownModel(reply, { model, now });
}

/** What a failing status means together with its words, for providers whose statuses say little. */
export function judgeModelReply(reply: HttpReply, options: ModelJudgeOptions): HttpFailure | null {
  const { now } = options;
  const { status } = reply;
  if (status === 403 || status === 429 || (status < 500 && isOutOfMoney(reply))) {
    return judgeLimit(reply, now) ?? refusedKey(reply, now);
  }
  if (status === 400) return judgeRejection(reply, options);
  return status === 404 || status === 405
    ? judgeAbsence(reply, options)
    : judgeByStatus(reply, now);
}
