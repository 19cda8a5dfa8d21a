import { Hono } from "hono";
import { readBackfillStats } from "../stats/backfill_stats.ts";
import type { ApiContext } from "./requests/api_context.ts";
import { sharedJson } from "./requests/shared_json.ts";

/** `GET /backfill-stats`: the log in numbers. */
export function backfillStatsRoute({ scheduler }: ApiContext): Hono {
  const { database, lineup: { generators } } = scheduler;
  return new Hono().get(
    "/backfill-stats",
    sharedJson(() => readBackfillStats(database, { generators })),
  );
}
