/** An error as xAI words it; both fields of the body are text. */
export interface XaiError {
  readonly status: number;
  readonly code: string;
  readonly error: string;
}

const INVALID_ARGUMENT = "Client specified an invalid argument";
const NOT_FOUND = "Some requested entity was not found";
const FORBIDDEN = "The caller does not have permission to execute the specified operation";
const EXHAUSTED = "Some resource has been exhausted";

/** The body `{"code": "...", "error": "..."}` with its status. */
export function xaiErrorResponse({ status, code, error }: XaiError): Response {
  return Response.json({ code, error }, { status });
}

/** 401: no Authorization header. */
export function noKey(): XaiError {
  return {
    status: 401,
    code: "The request does not have valid authentication credentials for the operation",
    error: "No API key was given: send it as Authorization: Bearer <key>.",
  };
}

/** 400, not 401: a key that is none. */
export function incorrectKey(key: string): XaiError {
  const shown = key.length < 4 ? "***" : `${key.slice(0, 2)}***${key.slice(-2)}`;
  return {
    status: 400,
    code: INVALID_ARGUMENT,
    error: `Incorrect API key provided: ${shown}. ` +
      "You can obtain an API key from https://console.x.ai.",
  };
}

/** 400: an argument the model does not take, or a schema beyond the supported subset. */
export function invalidArgument(error: string): XaiError {
  return { status: 400, code: INVALID_ARGUMENT, error };
}

/** 404: a model that never was, or was retired; xAI says the same of both. */
export function missingModel(model: string): XaiError {
  return {
    status: 404,
    code: NOT_FOUND,
    error: `The model ${model} does not exist or your team does not have access to it. ` +
      "Please ensure you're using the correct API key.",
  };
}

/** 404: a path that is none. */
export function missingRoute(): XaiError {
  return { status: 404, code: NOT_FOUND, error: "No handler found on route." };
}

/** 403: a key without the right. */
export function blockedTeam(): XaiError {
  return { status: 403, code: FORBIDDEN, error: "Your team is blocked from using this model." };
}

/** 403: a team that never paid. */
export function noCredits(): XaiError {
  return {
    status: 403,
    code: FORBIDDEN,
    error: "Your newly created team doesn't have any credits yet. " +
      "You can purchase credits on https://console.x.ai.",
  };
}

/** 429, as for a rate: what was paid is used up. */
export function creditsSpent(): XaiError {
  return {
    status: 429,
    code: EXHAUSTED,
    error:
      "Your team has either used all available credits or reached its monthly spending limit. " +
      "To continue making API requests, please purchase more credits or raise your spending limit.",
  };
}

/** 429: too many requests. */
export function tooManyRequests(model: string, perMinute: number): XaiError {
  return {
    status: 429,
    code: EXHAUSTED,
    error: `Too many requests for your team and the model ${model}. ` +
      `Your team's rate limit is ${perMinute} requests per minute.`,
  };
}

/** 500, 503. */
export function serviceTrouble(status: 500 | 503): XaiError {
  return status === 500
    ? { status, code: "Internal error", error: "Internal error encountered." }
    : {
      status,
      code: "The service is currently unavailable",
      error: "The model is at capacity. Please try again later.",
    };
}
