import type { ErrorClass } from "../../errors.ts";
import { type BackoffPolicy, backoffSeconds } from "./attempt_backoff.ts";
import { MAX_ATTEMPTS, MAX_LOSSES_IN_ROW } from "./month_state.ts";

/** The decided end of a run that did not complete its month. */
export type FailureOutcome =
  | { readonly kind: "retry"; readonly delay_seconds: number }
  | { readonly kind: "failed"; readonly is_final: boolean }
  | { readonly kind: "snoozed"; readonly delay_seconds: number }
  | { readonly kind: "released" }
  /** The claim is somebody else's now: write nothing. */
  | { readonly kind: "stop" };

export interface OutcomePolicy {
  readonly backoff: BackoffPolicy;
  /** How long to wait for an obstacle that did not say when it ends, in seconds. */
  readonly snooze_seconds: number;
}

/** Daily quotas are the longest obstacles there are; what claims to last longer is looked at again. */
const LONGEST_SNOOZE_MS = 25 * 3_600_000;

/**
 * What an error means for the month: the one place that decides between trying again, giving up and
 * waiting for an obstacle that is not the month's fault.
 *
 * `attemptsSpent` are those before this one; `random` is a number in [0, 1). `now` is by the clock that
 * `retry_at` is by; what comes out is how long to wait, because the database has a clock of its own.
 */
export function decideOutcome(
  error: {
    readonly class: ErrorClass;
    readonly retry_at: Date | null;
    readonly is_shutdown: boolean;
  },
  { attemptsSpent, policy, now, random }: {
    attemptsSpent: number;
    policy: OutcomePolicy;
    now: Date;
    random: number;
  },
): FailureOutcome {
  if (error.is_shutdown) return { kind: "released" };
  switch (error.class) {
    case "claim_lost":
      return { kind: "stop" };
    case "fatal":
      return { kind: "failed", is_final: true };
    case "quota": {
      // The spread keeps months that hit the same obstacle from coming back in the same second.
      const spreadMs = random * policy.snooze_seconds * 100;
      const askedMs = error.retry_at !== null && error.retry_at > now
        ? error.retry_at.getTime() - now.getTime()
        : policy.snooze_seconds * 1000;
      const waitMs = Math.min(askedMs, LONGEST_SNOOZE_MS) + spreadMs;
      return { kind: "snoozed", delay_seconds: waitMs / 1000 };
    }
    case "transient":
    case "bad_answer":
      return retryOrFail({ attemptsSpent, policy, random });
  }
}

/**
 * What becomes of a month whose worker disappeared. No attempt is spent: the budget is for errors of
 * the month, and a worker mostly dies of something else. A month that never began, or whose run left
 * an answer behind that the next one can use, goes on at once; it got further, so it cannot go round
 * for ever. One that left nothing waits, longer each time, and is failed when it has been lost so
 * often in a row that it is the likely cause.
 */
export function decideRescue(
  claim: {
    readonly has_begun: boolean;
    readonly has_progress: boolean;
    /** Earlier losses in a row that left nothing behind. */
    readonly losses_in_row: number;
  },
  { policy, random }: { policy: OutcomePolicy; random: number },
): Exclude<FailureOutcome, { kind: "stop" | "retry" }> {
  if (!claim.has_begun || claim.has_progress) return { kind: "released" };
  const attempt = claim.losses_in_row + 1;
  if (attempt >= MAX_LOSSES_IN_ROW) return { kind: "failed", is_final: true };
  return { kind: "snoozed", delay_seconds: backoffSeconds(policy.backoff, { attempt, random }) };
}

function retryOrFail(
  { attemptsSpent, policy, random }: {
    attemptsSpent: number;
    policy: OutcomePolicy;
    random: number;
  },
): FailureOutcome {
  const attempt = attemptsSpent + 1;
  if (attempt >= MAX_ATTEMPTS) return { kind: "failed", is_final: false };
  return { kind: "retry", delay_seconds: backoffSeconds(policy.backoff, { attempt, random }) };
}
