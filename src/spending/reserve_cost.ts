import type { Transaction } from "../database/connection/connection.ts";
import type { Clock } from "../clock.ts";
import type { RetryingDatabase } from "../database/connection/retrying_database.ts";
import { lockControl, pauseBackfill } from "../database/scheduling/pause.ts";
import {
  hasReservation,
  insertReservation,
  readSpending,
  type SpendingState,
} from "../database/spending/spending.ts";
import { type CallSize, inputTokensAtMost, planCall } from "../domain/money/call_budget.ts";
import { type CostCap, type CostCaps, dollars, PAUSED_BY_CAP } from "../domain/money/cost_cap.ts";
import type { Generator, GeneratorRequest } from "../domain/generation/generator.ts";
import { type ModelPrice, priceOf } from "../domain/money/model_prices.ts";
import { quotaDay } from "../domain/time/quota_day.ts";
import type { Log } from "../log.ts";
import { capReached, capReachedAlert, unpricedAlert } from "../alerts/cost_alerts.ts";
import { type Alert, raiseAlert } from "../alerts/open_and_close.ts";

/** What deciding about money takes. */
export interface Spending {
  readonly database: RetryingDatabase;
  readonly clock: Clock;
  readonly log: Log;
  readonly signal: AbortSignal;
  readonly cost_caps: CostCaps;
  /** Prices the operator gave, which count before the list's, by model. */
  readonly model_prices: Readonly<Record<string, ModelPrice>>;
}

/** Money set aside for one call. */
export interface Reservation {
  /** Null when nobody knows what the model costs. */
  readonly entry: { readonly spending_id: number; readonly price: ModelPrice } | null;
  readonly max_output_tokens: number;
}

/** A question about to be put to a model. */
export interface Call {
  /** The claim, or the experiment, it is put for. */
  readonly job_id: string;
  readonly generator: Generator;
  readonly request: GeneratorRequest;
  /** Output tokens below which the call is not worth making. */
  readonly needed_output_tokens: number;
}

export type ReservationResult =
  | { readonly kind: "reserved"; readonly reservation: Reservation }
  /** The call cannot be paid for, in a sentence. */
  | { readonly kind: "refused"; readonly reason: string };

/** Longer than a model takes to answer, so that calls under way have ended by then. */
const LONGEST_WAIT_MS = 240_000;
const POLL_MS = 250;

/**
 * Reserves the most the call can cost, before it leaves. Near a cap the answer is allowed fewer tokens
 * than wanted; when not even the needed ones fit, calls under way are waited for, since they mostly
 * cost less than reserved.
 *
 * Refuses when the call cannot be paid for; the backfill is paused by then, unless it was only calls
 * under way that stood in its way for too long, or an experiment's call.
 */
export async function reserveCost(spending: Spending, call: Call): Promise<ReservationResult> {
  const { database, clock, signal } = spending;
  const startMs = clock.monotonicMs();
  while (true) {
    signal.throwIfAborted();
    const made: Reservation[] = [];
    const result = await database.transact((tx) => tryReserve(spending, { tx, call, made }));
    if (result.kind !== "busy") return result;
    if (clock.monotonicMs() - startMs > LONGEST_WAIT_MS) {
      const reason = `${result.reason}, and calls under way did not end in time`;
      return { kind: "refused", reason };
    }
    await clock.sleep(POLL_MS, signal);
  }
}

/** `busy`: it may be paid for when the calls under way have ended. */
type Attempt = ReservationResult | { readonly kind: "busy"; readonly reason: string };

/**
 * One transaction, one process at a time. What it reserves it adds to `made`: run again because nobody
 * heard of its commit, it finds there what it may have reserved already.
 */
