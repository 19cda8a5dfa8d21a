import { type Clock, systemClock } from "../../src/clock.ts";

/** The system's clock, ahead of itself; SQL is told its time as well. */
export interface ShiftedClock extends Clock {
  /** By how much it is ahead, in ms. */
  shiftMs(): number;
  /** Puts it to another moment (ISO 8601), from which it goes on; forward counts as time passed. */
  put(moment: string): void;
}

/** A clock that is ahead by `shiftMs`, negative for one that is behind. */
export function shiftedClock(shiftMs = 0): ShiftedClock {
  let ahead = shiftMs;
  let skippedMs = 0;
  const now = (): Date => new Date(systemClock.now().getTime() + ahead);
  return {
    now,
    sqlNow: now,
    monotonicMs: () => systemClock.monotonicMs() + skippedMs,
    sleep: systemClock.sleep,
    shiftMs: () => ahead,
    put(moment) {
      const before = ahead;
      ahead = Date.parse(moment) - systemClock.now().getTime();
      skippedMs += Math.max(0, ahead - before);
    },
  };
}
