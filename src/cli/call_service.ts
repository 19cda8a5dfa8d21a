import { z } from "zod";
import type { Config } from "../config.ts";
import { AppError } from "../errors.ts";

const problemSchema = z.object({ error: z.string() });

/**
 * Asks the running service's API; a body makes it a POST. `whenSilent` is the sentence for when nothing
 * answers.
 *
 * Throws `AppError` CONFIG_INVALID when nothing answers where the settings point, BAD_REQUEST with the
 * service's own words when it refuses.
 */
export async function callService(
  config: Config,
  { path, body, whenSilent }: {
    path: string;
    body?: unknown;
    whenSilent: (url: string) => string;
  },
): Promise<unknown> {
  const url = `http://${config.HOST}:${config.PORT}/api/internal/${path}`;
  let response: Response;
  try {
    response = await fetch(url, {
      method: body === undefined ? "GET" : "POST",
      headers: { "X-Cron-Secret": config.ALEXANDRIA_WEBHOOK_SECRET },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(10_000),
    });
  } catch (cause) {
    throw new AppError("CONFIG_INVALID", whenSilent(url), { cause });
  }
  const answer: unknown = await response.json().catch(() => null); // not ours: judged below
  if (response.ok && answer !== null) return answer;
  const problem = problemSchema.safeParse(answer);
  if (problem.success && isAboutTheQuestion(response)) {
    throw new AppError("BAD_REQUEST", problem.data.error); // as without a service between
  }
  throw new AppError(
    "BAD_REQUEST",
    `The running service at ${url} answered ${response.status}: ` +
      (problem.success ? problem.data.error : "as no service of ours does: check HOST and PORT") +
      (response.status === 401 ? " (set ALEXANDRIA_WEBHOOK_SECRET to its secret)" : ""),
  );
}

function isAboutTheQuestion({ status }: Response): boolean {
  return status === 400 || status === 404;
}
