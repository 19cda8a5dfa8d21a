import type { Context } from "hono";
import { ERROR_KINDS, toAppError } from "../errors.ts";
import type { Log } from "../log.ts";

/**
 * Turns whatever a handler threw into an answer: `{"error": sentence, "code": word, …}`. What nobody
 * expected is logged and told only as "Internal error": its message may hold what is not theirs.
 */
export function errorResponse(
  thrown: unknown,
  { context, log }: { context: Context; log: Log },
): Response {
  const error = toAppError(thrown);
  const status = ERROR_KINDS[error.code].http;
  const fields = { path: context.req.path, status, error };
  if (status >= 500) log.error("request_failed", fields);
  else log.debug("request_refused", fields);
  if (error.code === "INTERNAL") {
    return context.json(
      { error: "Internal error; the log has the details", code: error.code },
      500,
    );
  }
  const problems = error.details.problems;
  return context.json({
    error: error.message,
    code: error.code,
    ...(problems === undefined ? {} : { problems }),
  }, status);
}
