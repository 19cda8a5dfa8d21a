import type { Queryable } from "../database/connection.ts";
import { listLatestResults } from "../database/experiments.ts";
import {
  listMadeWithVariants,
  listNotFoundDecisions,
  type MadeWithVariant,
} from "../database/variant_figures.ts";
import { type BookTally, isProbablyInvented } from "../domain/book_tally.ts";
import { compareResults, type ContenderFigures, share } from "../domain/compare_results.ts";

/** The figures of the months a wording has made, whichever models it was put to. */
export interface VariantFigures extends MadeWithVariant, BookTally {
  readonly usd_per_resolved: number | null;
  readonly usd_per_in_month: number | null;
}

export interface VariantStats {
  /** Each wording and model in all experiments, by the most recent result of every question. */
  readonly experiments: readonly ContenderFigures[];
  /** The completed months themselves. */
  readonly months: readonly VariantFigures[];
}

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
