import type { Clock } from "../../src/clock.ts";

/** A clock that stands still until it is moved; sleepers wake when their time has come. */
export interface ManualClock extends Clock {
  advance(ms: number): void;
  readonly sleepers: number;
}

/** A manual clock that shows `start` (ISO 8601). */
export function createManualClock(start = "2026-06-15T12:00:00Z"): ManualClock {
  const startMs = new Date(start).getTime();
  let elapsedMs = 0;
  const waiting = new Set<{ dueMs: number; wake: () => void }>();
  return {
    now: () => new Date(startMs + elapsedMs),
    sqlNow: () => new Date(startMs + elapsedMs),
    monotonicMs: () => elapsedMs,
    sleep(ms, signal) {
      return new Promise((resolve, reject) => {
        if (signal?.aborted) return reject(signal.reason);
        const sleeper = { dueMs: elapsedMs + ms, wake: resolve };
        waiting.add(sleeper);
        signal?.addEventListener("abort", () => {
          waiting.delete(sleeper);
          reject(signal.reason);
        }, { once: true });
      });
    },
    advance(ms) {
      elapsedMs += ms;
      for (const sleeper of [...waiting]) {
        if (sleeper.dueMs > elapsedMs) continue;
        waiting.delete(sleeper);
        sleeper.wake();
      }
    },
    get sleepers() {
      return waiting.size;
    },
  };
}
