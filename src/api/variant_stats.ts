import { Hono } from "hono";
import { readVariantStats } from "../stats/variant_stats.ts";
import type { ApiContext } from "./requests/api_context.ts";
import { sharedJson } from "./requests/shared_json.ts";

/** `GET /variant-stats`: how prompt variants and models did, in experiments and months. */
export function variantStatsRoute({ scheduler }: ApiContext): Hono {
  return new Hono().get(
    "/variant-stats",
    sharedJson(() => readVariantStats(scheduler.database.sql)),
  );
}
