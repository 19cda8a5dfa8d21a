const SERVICE = "books.googleapis.com";
/** The project that unkeyed calls are billed to; it is out of quota for good (bdlukaa/books_finder#26). */
const ANONYMOUS_PROJECT = "624717413613";
/** The project of the simulator's own key. */
const OWN_PROJECT = "401628390011";

interface GoogleError {
  readonly code: 400 | 403 | 404 | 429 | 500 | 503;
  readonly message: string;
  readonly reason: string;
  readonly domain?: "global" | "usageLimits";
  /** The canonical name newer front ends add. */
  readonly status?: string;
  readonly details?: readonly Record<string, unknown>[];
  /** The parameter that is wrong. */
  readonly location?: string;
}

function errorAnswer(error: GoogleError): Response {
  const { code, message, reason, domain = "global", status, details, location } = error;
  const parameter = location === undefined ? {} : { locationType: "parameter", location };
  const body = {
    error: {
      code,
      message,
      errors: [{ message, domain, reason, ...parameter }],
      ...(status === undefined ? {} : { status }),
      ...(details === undefined ? {} : { details }),
    },
  };
  return new Response(JSON.stringify(body, null, 2), {
    status: code,
    headers: { "content-type": "application/json; charset=UTF-8" },
  });
}

function errorInfo(reason: string, metadata: Record<string, string>): Record<string, unknown> {
  return {
    "@type": "type.googleapis.com/google.rpc.ErrorInfo",
    reason,
    domain: "googleapis.com",
    metadata: { service: SERVICE, ...metadata },
  };
}

/** 400: a key was sent that is none. */
export function wrongKey(): Response {
  return errorAnswer({
    code: 400,
    message: "API key not valid. Please pass a valid API key.",
    reason: "badRequest",
    status: "INVALID_ARGUMENT",
    details: [errorInfo("API_KEY_INVALID", {})],
  });
}

/** 429 of a project whose queries are used up: for the day, or for the minute and user. */
export function quotaSpent(
  per: "day" | "minute",
  { limit, isAnonymous }: { limit: number; isAnonymous: boolean },
): Response {
  const project = isAnonymous ? ANONYMOUS_PROJECT : OWN_PROJECT;
  const name = per === "day" ? "Queries per day" : "Queries per minute per user";
  return errorAnswer({
    code: 429,
    message: `Quota exceeded for quota metric 'Queries' and limit '${name}' of service ` +
      `'${SERVICE}' for consumer 'project_number:${project}'.`,
    reason: "rateLimitExceeded",
    status: "RESOURCE_EXHAUSTED",
    details: [errorInfo("RATE_LIMIT_EXCEEDED", {
      consumer: `projects/${project}`,
      quota_limit: per === "day" ? "defaultPerDayPerProject" : "defaultPerMinutePerUser",
      quota_limit_value: String(limit),
      quota_location: "global",
      quota_metric: `${SERVICE}/default`,
    })],
  });
}

/** 403: the key's project never switched the service on. */
export function accessNotConfigured(): Response {
  return errorAnswer({
    code: 403,
    message: `Books API has not been used in project ${OWN_PROJECT} before or it is disabled. ` +
      "Enable it in the console, then retry.",
    domain: "usageLimits",
    reason: "accessNotConfigured",
    status: "PERMISSION_DENIED",
    details: [errorInfo("SERVICE_DISABLED", { consumer: `projects/${OWN_PROJECT}` })],
  });
}

/** 503: the store behind the service did not answer; unknown volumes get it too. */
export function backendFailed(): Response {
  return errorAnswer({
    code: 503,
    message: "Service temporarily unavailable.",
    reason: "backendFailed",
    status: "UNAVAILABLE",
  });
}

/** 500. */
export function backendError(): Response {
  return errorAnswer({ code: 500, message: "Backend Error", reason: "backendError" });
}

/** 400 for one parameter that cannot be used. */
export function invalidParameter(
  location: string,
  { message, reason = "invalidParameter" }: { message: string; reason?: string },
): Response {
  return errorAnswer({ code: 400, message, reason, location });
}

/** 404 for a path that is none of the service's. */
export function unknownPath(): Response {
  return errorAnswer({ code: 404, message: "Not Found", reason: "notFound" });
}
