import type { ErrorCode } from "../../errors.ts";

/** Obstacles that are no matter of the next minutes, which a refusal therefore names as what they are. */
const LONG_OBSTACLES = [
  "PROVIDER_KEY_REFUSED",
  "PROVIDER_OUT_OF_CREDIT",
  "PROVIDER_QUOTA_SPENT",
  "PROVIDER_REJECTED_REQUEST",
] as const satisfies readonly ErrorCode[];

/** Why a request may not leave now, and when it is worth coming back. */
export interface GateRefusal {
  readonly code: (typeof LONG_OBSTACLES)[number] | "PROVIDER_RATE_LIMITED";
  readonly message: string;
  readonly until: Date;
}

/** The code of a refusal for an obstacle that was found, by any process, with the error `found`. */
export function refusalCode(found: string): GateRefusal["code"] {
  return LONG_OBSTACLES.find((code) => code === found) ?? "PROVIDER_RATE_LIMITED";
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

/** What a provider itself says of its present day: calls granted, and how many are spent, by anybody. */
export interface DailyGrant {
  readonly granted: number;
  readonly spent: number;
}
