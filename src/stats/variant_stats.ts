import { z } from "zod";
import type { Queryable } from "../database/connection/connection.ts";
import { listLatestResults } from "../database/experiments/experiments.ts";
import {
  listMadeWithVariants,
  listNotFoundDecisions,
  madeWithVariantSchema,
} from "../database/stats/variant_figures.ts";
import { bookTallySchema, isProbablyInvented } from "../domain/generation/book_tally.ts";
import {
  compareResults,
  contenderFiguresSchema,
  share,
} from "../domain/experiments/compare_results.ts";

/** The figures of the months a wording has made, whichever models it was put to. */
const variantFiguresSchema = madeWithVariantSchema.extend({
  invented: bookTallySchema.shape.invented,
  usd_per_resolved: z.number().nullable(),
  usd_per_in_month: z.number().nullable(),
});

/** The answer of `GET /api/internal/variant-stats`. */
export const variantStatsSchema = z.object({
  /** Each wording and model in all experiments, by the most recent result of every question. */
  experiments: z.array(contenderFiguresSchema).readonly(),
  /** The completed months themselves. */
  months: z.array(variantFiguresSchema).readonly(),
});

export type VariantStats = Readonly<z.infer<typeof variantStatsSchema>>;

/** How wordings and models did, in experiments and in the months made with them. */
export async function readVariantStats(sql: Queryable): Promise<VariantStats> {
  const notFound = await listNotFoundDecisions(sql);
  const invented = notFound.filter(({ decision }) => isProbablyInvented(decision));
  const made = await listMadeWithVariants(sql);
  return {
    experiments: compareResults(await listLatestResults(sql)),
    months: made.map((figures) => ({
      ...figures,
      invented: invented.filter((one) => one.prompt_variant === figures.prompt_variant).length,
      usd_per_resolved: share(figures.cost_usd, figures.resolved),
      usd_per_in_month: share(figures.cost_usd, figures.in_month),
    })),
  };
}
