/** An error in the form of OpenAI, which most services that imitate it keep to. */
export interface OpenAiError {
  readonly status: number;
  readonly message: string;
  readonly type?: string;
  readonly param?: string;
  readonly code?: string | number;
  readonly retryAfterSeconds?: number;
}

/** The body `{"error": {...}}` with its status. */
export function openAiErrorResponse(error: OpenAiError): Response {
  const { status, message, type = "invalid_request_error", param = null, code = null } = error;
  const headers = error.retryAfterSeconds === undefined
    ? undefined
    : { "retry-after": String(error.retryAfterSeconds) };
  return Response.json({ error: { message, type, param, code } }, {
    status,
    ...(headers === undefined ? {} : { headers }),
  });
}

/** 401: a key that is none. */
export function wrongApiKey(): OpenAiError {
  return {
    status: 401,
    message: "Incorrect API key provided.",
    type: "authentication_error",
    code: "invalid_api_key",
  };
}

/** 404, in Ollama's words: a model that is not there. */
export function modelNotFound(model: string): OpenAiError {
  return { status: 404, message: `model '${model}' not found`, type: "not_found_error" };
}

/** 400: a form of answer that the model or its server does not offer. */
export function unsupportedFormat(type: string): OpenAiError {
  return {
    status: 400,
    message: `response_format of type '${type}' is not supported by this model`,
    param: "response_format",
  };
}

/** 400: a body of the wrong form. */
export function unreadableBody(problem: string): OpenAiError {
  return { status: 400, message: `Invalid request body: ${problem}` };
}

/** 402, in OpenRouter's form: what was paid is used up. */
export function insufficientCredits(): OpenAiError {
  return {
    status: 402,
    message: "Insufficient credits. Add more credits to your account to go on.",
    code: 402,
  };
}

/** 403, as OpenRouter's moderation answers. */
export function moderated(): OpenAiError {
  return { status: 403, message: "The input was flagged by moderation.", code: 403 };
}

/** 429: too many requests, with the time to wait where the service says it. */
export function rateLimited(retryAfterSeconds: number | undefined): OpenAiError {
  return {
    status: 429,
    message: "Rate limit reached. Please try again later.",
    type: "rate_limit_error",
    code: 429,
    ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
  };
}

/** 429, in Groq's words: the tokens of a day that rolls are used up, and free again after a while. */
export function dayLimited(retryAfterSeconds: number): OpenAiError {
  const [hours, minutes] = [
    Math.floor(retryAfterSeconds / 3600),
    Math.floor(retryAfterSeconds / 60),
  ];
  return {
    status: 429,
    message:
      "Rate limit reached on tokens per day (TPD): Limit 100000, Used 97843, Requested 9191. " +
      `Please try again in ${hours}h${minutes % 60}m${retryAfterSeconds % 60}s.`,
    type: "tokens",
    code: "rate_limit_exceeded",
    retryAfterSeconds,
  };
}

/** 403: a country that is not served. */
export function refusedCountry(): OpenAiError {
  return {
    status: 403,
    message: "Country, region, or territory not supported",
    type: "request_forbidden",
    code: "unsupported_country_region_territory",
  };
}

/** What LM Studio says, behind the status 200, of a path it does not have. */
export const UNEXPECTED_ENDPOINT =
  "Unexpected endpoint or method. (POST /chat/completions). Returning 200 anyway";

/** 400, in vLLM's words: question and answer together are longer than the model's context. */
export function contextExceeded(
  { context, question, answer }: { context: number; question: number; answer: number },
): OpenAiError {
  return {
    status: 400,
    message: `This model's maximum context length is ${context} tokens. However, you requested ` +
      `${question + answer} tokens (${question} in the messages, ${answer} in the completion). ` +
      "Please reduce the length of the messages or completion.",
    code: "context_length_exceeded",
  };
}

/** 413, in Groq's words: the request alone is more than a minute allows, its limit counted as used. */
export function tooLargeForMinute(limit: number, requested: number): OpenAiError {
  return {
    status: 413,
    message:
      `Request too large on tokens per minute (TPM): Limit ${limit}, Requested ${requested}, ` +
      "please reduce your message size and try again.",
    type: "tokens",
    code: "rate_limit_exceeded",
  };
}

/** 500, 503. */
export function serverError(status: 500 | 503): OpenAiError {
  const message = status === 500
    ? "The server had an error while processing your request."
    : "No instance of the model is available at present.";
  return { status, message, type: "server_error", code: status };
}

/** What OpenRouter says, behind the status 200, when the provider behind it fails. */
export const UPSTREAM_ERROR = {
  code: 502,
  message: "Provider returned error",
  metadata: { provider_name: "Upstream" },
} as const;
