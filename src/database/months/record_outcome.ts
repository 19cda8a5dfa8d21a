import type { FailureOutcome } from "../../domain/months/decide_outcome.ts";
import { type CallCounts, endAttempt, sumCalls } from "./attempts.ts";
import type { Transaction } from "../connection/connection.ts";
import {
  completeMonth,
  failMonth,
  type MonthCounts,
  releaseMonth,
  retryMonth,
  snoozeMonth,
} from "./months.ts";

/** How a run ended; "stop" is absent because it writes nothing. */
export type Outcome =
  | {
    readonly kind: "completed";
    readonly counts: MonthCounts;
    readonly prompt_variant: string;
    readonly note: string | null;
  }
  | Exclude<FailureOutcome, { kind: "stop" }>;

/**
 * The one function that writes how a run ended: the month's state, its attempt and its call counts.
 * To be called in a transaction, the last thing in it. Its statements are sent together and carried
 * out in order.
 *
 * Throws `ClaimLostError`, with nothing written, when the claim no longer holds.
 */
export async function recordOutcome(
  tx: Transaction,
  { jobId, outcome, error = null, isLost = false, calls, stageMs = {}, at }: {
    jobId: string;
    outcome: Outcome;
    error?: { readonly code: string; readonly message: string } | null;
    /** The worker disappeared: the attempt is recorded as lost, whatever becomes of the month. */
    isLost?: boolean;
    calls?: CallCounts;
    stageMs?: Readonly<Record<string, number>>;
    at: Date | null;
  },
): Promise<void> {
  await Promise.all([
    moveMonth(tx, { jobId, outcome, message: error?.message ?? "", at }),
    endAttempt(tx, {
      jobId,
      outcome: isLost ? "lost" : outcome.kind,
      errorCode: error?.code ?? null,
      message: error?.message ?? null,
      ...(calls === undefined ? {} : { calls }),
      stageMs,
      at,
    }),
    sumCalls(tx, jobId),
  ]);
}

function moveMonth(
  tx: Transaction,
  { jobId, outcome, message, at }: {
    jobId: string;
    outcome: Outcome;
    message: string;
    at: Date | null;
  },
): Promise<void> {
  switch (outcome.kind) {
    case "completed":
      return completeMonth(tx, {
        jobId,
        counts: outcome.counts,
        promptVariant: outcome.prompt_variant,
        note: outcome.note,
        at,
      });
    case "retry":
      return retryMonth(tx, { jobId, message, delaySeconds: outcome.delay_seconds, at });
    case "failed":
      return failMonth(tx, { jobId, message, isFinal: outcome.is_final, at });
    case "snoozed":
      return snoozeMonth(tx, { jobId, message, delaySeconds: outcome.delay_seconds, at });
    case "released":
      return releaseMonth(tx, { jobId, at });
  }
}
