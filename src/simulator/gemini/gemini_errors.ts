const TYPE_PREFIX = "type.googleapis.com/google.rpc.";

/** An error as Google's front end words it. */
export interface GeminiError {
  readonly code: number;
  readonly status: string;
  readonly message: string;
  readonly details?: readonly Record<string, unknown>[];
}

/** The error body `{"error": {...}}` with its HTTP status. */
export function geminiErrorResponse(error: GeminiError): Response {
  return new Response(JSON.stringify({ error }, null, 2), {
    status: error.code,
    headers: { "content-type": "application/json; charset=UTF-8" },
  });
}

/** 400: the key was sent but is not one. */
export function wrongKey(): GeminiError {
  return {
    code: 400,
    message: "API key not valid. Please pass a valid API key.",
    status: "INVALID_ARGUMENT",
    details: [
      {
        "@type": `${TYPE_PREFIX}ErrorInfo`,
        reason: "API_KEY_INVALID",
        domain: "googleapis.com",
        metadata: { service: "generativelanguage.googleapis.com" },
      },
      {
        "@type": `${TYPE_PREFIX}LocalizedMessage`,
        locale: "en-US",
        message: "API key not valid. Please pass a valid API key.",
      },
    ],
  };
}

/** 403: no key at all. */
export function missingKey(): GeminiError {
  return {
    code: 403,
    message: "Method doesn't allow unregistered callers (callers without established identity). " +
      "Please use API Key or other form of API consumer identity to call this API.",
    status: "PERMISSION_DENIED",
  };
}

/** 403: a key that Google has shut off. */
export function refusedKey(): GeminiError {
  return {
    code: 403,
    message: "Your API key was reported as leaked. Please use another API key.",
    status: "PERMISSION_DENIED",
  };
}

/** 400: the request does not fit the service's message types. */
export function invalidPayload(message: string, field?: string): GeminiError {
  return {
    code: 400,
    message,
    status: "INVALID_ARGUMENT",
    ...(field === undefined ? {} : {
      details: [{
        "@type": `${TYPE_PREFIX}BadRequest`,
        fieldViolations: [{ field, description: message }],
      }],
    }),
  };
}

/** 404: a model that never was. */
export function unknownModel(model: string): GeminiError {
  return {
    code: 404,
    message: `models/${model} is not found for API version v1beta, or is not supported for ` +
      "generateContent. Call ListModels to see the list of available models and their supported methods.",
    status: "NOT_FOUND",
  };
}

/** 404: a model kept for those who already used it. */
export function retiredModel(model: string): GeminiError {
  return {
    code: 404,
    message: `This model models/${model} is no longer available to new users. ` +
      "Please update your code to use a newer model for the latest features and improvements.",
    status: "NOT_FOUND",
  };
}

/** 500, 503. */
export function serverTrouble(code: 500 | 503): GeminiError {
  return code === 500
    ? { code, message: "An internal error has occurred. Please retry.", status: "INTERNAL" }
    : {
      code,
      message: "This model is currently experiencing high demand. Spikes in demand are usually " +
        "temporary. Please try again later.",
      status: "UNAVAILABLE",
    };
}

/** 400: a country that is not served. */
export function refusedLocation(): GeminiError {
  return {
    code: 400,
    message: "User location is not supported for the API use.",
    status: "FAILED_PRECONDITION",
  };
}

/** 429, as for a rate, but without details: what was paid in advance is used up. */
export function creditsDepleted(): GeminiError {
  return {
    code: 429,
    message: "Your prepayment credits are depleted. Please go to AI Studio at " +
      "https://ai.studio/projects to manage your project and billing.",
    status: "RESOURCE_EXHAUSTED",
  };
}

/** 429 for the allowance per minute or per day; both come with a wait, which for a day means nothing. */
export function quotaSpent(
  model: string,
  options: { per: "minute" | "day"; retryAfterSeconds: number },
): GeminiError {
  const isMinute = options.per === "minute";
  const period = isMinute ? "PerMinute" : "PerDay";
  const violation = {
    quotaMetric: "generativelanguage.googleapis.com/generate_content_free_tier_requests",
    quotaId: `GenerateRequests${period}PerProjectPerModel-FreeTier`,
    quotaDimensions: { location: "global", model },
    quotaValue: isMinute ? "15" : "1000",
  };
  return {
    code: 429,
    message: "You exceeded your current quota, please check your plan and billing details.\n" +
      `* Quota exceeded for metric: ${violation.quotaMetric}, limit: ${violation.quotaValue}`,
    status: "RESOURCE_EXHAUSTED",
    details: [
      { "@type": `${TYPE_PREFIX}QuotaFailure`, violations: [violation] },
      {
        "@type": `${TYPE_PREFIX}Help`,
        links: [{
          description: "Learn more about Gemini API quotas",
          url: "https://ai.google.dev/gemini-api/docs/rate-limits",
        }],
      },
      { "@type": `${TYPE_PREFIX}RetryInfo`, retryDelay: `${options.retryAfterSeconds}s` },
    ],
  };
}
