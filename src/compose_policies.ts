import type { Config } from "./config.ts";
import type { MonthJobContext } from "./month_job/month_job_context.ts";

/** How months wait and what models may cost, as the settings say. */
export function composePolicies(
  config: Config,
): Pick<MonthJobContext, "outcome_policy" | "cost_caps" | "model_prices"> {
  return {
    outcome_policy: {
      backoff: { base_seconds: config.RETRY_BASE_SECONDS, cap_seconds: config.RETRY_CAP_SECONDS },
      snooze_seconds: config.SNOOZE_SECONDS,
    },
    cost_caps: {
      max_cost_per_day_usd: config.MAX_COST_PER_DAY ?? null,
      max_cost_per_run_usd: config.MAX_COST_PER_RUN ?? null,
    },
    model_prices: config.MODEL_PRICES,
  };
}
