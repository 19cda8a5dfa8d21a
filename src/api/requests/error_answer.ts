import type { Context } from "hono";
import { type AppError, ERROR_KINDS, toAppError } from "../../errors.ts";
import type { Log } from "../../log.ts";

/** Tells what keeps the database from its work, null when nothing does. */
type Trouble = () => Promise<AppError | null>;

/**
 * Turns whatever a handler threw into an answer: `{"error": sentence, "code": word, …}`. What nobody
 * expected is logged and told only as "Internal error": its message may hold what is not theirs.
 */
export async function errorAnswer(
  thrown: unknown,
  { context, log, trouble }: { context: Context; log: Log; trouble: Trouble },
): Promise<Response> {
  const error = await asOneState(toAppError(thrown), trouble);
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

/**
 * What keeps the database from its work has many faces: one connection was cut, the next is refused.
 * Who asks is told the state that all others are told.
 */
async function asOneState(error: AppError, trouble: Trouble): Promise<AppError> {
  return error.code.startsWith("DATABASE_") ? await trouble() ?? error : error;
}
