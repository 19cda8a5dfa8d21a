import type { Clock } from "../../clock.ts";
import type { CallGate } from "../../domain/providers/call_gate.ts";
import { AppError, type ErrorCode } from "../../errors.ts";
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
  readonly gate: CallGate | null;
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
export interface FailedAttempt
  extends Pick<HttpFailure, "isRetryable" | "maxRetries" | "waitMs" | "minWaitMs"> {
  readonly kind: "failed";
  readonly error: AppError;
  readonly latency_ms: number;
}

export type AttemptOutcome =
  | { readonly kind: "answered"; readonly reply: HttpReply }
  | FailedAttempt
  /** Nothing was sent: the provider said before that it will not answer yet. */
  | { readonly kind: "held"; readonly error: AppError };

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
  if (pausedMs > budgetMs) return heldBack(pausedObstacle(policy, pausedMs));
  const obstacle = await passBreaker(policy, request.signal);
  if (obstacle) return heldBack(obstacle);
  try {
    await limiter.take(request.signal);
    const refusal = await policy.gate?.enter({
      cost: request.cost ?? 1,
      maxWaitMs: budgetMs,
      signal: request.signal,
    });
    const late = refusal ?? breaker.heldSince(clock.now());
    if (late) {
      breaker.abandon();
      return heldBack(late);
    }
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

/**
 * Null when the request may leave. Waits for the outcome of a trial that is under way: a provider
 * that is back would otherwise miss all the months that ask just then.
 */
async function passBreaker(
  { breaker, clock }: AttemptPolicy,
  signal: AbortSignal,
): Promise<Obstacle | null> {
  for (;;) {
    const admission = breaker.admit(clock.now());
    if (!(admission instanceof Promise)) return admission;
    await admission;
    signal.throwIfAborted();
  }
}

interface Unusable {
  readonly kind: "unusable";
  readonly error: AppError;
  readonly failure: Omit<HttpFailure, "code" | "detail">;
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
    return { kind: "unusable", error, failure: { isRetryable } };
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
  const { error, failure, attempt, latency_ms, request } = failed;
  const opened = tellBreaker(policy, failed);
  if (error.code === "PROVIDER_RATE_LIMITED" && failure.waitMs !== undefined) {
    policy.limiter.pause(failure.waitMs);
  }
  // An answer that broke on its way is worth one more GET; a second one is how the provider is.
  const isBrokenTwice = error.code === "PROVIDER_BAD_ANSWER" && (attempt > 1 || !isGet(request));
  return {
    kind: "failed",
    error: opened === null ? error : withRetryAt(error, opened.until),
    isRetryable: failure.isRetryable && !isBrokenTwice && opened === null,
    latency_ms,
    ...(failure.maxRetries !== undefined && { maxRetries: failure.maxRetries }),
    ...(failure.waitMs !== undefined && { waitMs: failure.waitMs }),
    ...(failure.minWaitMs !== undefined && { minWaitMs: failure.minWaitMs }),
  };
}

/** Failures that say that the provider does not work at present, when enough come in a row. */
const OUTAGES: readonly string[] = [
  "PROVIDER_UNAVAILABLE",
  "PROVIDER_TIMEOUT",
  "PROVIDER_BAD_ANSWER",
] satisfies ErrorCode[];

/** Outages count against the provider; its word about a later moment is final. */
function tellBreaker(policy: AttemptPolicy, { error, failure }: Failed): Obstacle | null {
  const { breaker, clock } = policy;
  const { code, message } = error;
  if (failure.holdUntil) {
    const known = { code, message, until: failure.holdUntil };
    holdProvider(policy, known);
    return known;
  }
  if (OUTAGES.includes(code)) {
    const opened = breaker.fail(clock.now(), { code, message });
    if (opened) emitOpened(policy, opened);
    return opened;
  }
  // Our mistake proves that the provider is there; anything else proves nothing.
  if (code === "PROVIDER_REJECTED_REQUEST") breaker.succeed();
  else breaker.abandon();
  return null;
}

/** Holds back every further request until the obstacle ends. */
export function holdProvider(policy: AttemptPolicy, obstacle: Obstacle): void {
  policy.breaker.hold(obstacle);
  emitOpened(policy, obstacle);
}

function emitOpened({ emit, provider }: AttemptPolicy, { code, message, until }: Obstacle): void {
  emit({ kind: "breaker_opened", provider, code, message, until: until.toISOString() });
}

function pausedObstacle(policy: AttemptPolicy, pausedMs: number): Obstacle {
  return {
    code: "PROVIDER_RATE_LIMITED",
    message: `${policy.provider} asked for a pause of ${Math.ceil(pausedMs / 1000)} more seconds`,
    until: new Date(policy.clock.now().getTime() + pausedMs),
  };
}

function heldBack({ code: found, message, until }: Obstacle): AttemptOutcome {
  // This request got no answer that could be bad.
  const code = found === "PROVIDER_BAD_ANSWER" ? "PROVIDER_UNAVAILABLE" : found;
  const error = new AppError(code, `${message} (not asked again before ${until.toISOString()})`, {
    retryAt: until,
    details: { is_unsent: true },
  });
  return { kind: "held", error };
}

function withRetryAt(error: AppError, retryAt: Date): AppError {
  const { cause, details } = error;
  return new AppError(error.code, error.message, { cause, details, retryAt });
}

function isGet(request: HttpRequest): boolean {
  return (request.method ?? "GET") === "GET";
}
