import { z } from "zod";
import { readRunCost, setRunCap } from "../database/scheduling/runs.ts";
import { AppError } from "../errors.ts";
import { demandPrices } from "../spending/demand_prices.ts";
import { liftCostPause, type Lifting } from "../spending/lift_cost_pause.ts";

/** What a run may cost and has cost in US dollars, reservations included. */
export const raisedRunSchema = z.object({
  run_id: z.number(),
  max_cost_usd: z.number(),
  spent_usd: z.number(),
  /** The backfill was paused by a cap, and goes on. */
  is_resumed: z.boolean(),
});

export type RaisedRun = Readonly<z.infer<typeof raisedRunSchema>>;

/**
 * Sets what a run may cost, in US dollars. A pause its old cap made is lifted when the new one is
 * higher; its months go on with the next rescue.
 *
 * Throws `AppError` NOT_FOUND when there is no such run, BAD_REQUEST when a model has no price.
 */
export async function raiseRunCap(
  context: Lifting,
  { runId, maxCostUsd }: { runId: number; maxCostUsd: number },
): Promise<RaisedRun> {
  const { database: { sql }, log } = context;
  demandPrices(context, maxCostUsd);
  if (!await setRunCap(sql, { runId, maxCostUsd })) {
    throw new AppError("NOT_FOUND", `No run ${runId}: the answer to a scheduling names its run_id`);
  }
  const run = {
    run_id: runId,
    max_cost_usd: maxCostUsd,
    spent_usd: await readRunCost(sql, runId),
  };
  log.info("run_cap_set", run);
  return { ...run, is_resumed: await liftCostPause(context) };
}
