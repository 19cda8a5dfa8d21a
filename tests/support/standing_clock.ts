import type { Clock } from "../../src/clock.ts";

/** A clock that stands where it is put, also for SQL, and does not really sleep. */
export function standingClock(
  start: string,
): Clock & { put(moment: string): void; slept: number[] } {
  let now = new Date(start);
  const slept: number[] = [];
  return {
    slept,
    put: (moment) => void (now = new Date(moment)),
    now: () => now,
    sqlNow: () => now,
    monotonicMs: () => now.getTime(),
    sleep(ms) {
      slept.push(Math.round(ms));
      return Promise.resolve();
    },
  };
}
