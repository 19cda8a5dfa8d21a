import type { Clock } from "../../src/clock.ts";

/** A clock that stands still but for its own sleeps, which end at once and are remembered. */
export interface ManualClock extends Clock {
  readonly slept: readonly number[];
  advance(ms: number): void;
}

export function manualClock(start = "2026-11-21T12:00:00Z"): ManualClock {
  const begun = Date.parse(start);
  const slept: number[] = [];
  let passedMs = 0;
  return {
    slept,
    advance(ms) {
      passedMs += ms;
    },
    now: () => new Date(begun + passedMs),
    sqlNow: () => new Date(begun + passedMs),
    monotonicMs: () => passedMs,
    sleep(ms, signal) {
      if (signal?.aborted) return Promise.reject(signal.reason);
      slept.push(ms);
      passedMs += ms;
      return Promise.resolve();
    },
  };
}
