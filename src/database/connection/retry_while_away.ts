import type { Clock } from "../../clock.ts";
import { type ErrorCode, toAppError } from "../../errors.ts";
import type { Log } from "../../log.ts";

/** What is known of how long the database may be waited for. */
export interface DatabaseRetry {
  readonly clock: Clock;
  readonly log: Log;
  /** Ends the waiting: the database is asked a last time. */
  readonly signal: AbortSignal;
  /** From the beginning of what is asked; milliseconds. */
  readonly limitMs: number;
}

/** Two transactions in each other's way are out of it in no time; an outage is no place to hurry. */
const FIRST_WAIT_MS = 50;
const LONGEST_WAIT_MS = 5_000;

const TROUBLES: readonly ErrorCode[] = [
  "DATABASE_UNREACHABLE",
  "DATABASE_REFUSED",
  "DATABASE_FULL",
  "DATABASE_READ_ONLY",
];

/** Whether it is the state of the database, or of the way to it, that the error tells of. */
export function isDatabaseTrouble(error: unknown): boolean {
  return TROUBLES.includes(toAppError(error).code);
}

/**
 * Asks the database, and again, less and less often, while it is the database that cannot work. `ask`
 * must be safe to run again when an earlier run took effect and only its answer was lost: a statement
 * that may be repeated, or a transaction without other effects that finds what it has left behind.
 *
 * Throws what `ask` throws: at once when it is no trouble of the database, else when the time is up.
 */
export async function retryWhileAway<T>(
  ask: () => Promise<T>,
  { clock, log, signal, limitMs }: DatabaseRetry,
): Promise<T> {
  const startMs = clock.monotonicMs();
  for (let attempt = 1;; attempt++) {
    try {
      return await ask();
    } catch (error) {
      const longestMs = Math.min(FIRST_WAIT_MS * 2 ** (attempt - 1), LONGEST_WAIT_MS);
      // Spread, so that those who got in each other's way do not meet again.
      const waitMs = (0.5 + Math.random() / 2) * longestMs;
      const isLate = clock.monotonicMs() + waitMs - startMs > limitMs;
      if (signal.aborted || isLate || !isDatabaseTrouble(error)) throw error;
      // Once is nothing; who looks wants to know what is waited for, not how often.
      if (attempt === 2) log.warn("database_waited_for", { error });
      await clock.sleep(waitMs, signal).catch(() => {}); // aborted, and so the last time
    }
  }
}
