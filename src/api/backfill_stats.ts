import { Hono } from "hono";
import { readBackfillStats } from "../stats/backfill_stats.ts";
import type { ApiContext } from "./api_context.ts";

/** `GET /backfill-stats`: the log in numbers. */
export function backfillStatsRoute({ scheduler }: ApiContext): Hono {
  return new Hono().get(
    "/backfill-stats",
    async (context) =>
      context.json(
        await readBackfillStats(scheduler.database.sql, {
          generators: scheduler.lineup.generators,
        }),
      ),
  );
}
