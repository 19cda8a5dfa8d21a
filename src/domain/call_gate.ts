import type { ErrorCode } from "../errors.ts";

/** Why a request may not leave now, and when it is worth coming back. */
export interface GateRefusal {
  readonly code: Extract<ErrorCode, "PROVIDER_QUOTA_SPENT" | "PROVIDER_RATE_LIMITED">;
  readonly message: string;
  readonly until: Date;
}

/**
 * What all processes that share a database agree on before a request leaves: its turn, so that
 * together they keep to the provider's rate, and its part of the day's quota.
 */
export interface CallGate {
  /**
   * Waits for the request's turn and takes `cost` units of the quota; null when it may leave. Refuses
   * without waiting when the turn is further away than `maxWaitMs`. Rejects when aborted.
   */
  enter(
    request: { readonly cost: number; readonly maxWaitMs: number; readonly signal: AbortSignal },
  ): Promise<GateRefusal | null>;
}
