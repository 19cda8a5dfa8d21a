import type { Clock } from "../clock.ts";
import type { RetryingDatabase } from "../database/connection/retrying_database.ts";
import type { UnavailableResolver } from "../domain/matching/candidate.ts";
import type { MatchDecision } from "../domain/matching/decide_match.ts";
import type { BatchChecker } from "../domain/matching/resolver.ts";
import type { Log } from "../log.ts";
import type { ResolverTiers } from "./cascade.ts";
import type { FindingStore } from "./finding_store.ts";
import type { SharedLookups } from "./shared_lookups.ts";

/** What looking a book up came to; no decision when somebody unavailable could still change it. */
export interface Lookup {
  readonly decision: MatchDecision | null;
  readonly unavailable: readonly UnavailableResolver[];
}

/** Who is asked about books, and what is shared by all months of this process. */
export interface BookSources {
  readonly resolvers: ResolverTiers;
  /** Gives a second opinion on all ISBNs of a month at once; null when there is none. */
  readonly checker: BatchChecker | null;
  readonly findings: FindingStore;
  /** Books being looked up by any month. */
  readonly lookups: SharedLookups<Lookup>;
  /** Books of one month looked up at once. */
  readonly book_concurrency: number;
}

/** What resolving books takes. */
export interface Resolving extends BookSources {
  /** The claim, or the experiment, they are resolved for. */
  readonly job_id: string;
  readonly database: RetryingDatabase;
  readonly clock: Clock;
  readonly log: Log;
  readonly signal: AbortSignal;
  /** Told of every request that leaves for a provider. */
  readonly onCall: (provider: string) => void;
}
