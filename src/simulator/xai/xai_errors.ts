/** An error as xAI words it; both fields of the body are text. */
export interface XaiError {
  readonly status: number;
  readonly code: string;
  readonly error: string;
}

/**
 * Codes were phrases until 2025 ("Client specified an invalid argument"); the first two are as replies of
 * 2026 have them, the others named after the same pattern, gRPC's.
 */
const INVALID_ARGUMENT = "invalid-argument";
const FORBIDDEN = "permission-denied";
const NOT_FOUND = "not-found";
const EXHAUSTED = "resource-exhausted";
const UNAUTHENTICATED = "unauthenticated";
const INTERNAL = "internal";
const UNAVAILABLE = "unavailable";

/** The body `{"code": "...", "error": "..."}` with its status. */
export function xaiErrorResponse({ status, code, error }: XaiError): Response {
  return Response.json({ code, error }, { status });
}

/** 401: no Authorization header. */
export function noKey(): XaiError {
  return {
    status: 401,
    code: UNAUTHENTICATED,
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
  return status === 500 ? { status, code: INTERNAL, error: "Internal error encountered." } : {
    status,
    code: UNAVAILABLE,
    error: "The model is at capacity. Please try again later.",
  };
}
