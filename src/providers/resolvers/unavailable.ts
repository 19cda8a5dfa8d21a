import { type ErrorCode, isProviderError } from "../../errors.ts";
import type { ResolverAnswer, UnavailableReason } from "../../domain/matching/resolver.ts";

const REASONS: Partial<Record<ErrorCode, UnavailableReason>> = {
  PROVIDER_UNAVAILABLE: "down",
  PROVIDER_TIMEOUT: "timeout",
  PROVIDER_RATE_LIMITED: "rate_limited",
  PROVIDER_QUOTA_SPENT: "quota_spent",
  PROVIDER_KEY_REFUSED: "key_refused",
  PROVIDER_BAD_ANSWER: "bad_answer",
  PROVIDER_REJECTED_REQUEST: "rejected_request",
};

/**
 * A provider's fault as an answer, so that "could not say" is never taken for "not found". Throws what is
 * none of its faults: what our database refuses before a request leaves, or a mistake of this program.
 */
export function unavailable(error: unknown): ResolverAnswer {
  if (!isProviderError(error)) throw error;
  return {
    kind: "unavailable",
    reason: REASONS[error.code] ?? "down",
    until: error.retryAt ?? null,
    message: error.message,
  };
}
