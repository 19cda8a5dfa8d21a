/** Exponential backoff of month attempts: the first wait and the longest, in seconds. */
export interface BackoffPolicy {
  readonly base_seconds: number;
  readonly cap_seconds: number;
}

/**
 * Seconds to wait after the given failed attempt (1 = the first). Doubles from the base up to the
 * cap; half of it is fixed and half is spread at random, so that months that failed together do not
 * come back together, and none comes back at once.
 *
 * `random` is a number in [0, 1).
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const policy = { base_seconds: 60, cap_seconds: 3600 };
 * assertEquals(backoffSeconds(policy, { attempt: 1, random: 0 }), 30);
 * assertEquals(backoffSeconds(policy, { attempt: 1, random: 0.5 }), 45);
 * assertEquals(backoffSeconds(policy, { attempt: 3, random: 0 }), 120);
 * assertEquals(backoffSeconds(policy, { attempt: 12, random: 0 }), 1800);
 * ```
 */
export function backoffSeconds(
  policy: BackoffPolicy,
  { attempt, random }: { attempt: number; random: number },
): number {
  const full = Math.min(policy.base_seconds * 2 ** (attempt - 1), policy.cap_seconds);
  return full / 2 + (random * full) / 2;
}
