import type { Clock } from "../clock.ts";
import type { Database, Transaction } from "../database/connection/connection.ts";
import {
  type RetryingDatabase,
  retryingDatabase,
} from "../database/connection/retrying_database.ts";
import {
  beginAttempt,
  findCompletion,
  findOutcome,
  saveCalls,
  sumCalls,
} from "../database/months/attempts.ts";
import { type ClaimedMonth, lockClaim, type MonthCounts } from "../database/months/months.ts";
import { type Outcome, recordOutcome } from "../database/months/record_outcome.ts";
import { ClaimLostError, toAppError } from "../errors.ts";
import type { Log } from "../log.ts";

/** How a run failed. */
type Failure = Exclude<Outcome, { kind: "completed" }>;

type StageMs = Readonly<Record<string, number>>;

/** A claim that was begun: whatever is written about its month goes through here. */
export interface HeldClaim {
  readonly month: ClaimedMonth;
  /** The database, asked for as long as the lease may last. */
  readonly database: RetryingDatabase;
  readonly log: Log;
  /** Aborted with the reason to stop. */
  readonly signal: AbortSignal;
  /** Counts one request that left for a provider; saved with every renewal and with the outcome. */
  countCall(provider: string): void;
  /**
   * Locks the month until the transaction ends, so that nobody takes the claim away.
   *
   * Throws `ClaimLostError` when somebody has.
   */
  lock(tx: Transaction): Promise<void>;
  /**
   * Writes that the month is completed: the last thing in the transaction that stores its books.
   *
   * Throws `ClaimLostError` when the claim no longer holds.
   */
  complete(
    tx: Transaction,
    completion: Omit<Extract<Outcome, { kind: "completed" }>, "kind"> & { stage_ms: StageMs },
  ): Promise<void>;
  /** Writes how the run failed; false when the claim no longer holds. */
  fail(
    failure: Failure,
    details: { readonly code: string; readonly message: string; readonly stage_ms: StageMs },
  ): Promise<boolean>;
  /**
   * What the month was completed with by this claim, just before it was stopped or by a commit whose
   * answer was lost; null when it was not. Then only its bill is written.
   */
  settleLost(): Promise<MonthCounts | null>;
}

/**
 * How long the database is waited for to take the outcome. It has been waited for before where it is to
 * blame, and what is not written the rescue makes up for.
 */
const OUTCOME_WAIT_MS = 5_000;

/** What holding a claim takes. */
export interface Holding {
  readonly database: Database;
  readonly clock: Clock;
  readonly log: Log;
  /** Names this process in attempts. */
  readonly worker: string;
  /** How long the database is waited for while it cannot work: what is left of a lease then. */
  readonly database_wait_ms: number;
}

/** A claim with what it has cost so far. */
export interface BilledClaim {
  readonly claim: HeldClaim;
  /** Saves the calls made so far, so that those of a killed process stay counted. */
  saveBill(): Promise<void>;
}

/**
 * Begins a claim. Null when it was begun before, has ended, or belongs to somebody else by now.
 *
 * Throws what the database throws.
 */
export async function beginClaim(
  holding: Holding,
  { jobId, signal }: { jobId: string; signal: AbortSignal },
): Promise<BilledClaim | null> {
  const { clock, worker, database_wait_ms } = holding;
  const { sql } = holding.database;
  const log = holding.log.with({ job_id: jobId });
  const database = retryingDatabase(holding.database, {
    clock,
    log,
    signal,
    limitMs: database_wait_ms,
  });
  let beginnings = 0;
  const month = await database.ask((sql) =>
    beginAttempt(sql, { jobId, worker, isRepeated: beginnings++ > 0, at: clock.sqlNow() })
  );
  if (month === null) return null;
  const calls: Record<string, number> = {};

  /** The database when the run is over; a service that shuts down does not wait for it. */
  function lastly(): RetryingDatabase {
    const isShutdown = signal.aborted && toAppError(signal.reason).code === "SHUTTING_DOWN";
    return retryingDatabase(holding.database, {
      clock,
      log,
      signal: isShutdown ? signal : new AbortController().signal,
      limitMs: OUTCOME_WAIT_MS,
    });
  }

  const claim: HeldClaim = {
    month,
    database,
    log,
    signal,
    countCall(provider): void {
      calls[provider] = (calls[provider] ?? 0) + 1;
    },
    async lock(tx): Promise<void> {
      await lockClaim(tx, jobId);
    },
    async complete(tx, { stage_ms: stageMs, ...completion }): Promise<void> {
      const outcome = { kind: "completed", ...completion } as const;
      await recordOutcome(tx, { jobId, outcome, calls, stageMs, at: clock.sqlNow() });
    },
    async fail(outcome, { stage_ms: stageMs, ...error }): Promise<boolean> {
      let tries = 0;
      try {
        await lastly().transact((tx) => {
          tries++;
          return recordOutcome(tx, { jobId, outcome, error, calls, stageMs, at: clock.sqlNow() });
        });
        return true;
      } catch (thrown) {
        if (!(thrown instanceof ClaimLostError)) throw thrown;
        if (tries === 1) return false;
        // It may have been written before, by a commit nobody heard of.
        return await lastly().ask((sql) => findOutcome(sql, jobId)) === outcome.kind;
      }
    },
    async settleLost(): Promise<MonthCounts | null> {
      const counts = await lastly().ask((sql) => findCompletion(sql, jobId));
      if (counts !== null) return counts;
      await lastly().ask((sql) => saveCalls(sql, { jobId, calls }));
      await lastly().ask((sql) => sumCalls(sql, jobId));
      return null;
    },
  };
  return { claim, saveBill: () => saveCalls(sql, { jobId, calls }) };
}
