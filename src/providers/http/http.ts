import PQueue from "p-queue";
import type { Clock } from "../../clock.ts";
import type { CallGate } from "../../domain/providers/call_gate.ts";
import type { Redact } from "../../domain/text/redaction.ts";
import { AppError } from "../../errors.ts";
import { fullJitterMs } from "./full_jitter.ts";
import { createCircuitBreaker } from "./circuit_breaker.ts";
import {
  type AttemptPolicy,
  attemptRequest,
  type FailedAttempt,
  holdProvider,
} from "./http_attempt.ts";
import type { HttpEvent } from "./http_event.ts";
import type { HttpReply, HttpRequest } from "./http_exchange.ts";
import { judgeByStatus, type JudgeReply } from "./http_failure.ts";
import { createRateLimiter } from "./rate_limiter.ts";
import { USER_AGENT } from "./user_agent.ts";

/** How one provider is to be treated; the defaults suit a small JSON API. */
export interface HttpOptions {
  /** Without a trailing slash; may hold a path. */
  readonly baseUrl: string;
  /** Time for one attempt, from sending to the last byte. */
  readonly timeoutMs: number;
  readonly maxRetries: number;
  /** Requests that may start in any second; fractions stretch the window, `Infinity` lifts it. */
  readonly ratePerSecond: number;
  /** Requests under way at once. */
  readonly concurrency: number;
  readonly clock: Clock;
  /** All waits of one call together; when a longer one is asked for, the call fails at once. */
  readonly maxWaitMs?: number;
  readonly backoffBaseMs?: number;
  readonly backoffCapMs?: number;
  readonly maxBodyBytes?: number;
  /** Failures in a row that open the circuit, and for how long at first and at most. */
  readonly breaker?: {
    readonly failureThreshold: number;
    readonly openMs: number;
    readonly maxOpenMs: number;
  };
  /** A number in [0, 1), for the jitter. */
  readonly random?: () => number;
  readonly fetch?: typeof fetch;
  /** What all processes together agree on; without it only this process's limits hold. */
  readonly gate?: CallGate;
  /** Takes secrets that a provider echoes out of everything it answers. */
  readonly redact?: Redact;
  readonly onEvent?: (event: HttpEvent) => void;
}

export interface HttpClient {
  /**
   * Sends the request, waiting and repeating as the policy allows, and returns the first usable
   * answer. Throws `AppError` with a PROVIDER_* code, or the signal's reason when aborted.
   * An answer that broke on its way, and silence, are only asked for again with GET: behind a POST
   * there may be a bill.
   */
  send(request: HttpRequest): Promise<HttpReply>;
}

const DEFAULTS = {
  maxWaitMs: 60_000,
  backoffBaseMs: 1_000,
  backoffCapMs: 30_000,
  maxBodyBytes: 8 * 1024 * 1024,
  breaker: { failureThreshold: 5, openMs: 30_000, maxOpenMs: 600_000 },
} as const;

/** Minute limits are the longest that come without a word about their end. */
const MIN_RATE_LIMIT_HOLD_MS = 60_000;

interface Policy extends AttemptPolicy {
  readonly maxRetries: number;
  readonly maxWaitMs: number;
  readonly backoffBaseMs: number;
  readonly backoffCapMs: number;
  readonly random: () => number;
  readonly slots: PQueue;
}

/** The one way out of this process: every request to `provider` goes through the client made here. */
export function createHttpClient(
  provider: string,
  { judge = judgeByStatus, userAgent = USER_AGENT, ...given }: HttpOptions & {
    readonly judge?: JudgeReply;
    /** Our name, and only that, when not given. */
    readonly userAgent?: string;
  },
): HttpClient {
  const options = { ...DEFAULTS, ...given };
  const policy: Policy = {
    provider,
    judge,
    baseUrl: options.baseUrl.replace(/\/+$/, ""),
    clock: options.clock,
    exchange: {
      provider,
      timeoutMs: options.timeoutMs,
      maxBodyBytes: options.maxBodyBytes,
      userAgent,
      redact: options.redact ?? ((text) => text),
      fetch: options.fetch ?? fetch,
    },
    limiter: createRateLimiter(options.ratePerSecond, options.clock),
    breaker: createCircuitBreaker(options.breaker),
    gate: options.gate ?? null,
    emit: options.onEvent ?? (() => {}),
    maxRetries: options.maxRetries,
    maxWaitMs: options.maxWaitMs,
    backoffBaseMs: options.backoffBaseMs,
    backoffCapMs: options.backoffCapMs,
    random: options.random ?? Math.random,
    slots: new PQueue({ concurrency: options.concurrency }),
  };
  return { send: (request) => sendRepeatedly(policy, request) };
}

async function sendRepeatedly(policy: Policy, request: HttpRequest): Promise<HttpReply> {
  const { clock, provider } = policy;
  let waitedMs = 0;
  for (let attempt = 1;; attempt++) {
    const budgetMs = policy.maxWaitMs - waitedMs;
    const outcome = await policy.slots.add(
      () => attemptRequest(policy, { request, attempt, budgetMs }),
      { signal: request.signal },
    );
    if (outcome.kind === "answered") return outcome.reply;
    if (outcome.kind === "held") throw outcome.error;
    const wait = decideWait(outcome, { attempt, budgetMs, policy, request });
    const { code, message } = outcome.error;
    const { latency_ms } = outcome;
    const retry_in_ms = wait.isWorthIt ? wait.waitMs : null;
    policy.emit({ kind: "failed", provider, code, message, attempt, latency_ms, retry_in_ms });
    if (!wait.isWorthIt) throw finalError(outcome, { wait, policy });
    await clock.sleep(wait.waitMs, request.signal);
    waitedMs += wait.waitMs;
  }
}

interface Wait {
  readonly isWorthIt: boolean;
  readonly waitMs: number;
}

interface Situation {
  readonly attempt: number;
  readonly budgetMs: number;
  readonly policy: Policy;
  readonly request: HttpRequest;
}

function decideWait(
  failed: FailedAttempt,
  { attempt, budgetMs, policy, request }: Situation,
): Wait {
  const jitterMs = fullJitterMs(attempt, {
    baseMs: policy.backoffBaseMs,
    capMs: policy.backoffCapMs,
    random: policy.random,
  });
  const leastMs = (failed.minWaitMs ?? 0) * 2 ** (attempt - 1);
  const waitMs = Math.max(failed.waitMs ?? 0, jitterMs, leastMs);
  const maxRetries = Math.min(
    failed.maxRetries ?? policy.maxRetries,
    request.maxRetries ?? Infinity,
  );
  const hasAttemptsLeft = failed.isRetryable && attempt <= maxRetries;
  return { isWorthIt: hasAttemptsLeft && waitMs <= budgetMs, waitMs };
}

/** A rate limit that outlasts our patience becomes a moment to come back, for all calls here. */
function finalError(failed: FailedAttempt, { wait, policy }: { wait: Wait; policy: Policy }) {
  const { error } = failed;
  if (error.code !== "PROVIDER_RATE_LIMITED" || error.retryAt !== undefined) return error;
  const waitMs = Math.max(wait.waitMs, MIN_RATE_LIMIT_HOLD_MS);
  const until = new Date(policy.clock.now().getTime() + waitMs);
  const { code, message, cause, details } = error;
  holdProvider(policy, { code, message, until });
  return new AppError(code, message, { cause, details, retryAt: until });
}
