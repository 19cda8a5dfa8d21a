import { z } from "zod";
import type { Queryable } from "../database/connection/connection.ts";
import {
  listModelCosts,
  type ModelCosts,
  modelCostsSchema,
  sumExperimentCosts,
} from "../database/stats/model_costs.ts";
import { roundUsd } from "../domain/money/round_usd.ts";

/** What the models have taken so far, in tokens and US dollars. */
export const costSummarySchema = z.object({
  /** With what is reserved for calls whose bill is not known. */
  total_usd: z.number(),
  reserved_usd: z.number(),
  /** The part of the total that experiments took: no month was made with it. */
  experiments_usd: z.number(),
  /** Answers that were paid for at a price nobody has told: the total is without them. */
  unpriced_answers: z.number(),
  tokens: z.object({ input: z.number(), output: z.number(), thinking: z.number() }),
  /** Null before the first one. */
  usd_per_completed_month: z.number().nullable(),
  usd_per_confirmed_book: z.number().nullable(),
  /** The dearest first. */
  by_model: z.array(modelCostsSchema).readonly(),
});

type CostSummary = Readonly<z.infer<typeof costSummarySchema>>;

/**
 * Sums what was spent, and divides what is not of experiments among `months` completed months and
 * `books` confirmed books.
 */
export async function readCosts(
  sql: Queryable,
  { months, books }: { months: number; books: number },
): Promise<CostSummary> {
  const models = await listModelCosts(sql);
  const sum = (field: keyof Omit<ModelCosts, "generator" | "model">): number =>
    models.reduce((total, model) => total + model[field], 0);
  const total = sum("cost_usd");
  const experiments = await sumExperimentCosts(sql);
  const ofMonths = total - experiments;
  return {
    total_usd: roundUsd(total),
    reserved_usd: roundUsd(sum("reserved_usd")),
    experiments_usd: roundUsd(experiments),
    unpriced_answers: sum("unpriced_answers"),
    tokens: {
      input: sum("tokens_input"),
      output: sum("tokens_output"),
      thinking: sum("tokens_thinking"),
    },
    usd_per_completed_month: months === 0 ? null : roundUsd(ofMonths / months),
    usd_per_confirmed_book: books === 0 ? null : roundUsd(ofMonths / books),
    by_model: models,
  };
}
