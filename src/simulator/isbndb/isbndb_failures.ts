type FailureStatus = 400 | 401 | 403 | 404 | 413 | 414 | 415 | 429 | 500;

/** A failure in the form of the current specification, which says everything twice. */
export function failure(status: FailureStatus, message: string): Response {
  return Response.json({ message, error_message: message }, { status });
}

/** 401 for a missing key, a wrong one, and one behind "Bearer". */
export function unauthorized(): Response {
  return failure(401, "Full authentication is required to access this resource");
}

/** 404 for an unknown ISBN and for a search without a result. */
export function notFound(): Response {
  return failure(404, "Not Found");
}

/** 429 when the day's calls are used up. */
export function daySpent(): Response {
  return failure(429, "Daily quota exceeded. Your daily request limit resets at 00:00 UTC.");
}

/** 429 when calls come too fast; the real service documents no Retry-After. */
export function tooFast(retryAfterSeconds?: number): Response {
  return Response.json({ message: "Limit Exceeded" }, {
    status: 429,
    headers: retryAfterSeconds === undefined ? {} : { "retry-after": String(retryAfterSeconds) },
  });
}
