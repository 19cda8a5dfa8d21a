import type { ErrorClass } from "../errors.ts";
import { type BackoffPolicy, backoffSeconds } from "./backoff.ts";
import { MAX_ATTEMPTS } from "./month_state.ts";

/** The decided end of a run that did not complete its month. */
export type FailureOutcome =
  | { readonly kind: "retry"; readonly delay_seconds: number }
  | { readonly kind: "failed"; readonly is_final: boolean }
  | { readonly kind: "snoozed"; readonly until: Date }
  | { readonly kind: "released" }
  /** The claim is somebody else's now: write nothing. */
  | { readonly kind: "stop" };

export interface OutcomePolicy {
  readonly backoff: BackoffPolicy;
  /** How long to wait for an obstacle that did not say when it ends, in seconds. */
  readonly snooze_seconds: number;
}

/**
 * What an error means for the month: the one place that decides between trying again, giving up and
 * waiting for an obstacle that is not the month's fault.
 *
 * `attemptsSpent` are those before this one; `random` is a number in [0, 1).
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
      const until = error.retry_at !== null && error.retry_at > now
        ? error.retry_at
        : new Date(now.getTime() + policy.snooze_seconds * 1000);
      return { kind: "snoozed", until: new Date(until.getTime() + spreadMs) };
    }
    case "transient":
    case "bad_answer":
      return retryOrFail({ attemptsSpent, policy, random });
  }
}

/**
 * What becomes of a month whose worker disappeared. The attempt is given back when it never began,
 * and when it left an answer behind that the next one can use: it got further, so it cannot go round
 * for ever. Only a loss without any progress is the month's to pay for.
 */
export function decideRescue(
  claim: {
    readonly has_begun: boolean;
    readonly has_progress: boolean;
    readonly retry_count: number;
  },
  { policy, random }: { policy: OutcomePolicy; random: number },
): FailureOutcome {
  if (!claim.has_begun || claim.has_progress) return { kind: "released" };
  return retryOrFail({ attemptsSpent: claim.retry_count, policy, random });
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