async function tryReserve(
  spending: Spending,
  { tx, call, made }: { tx: Transaction; call: Call; made: Reservation[] },
): Promise<Attempt> {
  const { clock } = spending;
  const { job_id: jobId, generator, request } = call;
  const now = clock.now();
  const day = quotaDay(now, "utc");
  // Sent together, carried out in order: what is read is what holds under the lock.
  const [, state] = await Promise.all([
    lockControl(tx),
    readSpending(tx, { jobId, day, at: clock.sqlNow() }),
  ]);
  // A commit that was under way has ended by now, since it held the lock.
  for (const reservation of made) {
    const id = reservation.entry?.spending_id;
    if (id !== undefined && await hasReservation(tx, { id, jobId })) {
      return { kind: "reserved", reservation };
    }
  }
  const tightest = tightestCap(capsOf(spending, { state, day }));
  const price = priceOf(generator.model, { at: now, given: spending.model_prices });
  if (price === null) {
    if (tightest === null) {
      return {
        kind: "reserved",
        reservation: { entry: null, max_output_tokens: request.max_output_tokens },
      };
    }
    return await stop(spending, { tx, state, alert: unpricedAlert(tightest.cap, generator.model) });
  }
  const size: CallSize = {
    price,
    input_tokens: inputTokensAtMost(request),
    wanted_output_tokens: request.max_output_tokens,
    needed_output_tokens: call.needed_output_tokens,
  };
  const plan = planCall(size, tightest?.room_usd ?? Infinity);
  if (plan.kind === "exceeds") {
    const limit = tightest!; // without a cap every call fits
    const need = `the next call of ${generator.model} may cost ${dollars(plan.needed_usd)}`;
    if (limit.open_count > 0) return { kind: "busy", reason: capReached(limit, need) };
    return await stop(spending, { tx, state, alert: capReachedAlert(limit, need) });
  }
  const spending_id = await insertReservation(tx, {
    runId: state.run_id,
    jobId,
    generator: generator.name,
    model: generator.model,
    day,
    reservedUsd: plan.reserved_usd,
    at: clock.sqlNow(),
  });
  const reservation = {
    entry: { spending_id, price },
    max_output_tokens: plan.max_output_tokens,
  };
  made.push(reservation);
  return { kind: "reserved", reservation };
}

/** A cap and what it leaves. */
interface Limit {
  readonly cap: CostCap;
  readonly spent_usd: number;
  readonly room_usd: number;
  readonly open_count: number;
}

function capsOf(
  { cost_caps }: Spending,
  { state, day }: { state: SpendingState; day: string },
): Limit[] {
  const limits: Limit[] = [];
  const add = (
    cap: Omit<CostCap, "cap_usd"> & { readonly cap_usd: number | null },
    spent_usd: number,
    open_count: number,
  ): void => {
    if (cap.cap_usd === null) return;
    const { cap_usd } = cap;
    const room_usd = cap_usd - spent_usd;
    limits.push({ cap: { ...cap, cap_usd }, spent_usd, room_usd, open_count });
  };
  add(
    { scope: "day", id: day, cap_usd: cost_caps.max_cost_per_day_usd },
    state.day_usd,
    state.day_open_count,
  );
  if (state.run_id !== null) {
    const cap_usd = state.run_cap_usd ?? cost_caps.max_cost_per_run_usd;
    const id = String(state.run_id);
    add({ scope: "run", id, cap_usd }, state.run_usd, state.run_open_count);
  }
  return limits;
}

function tightestCap(limits: readonly Limit[]): Limit | null {
  return limits.toSorted((a, b) => a.room_usd - b.room_usd)[0] ?? null;
}

/**
 * Pauses the backfill and says why, together with the decision not to call. An experiment stops alone:
 * the months' own calls find out by themselves whether they are too dear.
 */
async function stop(
  { clock, log }: Spending,
  { tx, state, alert }: { tx: Transaction; state: SpendingState; alert: Alert },
): Promise<Attempt> {
  const reason = alert.cause;
  if (state.is_experiment) return { kind: "refused", reason };
  const at = clock.sqlNow();
  await pauseBackfill(tx, { by: PAUSED_BY_CAP, reason, at });
  await raiseAlert(tx, { ...alert, at }, { log });
  return { kind: "refused", reason };
}
