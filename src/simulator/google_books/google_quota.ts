import type { Clock } from "../../clock.ts";
import { dayIn, PACIFIC } from "../books/calendar_day.ts";
import { createTokenBucket } from "../faults/token_bucket.ts";

/** A project's two allowances at Google: calls a day until midnight Pacific time, and calls a minute. */
export interface GoogleQuota {
  /** Counts a call, whatever becomes of it; says which allowance it went beyond. */
  spend(): "allowed" | "minute_spent" | "day_spent";
}

const SECONDS_A_MINUTE = 60;

/** A fresh quota, which refuses nothing unless it is enforced. */
export function createGoogleQuota(options: {
  clock: Clock;
  perDay: number;
  perMinute: number;
  enforceDay: boolean;
  enforceMinute: boolean;
}): GoogleQuota {
  const { clock, perDay, perMinute } = options;
  const bucket = createTokenBucket({
    clock,
    ratePerSecond: perMinute / SECONDS_A_MINUTE,
    burst: perMinute,
  });
  let day = "";
  let spent = 0;
  return {
    spend() {
      const today = dayIn(PACIFIC, clock.now());
      if (day !== today) spent = 0;
      day = today;
      spent++;
      if (options.enforceDay && spent > perDay) return "day_spent";
      return options.enforceMinute && !bucket.take() ? "minute_spent" : "allowed";
    },
  };
}
