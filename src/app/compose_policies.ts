import type { Config } from "../config.ts";
import { leaseLeftMs } from "../domain/time/lease.ts";
import type { CostCaps } from "../domain/money/cost_cap.ts";
import type { ModelPrice } from "../domain/money/model_prices.ts";
import type { OutcomePolicy } from "../domain/months/decide_outcome.ts";

export interface Policies {
  readonly outcome_policy: OutcomePolicy;
  /** How long the database is waited for while it cannot work: what is left of a lease then. */
  readonly database_wait_ms: number;
  readonly cost_caps: CostCaps;
  /** Prices the operator gave, by model. */
  readonly model_prices: Readonly<Record<string, ModelPrice>>;
}

/** How months wait and what models may cost, as the settings say. */
export function composePolicies(config: Config): Policies {
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
