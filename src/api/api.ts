import { Hono } from "hono";
import { isSecret } from "../auth/cron_secret.ts";
import { createOccurrenceCount } from "../domain/text/occurrence_count.ts";
import { AppError } from "../errors.ts";
import type { ApiContext } from "./requests/api_context.ts";
import { errorAnswer } from "./requests/error_answer.ts";
import { backfillStatsRoute } from "./backfill_stats.ts";
import { costCapRoute } from "./cost_cap.ts";
import { explainRoute } from "./explain.ts";
import { healthRoute } from "./health.ts";
import { jobsRoute } from "./jobs.ts";
import { answerRoute } from "./requests/answer_route.ts";
import type { Route } from "./requests/route.ts";
import { scheduleBackfillRoute } from "./schedule_backfill.ts";
import { seedBackfillQueueRoute } from "./seed_backfill_queue.ts";
import { variantStatsRoute } from "./variant_stats.ts";

/** All that `/api/internal` answers. */
export const ROUTES: readonly Route[] = [
  backfillStatsRoute,
  costCapRoute,
  explainRoute,
  jobsRoute,
  scheduleBackfillRoute,
  seedBackfillQueueRoute,
  variantStatsRoute,
];

/** Whoever tries secrets is told of, and cannot fill the log. */
const STRANGERS_EVERY_MS = 60_000;

/** The HTTP API: health for everybody, `/api/internal/*` for those who know the secret. */
export function createApi(context: ApiContext): Hono {
  const { log, scheduler: { database: { trouble } } } = context;
  const strangers = createOccurrenceCount({ everyMs: STRANGERS_EVERY_MS });
  const internal = new Hono()
    .use(async (request, next) => {
      if (!isSecret(request.req.header("X-Cron-Secret"), context.secret)) {
        const count = strangers.add(context.scheduler.clock.monotonicMs());
        if (count !== null) log.warn("wrong_secret", { count, path: request.req.path });
        throw new AppError(
          "UNAUTHORIZED",
          "Send the configured secret in the header X-Cron-Secret",
        );
      }
      await next();
    });
  for (const route of ROUTES) {
    internal.on(route.method, route.path, answerRoute(route, context.scheduler));
  }

  return new Hono()
    .use(async (request, next) => {
      await next();
      const { res: answer } = request;
      request.res = undefined;
      request.res = new Response(context.redact(await answer.text()), answer);
    })
    .route("/api/internal", internal)
    .route("/", healthRoute(context))
    .notFound((request) =>
      errorAnswer(
        new AppError("NOT_FOUND", `Nothing answers ${request.req.method} ${request.req.path}`),
        { context: request, log, trouble },
      )
    )
    .onError((error, request) => errorAnswer(error, { context: request, log, trouble }));
}
