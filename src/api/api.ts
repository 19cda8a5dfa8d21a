import { Hono } from "hono";
import { isSecret } from "../auth/cron_secret.ts";
import { createOccurrenceCount } from "../domain/text/occurrence_count.ts";
import { AppError } from "../errors.ts";
import type { ApiContext } from "./requests/api_context.ts";
import { backfillStatsRoute } from "./backfill_stats.ts";
import { errorResponse } from "./requests/error_answer.ts";
import { explainRoute } from "./explain.ts";
import { healthRoute } from "./health.ts";
import { jobsRoute } from "./jobs.ts";
import { runsRoute } from "./runs.ts";
import { scheduleBackfillRoute } from "./schedule_backfill.ts";
import { seedBackfillQueueRoute } from "./seed_backfill_queue.ts";
import { variantStatsRoute } from "./variant_stats.ts";

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
    })
    .route("/", scheduleBackfillRoute(context))
    .route("/", backfillStatsRoute(context))
    .route("/", seedBackfillQueueRoute(context))
    .route("/", jobsRoute(context))
    .route("/", runsRoute(context))
    .route("/", explainRoute(context))
    .route("/", variantStatsRoute(context));

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
      errorResponse(
        new AppError("NOT_FOUND", `Nothing answers ${request.req.method} ${request.req.path}`),
        { context: request, log, trouble },
      )
    )
    .onError((error, request) => errorResponse(error, { context: request, log, trouble }));
}
