import { readVariantStats, variantStatsSchema } from "../stats/variant_stats.ts";
import { type DatabaseContext, defineRoute } from "./requests/route.ts";

/** `GET /variant-stats`: how prompt variants and models did, in experiments and months. */
export const variantStatsRoute = defineRoute({
  path: "/variant-stats",
  answer: variantStatsSchema,
  isShared: true,
  handle: ({ database: { sql } }: DatabaseContext) => readVariantStats(sql),
});
