import { z } from "zod";
import { type Route, type RouteRequest, routeUrl } from "../api/requests/route.ts";
import type { Config } from "../config.ts";
import { AppError } from "../errors.ts";

const problemSchema = z.object({ error: z.string() });

/** What a route answered. */
export interface Answered<Answer extends z.ZodType> {
  /** With what a newer service may have added: for scripts. */
  readonly whole: unknown;
  /** As the route's schema reads it: for people. */
  readonly answer: z.output<Answer>;
}

/**
 * Asks a route of the running service. `whenSilent` is the sentence for when nothing answers.
 *
 * Throws `AppError` CONFIG_INVALID when nothing answers where the settings point, or a service of
 * another version does; BAD_REQUEST with the service's own words when it refuses.
 */
export async function callService<Answer extends z.ZodType>(
  config: Config,
  { route, params, body, whenSilent }: RouteRequest & {
    readonly route: Pick<Route<never, Answer>, "method" | "path" | "answer">;
    readonly whenSilent: (url: string) => string;
  },
): Promise<Answered<Answer>> {
  const url = `http://${config.HOST}:${config.PORT}/api/internal${routeUrl(route.path, params)}`;
  let response: Response;
  try {
    response = await fetch(url, {
      method: route.method,
      headers: { "X-Cron-Secret": config.ALEXANDRIA_WEBHOOK_SECRET },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(10_000),
    });
  } catch (cause) {
    throw new AppError("CONFIG_INVALID", whenSilent(url), { cause });
  }
  const whole: unknown = await response.json().catch(() => null); // not ours: judged below
  if (response.ok && whole !== null) return { whole, answer: parseAnswer(whole, route, config) };
  const problem = problemSchema.safeParse(whole);
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

function parseAnswer<Answer extends z.ZodType>(
  whole: unknown,
  route: { readonly answer: Answer },
  config: Config,
): z.output<Answer> {
  const parsed = route.answer.safeParse(whole);
  if (parsed.success) return parsed.data;
  const [first] = parsed.error.issues;
  const field = first?.path.map(String).join(".") || "its answer";
  throw new AppError(
    "CONFIG_INVALID",
    `The running service at http://${config.HOST}:${config.PORT} is of another version: ${field} is ` +
      `not as expected (${first?.message}). Restart it with the version of this command, or run the ` +
      `command of its version.`,
  );
}
