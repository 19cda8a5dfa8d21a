import type { Clock } from "../clock.ts";
import type { Database } from "../database/connection/connection.ts";
import type { CostCaps } from "../domain/money/cost_cap.ts";
import type { ModelPrice } from "../domain/money/model_prices.ts";
import type { OutcomePolicy } from "../domain/months/decide_outcome.ts";
import type { ProviderLineup } from "../domain/providers/provider_lineup.ts";
import type { Log } from "../log.ts";
import type { JobQueue } from "../queue/job_queue.ts";
import type { JobStatusStore } from "../job_status/job_status.ts";

/** What every scheduler function needs. */
export interface SchedulerContext {
  readonly database: Database;
  readonly queue: JobQueue;
  readonly statuses: JobStatusStore;
  readonly clock: Clock;
  readonly log: Log;
  /** Names this process in claims; stays the same when it restarts on the same data directory. */
  readonly instance: string;
  readonly lease_seconds: number;
  /** Months younger than this many months are left out unless asked for. */
  readonly recent_months: number;
  /** How long a completed month first waits before a silent provider is asked again about its books. */
  readonly ask_again_seconds: number;
  readonly outcome_policy: OutcomePolicy;
  /** Who months are worked on with: tells what is stale and what a run will take. */
  readonly lineup: ProviderLineup;
  readonly cost_caps: CostCaps;
  /** Prices the operator gave, by model. */
  readonly model_prices: Readonly<Record<string, ModelPrice>>;
  /** A number in [0, 1). */
  readonly random: () => number;
}

/** What choosing months takes; nothing to claim or announce them with. */
export type Selecting = Pick<
  SchedulerContext,
  "database" | "clock" | "recent_months" | "lineup" | "model_prices" | "cost_caps"
>;
