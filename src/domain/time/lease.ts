/** A worker learns of a claim that was taken from it when it renews: it must not pay on for long. */
const LONGEST_UNAWARE_MS = 10_000;

/** How long a claim lasts when no setting says otherwise. */
export const DEFAULT_LEASE_MS = 120_000;

/** How often a lease of `leaseMs` is renewed: often enough to fail twice before it lapses. */
export function renewalIntervalMs(leaseMs: number): number {
  return Math.min(leaseMs / 3, LONGEST_UNAWARE_MS);
}

/** What is left of a lease at least when its renewals begin to fail, in ms. */
export function leaseLeftMs(leaseMs: number): number {
  return leaseMs - renewalIntervalMs(leaseMs);
}
