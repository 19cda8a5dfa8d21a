import type { Clock } from "../../clock.ts";
import { createTokenBucket } from "../faults/token_bucket.ts";

/** Size of the allowances and whether they are more than counted. */
export interface AllowanceOptions {
  readonly clock: Clock;
  readonly ratePerSecond: number;
  readonly dailyQuota: number;
  /** Whether calls beyond the allowances are refused. */
  readonly enforceRates: boolean;
  readonly enforceQuota: boolean;
}

/** ISBNdb's two allowances: calls a second, and calls a day until 00:00 UTC. */
export interface Allowance {
  /** Counts a call that costs `cost` of the day, whatever becomes of it; says why it is refused. */
  spend(cost: number): "allowed" | "second_spent" | "day_spent";
  usage(): { total: number; spent: number; left: number };
  secondsToReset(): number;
}

const DAY_SECONDS = 86_400;

/** A fresh allowance. */
export function createAllowance(options: AllowanceOptions): Allowance {
  const { clock, ratePerSecond, dailyQuota } = options;
  const bucket = createTokenBucket({ clock, ratePerSecond, burst: ratePerSecond });
  const today = (): string => clock.now().toISOString().slice(0, 10);
  let day = today();
  let spent = 0;
  const turnDay = (): void => {
    if (day === today()) return;
    day = today();
    spent = 0;
  };
  return {
    spend(cost) {
      turnDay();
      const isSpent = spent + cost > dailyQuota;
      spent += cost;
      if (options.enforceRates && !bucket.take()) return "second_spent";
      return options.enforceQuota && isSpent ? "day_spent" : "allowed";
    },
    usage() {
      turnDay();
      return { total: dailyQuota, spent, left: Math.max(0, dailyQuota - spent) };
    },
    secondsToReset() {
      const secondsToday = Math.floor(clock.now().getTime() / 1_000) % DAY_SECONDS;
      return DAY_SECONDS - secondsToday;
    },
  };
}
