import type { Clock } from "../../clock.ts";

/** A rate limit. */
export interface TokenBucket {
  /** Takes one token; false when there is none. */
  take(): boolean;
  /** Whole tokens left. */
  remaining(): number;
}

/** A bucket of `burst` tokens, full at first, that gains `ratePerSecond` tokens a second. */
export function createTokenBucket(
  options: { clock: Clock; ratePerSecond: number; burst: number },
): TokenBucket {
  const { clock, ratePerSecond, burst } = options;
  let tokens = burst;
  let filledAt = clock.monotonicMs();
  const refill = (): void => {
    const now = clock.monotonicMs();
    tokens = Math.min(burst, tokens + ((now - filledAt) / 1_000) * ratePerSecond);
    filledAt = now;
  };
  return {
    take() {
      refill();
      if (tokens < 1) return false;
      tokens -= 1;
      return true;
    },
    remaining() {
      refill();
      return Math.floor(tokens);
    },
  };
}
