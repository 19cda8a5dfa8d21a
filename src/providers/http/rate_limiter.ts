import type { Clock } from "../../clock.ts";

/** Spaces the requests of one provider in this process. */
export interface RateLimiter {
  /** Takes the next free place and resolves when its moment has come; rejects when aborted. */
  take(signal: AbortSignal): Promise<void>;
  /** Lets nothing start for `ms` milliseconds: the provider asked everybody here to wait. */
  pause(ms: number): void;
  /** Milliseconds until a pause asked for by the provider is over; 0 without one. */
  pausedMs(): number;
}

/**
 * A strict sliding window: in any window of one second at most `ratePerSecond` requests start; below
 * one per second the window is stretched instead (0.5 is one request in any two seconds).
 * `Infinity` means no limit.
 */
export function createRateLimiter(ratePerSecond: number, clock: Clock): RateLimiter {
  const places = Number.isFinite(ratePerSecond) ? Math.max(1, Math.floor(ratePerSecond)) : 0;
  const windowMs = places === 0 ? 0 : (places * 1000) / ratePerSecond;
  const starts: number[] = [];
  let notBefore = 0;

  function reserve(now: number): number {
    let start = Math.max(now, notBefore);
    if (places > 0) {
      const oldest = starts.length < places ? undefined : starts.shift();
      if (oldest !== undefined) start = Math.max(start, oldest + windowMs);
      starts.push(start);
    }
    return start - now;
  }

  return {
    async take(signal) {
      signal.throwIfAborted();
      const waitMs = reserve(clock.monotonicMs());
      if (waitMs > 0) await clock.sleep(waitMs, signal);
    },
    pause(ms) {
      notBefore = Math.max(notBefore, clock.monotonicMs() + ms);
    },
    pausedMs() {
      return Math.max(0, notBefore - clock.monotonicMs());
    },
  };
}
