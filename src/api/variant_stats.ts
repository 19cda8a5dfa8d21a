import { Hono } from "hono";
import { readVariantStats } from "../stats/variant_stats.ts";
import type { ApiContext } from "./api_context.ts";

/** `GET /variant-stats`: how prompt variants and models did, in experiments and months. */
export function variantStatsRoute({ scheduler }: ApiContext): Hono {
  return new Hono().get(
    "/variant-stats",
    async (context) => context.json(await readVariantStats(scheduler.database.sql)),
  );
}
