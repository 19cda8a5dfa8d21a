import type { Clock } from "../clock.ts";
import type { Database } from "../database/connection/connection.ts";
import type { ClaimedMonth } from "../database/months/months.ts";
import type { CostCaps } from "../domain/money/cost_cap.ts";
import type { Generator } from "../domain/generation/generator.ts";
import type { ModelPrice } from "../domain/money/model_prices.ts";
import type { OutcomePolicy } from "../domain/months/outcome.ts";
import type { BatchChecker } from "../domain/matching/resolver.ts";
import type { Log } from "../log.ts";
import type { ResolverTiers } from "../resolution/cascade.ts";
import type { FindingStore } from "../resolution/finding_store.ts";
import type { Lookup } from "../resolution/resolve_candidates.ts";
import type { SharedLookups } from "../resolution/shared_lookups.ts";

/** What the month job needs; the same for all months. */
export interface MonthJobContext {
  readonly database: Database;
  readonly generators: readonly Generator[];
  readonly resolvers: ResolverTiers;
  /** Gives a second opinion on all ISBNs of a month at once; null when there is none. */
  readonly checker: BatchChecker | null;
  readonly findings: FindingStore;
  /** Books being looked up by any month of this process. */
  readonly lookups: SharedLookups<Lookup>;
  readonly clock: Clock;
  readonly log: Log;
  /** Names this process in attempts. */
  readonly worker: string;
  /** Books of one month looked up at once. */
  readonly book_concurrency: number;
  readonly outcome_policy: OutcomePolicy;
  /** How long the database is waited for while it cannot work: what is left of a lease then. */
  readonly database_wait_ms: number;
  readonly cost_caps: CostCaps;
  /** Prices the operator gave, which count before the list's, by model. */
  readonly model_prices: Readonly<Record<string, ModelPrice>>;
  /** A number in [0, 1). */
  readonly random: () => number;
  /** Told what is going on, for people who watch; must not throw. */
  readonly onProgress: (jobId: string, progress: MonthProgress) => void;
}

export interface MonthProgress {
  readonly status: "processing" | "enriching" | "complete" | "failed";
  /** A sentence. */
  readonly progress: string;
  readonly stats?: Readonly<Record<string, number | null>>;
  readonly error?: string;
}

/** What one run of one month carries from stage to stage. */
export interface MonthRun extends ClaimedMonth {
  readonly signal: AbortSignal;
  readonly log: Log;
  /** Requests sent to each provider so far. */
  readonly calls: Record<string, number>;
}
