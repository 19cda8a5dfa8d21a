import { backfillStatsSchema, readBackfillStats } from "../stats/backfill_stats.ts";
import { type DatabaseContext, defineRoute } from "./requests/route.ts";

/** `GET /backfill-stats`: the log in numbers. */
export const backfillStatsRoute = defineRoute({
  path: "/backfill-stats",
  answer: backfillStatsSchema,
  isShared: true,
  handle: ({ database, lineup: { generators } }: DatabaseContext) =>
    readBackfillStats(database, { generators }),
});
