import type { Config } from "../config.ts";
import { leaseLeftMs } from "../domain/time/lease.ts";
import type { MonthJobContext } from "../month_job/month_job_context.ts";

/** How months wait and what models may cost, as the settings say. */
export function composePolicies(
  config: Config,
): Pick<MonthJobContext, "outcome_policy" | "database_wait_ms" | "cost_caps" | "model_prices"> {
  return {
    outcome_policy: {
      backoff: { base_seconds: config.RETRY_BASE_SECONDS, cap_seconds: config.RETRY_CAP_SECONDS },
      snooze_seconds: config.SNOOZE_SECONDS,
    },
    database_wait_ms: leaseLeftMs(config.LEASE_SECONDS * 1000),
    cost_caps: {
      max_cost_per_day_usd: config.MAX_COST_PER_DAY ?? null,
      max_cost_per_run_usd: config.MAX_COST_PER_RUN ?? null,
    },
    model_prices: config.MODEL_PRICES,
  };
}
