import type { Clock } from "../clock.ts";
import { AppError } from "../errors.ts";
import type { CircuitBreaker, Obstacle } from "./circuit_breaker.ts";
import type { HttpEvent } from "./http_event.ts";
import {
  exchange,
  type ExchangeOptions,
  type HttpReply,
  type HttpRequest,
} from "./http_exchange.ts";
import type { HttpFailure, JudgeReply } from "./http_failure.ts";
import type { RateLimiter } from "./rate_limiter.ts";

/** What one attempt needs of the policy. */
export interface AttemptPolicy {
  readonly provider: string;
  readonly baseUrl: string;
  readonly judge: JudgeReply;
  readonly clock: Clock;
  readonly exchange: ExchangeOptions;
  readonly limiter: RateLimiter;
  readonly breaker: CircuitBreaker;
  readonly emit: (event: HttpEvent) => void;
}

export interface Attempt {
  readonly request: HttpRequest;
  /** Counted from 1. */
  readonly attempt: number;
  /** How long this call may still wait, in ms. */
  readonly budgetMs: number;
}

/** An attempt without a usable answer: the error to throw if it was the last. */
export interface FailedAttempt extends Pick<HttpFailure, "isRetryable" | "waitMs" | "minWaitMs"> {
  readonly kind: "failed";
  readonly error: AppError;
  readonly latency_ms: number;
}

export type AttemptOutcome =
  | { readonly kind: "answered"; readonly reply: HttpReply }
  | FailedAttempt;

/**
 * Sends once if the breaker lets it pass, in its turn, judges the answer and tells the breaker.
 * Throws only the signal's reason, when the caller aborts.
 */
export async function attemptRequest(
  policy: AttemptPolicy,
  { request, attempt, budgetMs }: Attempt,
): Promise<AttemptOutcome> {
  const { clock, breaker, limiter, provider } = policy;
  const pausedMs = limiter.pausedMs();
  if (pausedMs > budgetMs) return refusedUnsent(pausedObstacle(policy, pausedMs));
  const obstacle = breaker.admit(clock.now());
  if (obstacle) return refusedUnsent(obstacle);
  try {
    await limiter.take(request.signal);
    const begunMs = clock.monotonicMs();
    const outcome = await exchangeAndJudge(policy, request);
    const latency_ms = Math.round(clock.monotonicMs() - begunMs);
    if (outcome.kind === "unusable") {
      return noteFailure(policy, { ...outcome, attempt, latency_ms, request });
    }
    const { reply } = outcome;
    policy.emit({ kind: "answered", provider, status: reply.status, attempt, latency_ms });
    if (breaker.succeed()) policy.emit({ kind: "breaker_closed", provider });
    return { kind: "answered", reply };
  } catch (error) {
    breaker.abandon();
    throw error;
  }
}

interface Unusable {
  readonly kind: "unusable";
  readonly error: AppError;
  readonly failure: Omit<HttpFailure, "detail">;
}

async function exchangeAndJudge(
  policy: AttemptPolicy,
  request: HttpRequest,
): Promise<{ readonly kind: "usable"; readonly reply: HttpReply } | Unusable> {
  let reply: HttpReply;
  try {
    reply = await exchange(policy.baseUrl, { request, options: policy.exchange });
  } catch (error) {
    if (request.signal.aborted || !(error instanceof AppError)) throw error;
    const isSilence = error.code === "PROVIDER_TIMEOUT" || error.code === "PROVIDER_UNAVAILABLE";
    const isRetryable = error.details["is_unsent"] === true || (isSilence && isGet(request));
    const code = error.code as HttpFailure["code"];
    return { kind: "unusable", error, failure: { code, isRetryable } };
  }
  const failure = policy.judge(reply, policy.clock.now());
  if (failure === null) return { kind: "usable", reply };
  const error = new AppError(failure.code, `${policy.provider} ${failure.detail}`, {
    details: { provider: policy.provider, status: reply.status },
    ...(failure.holdUntil && { retryAt: failure.holdUntil }),
  });
  return { kind: "unusable", error, failure };
}

interface Failed extends Unusable {
  readonly attempt: number;
  readonly latency_ms: number;
  readonly request: HttpRequest;
}

function noteFailure(policy: AttemptPolicy, failed: Failed): FailedAttempt {
  const { failure, attempt, latency_ms, request } = failed;
  const opened = tellBreaker(policy, failed);
  if (failure.code === "PROVIDER_RATE_LIMITED" && failure.waitMs !== undefined) {
    policy.limiter.pause(failure.waitMs);
  }
  // An answer that broke on its way is worth one more GET; a second one is how the provider is.
  const isBrokenTwice = failure.code === "PROVIDER_BAD_ANSWER" && (attempt > 1 || !isGet(request));
  return {
    kind: "failed",
    error: opened === null ? failed.error : withRetryAt(failed.error, opened.until),
    isRetryable: failure.isRetryable && !isBrokenTwice && opened === null,
    latency_ms,
    ...(failure.waitMs !== undefined && { waitMs: failure.waitMs }),
    ...(failure.minWaitMs !== undefined && { minWaitMs: failure.minWaitMs }),
  };
}

/** Silence and server errors count against the provider; its word about a later moment is final. */
function tellBreaker(policy: AttemptPolicy, { error, failure }: Failed): Obstacle | null {
  const { breaker, clock, provider } = policy;
  const { code, message } = error;
  let opened: Obstacle | null = null;
  if (failure.holdUntil) {
    opened = { code, message, until: failure.holdUntil };
    breaker.hold(opened);
  } else if (code === "PROVIDER_UNAVAILABLE" || code === "PROVIDER_TIMEOUT") {
    opened = breaker.fail(clock.now(), { code, message });
  } else if (code === "PROVIDER_REJECTED_REQUEST") {
    breaker.succeed();
  } else {
    breaker.abandon();
  }
  if (opened) {
    const until = opened.until.toISOString();
    policy.emit({ kind: "breaker_opened", provider, code, message, until });
  }
  return opened;
}

function pausedObstacle(policy: AttemptPolicy, pausedMs: number): Obstacle {
  return {
    code: "PROVIDER_RATE_LIMITED",
    message: `${policy.provider} asked for a pause of ${Math.ceil(pausedMs / 1000)} more seconds`,
    until: new Date(policy.clock.now().getTime() + pausedMs),
  };
}

function refusedUnsent({ code, message, until }: Obstacle): FailedAttempt {
  const error = new AppError(code, `${message} (not asked again before ${until.toISOString()})`, {
    retryAt: until,
    details: { is_unsent: true },
  });
  return { kind: "failed", error, isRetryable: false, latency_ms: 0 };
}

function withRetryAt(error: AppError, retryAt: Date): AppError {
  const { cause, details } = error;
  return new AppError(error.code, error.message, { cause, details, retryAt });
}

function isGet(request: HttpRequest): boolean {
  return (request.method ?? "GET") === "GET";
}
