export interface BackoffOptions {
  /** Upper bound of the first wait. */
  readonly baseMs: number;
  /** Upper bound of every wait. */
  readonly capMs: number;
  /** A number in [0, 1). */
  readonly random: () => number;
}

/**
 * Milliseconds to wait before the attempt after `attempt` (counted from 1): exponential with full
 * jitter, a uniform draw from [0, min(cap, base · 2^(attempt−1))], so that many workers that failed
 * together don't come back together.
 * Source: M. Brooker, "Exponential Backoff And Jitter", AWS Architecture Blog, 2015.
 */
export function fullJitterMs(attempt: number, options: BackoffOptions): number {
  const ceiling = Math.min(options.capMs, options.baseMs * 2 ** (attempt - 1));
  return Math.floor(options.random() * ceiling);
}
