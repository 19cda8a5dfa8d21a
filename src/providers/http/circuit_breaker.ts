import type { ErrorCode } from "../../errors.ts";

/** Why nothing is sent at present, and until when. */
export interface Obstacle {
  readonly code: ErrorCode;
  readonly message: string;
  readonly until: Date;
}

export interface CircuitBreakerOptions {
  /** Failures in a row that open the circuit. */
  readonly failureThreshold: number;
  /** How long it stays open the first time; doubled each time the trial request fails. */
  readonly openMs: number;
  readonly maxOpenMs: number;
}

/**
 * Keeps requests from leaving while a provider is known not to answer. Closed: everything passes.
 * Open: nothing passes until a known moment. Half open: one trial request passes, and its outcome
 * closes the circuit or opens it for longer. Pure but for its own state; the moment is an argument.
 */
export interface CircuitBreaker {
  /**
   * Null when the request may leave, and then it must end in one of the outcomes below; the obstacle
   * when it may not; while a trial is under way, what resolves as soon as asking again is worthwhile.
   */
  admit(now: Date): Obstacle | Promise<void> | null;
  /** The obstacle that came up after the request was admitted, while it waited for its turn; or null. */
  heldSince(now: Date): Obstacle | null;
  /** The provider answered. True when this closed an open circuit. */
  succeed(): boolean;
  /** The provider failed. The obstacle when this opened the circuit. */
  fail(now: Date, failure: Omit<Obstacle, "until">): Obstacle | null;
  /** Opens at once, whatever the count: the provider said that nothing will work until `until`. */
  hold(obstacle: Obstacle): void;
  /** The request ended without saying anything about the provider, for example by being aborted. */
  abandon(): void;
}

/** Begins closed. */
export function createCircuitBreaker(options: CircuitBreakerOptions): CircuitBreaker {
  let failuresInRow = 0;
  let openings = 0;
  let obstacle: Obstacle | null = null;
  let trial: PromiseWithResolvers<void> | null = null;

  function endTrial(): void {
    trial?.resolve();
    trial = null;
  }

  return {
    admit(now) {
      if (obstacle === null) return null;
      if (now < obstacle.until) return obstacle;
      if (trial !== null) return trial.promise;
      trial = Promise.withResolvers();
      return null;
    },
    heldSince: (now) => obstacle !== null && now < obstacle.until ? obstacle : null,
    succeed() {
      const wasOpen = obstacle !== null;
      failuresInRow = 0;
      openings = 0;
      obstacle = null;
      endTrial();
      return wasOpen;
    },
    fail(now, failure) {
      failuresInRow++;
      const isReopening = trial !== null;
      endTrial();
      if (!isReopening && (obstacle !== null || failuresInRow < options.failureThreshold)) {
        return null;
      }
      const openMs = Math.min(options.maxOpenMs, options.openMs * 2 ** openings);
      openings++;
      obstacle = { ...failure, until: new Date(now.getTime() + openMs) };
      return obstacle;
    },
    hold(known) {
      endTrial();
      if (obstacle === null || known.until > obstacle.until) obstacle = known;
    },
    abandon: endTrial,
  };
}
