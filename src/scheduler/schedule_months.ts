import { type BackfillTotals, readTotals } from "../database/stats/backfill_totals.ts";
import { demandReady } from "../database/connection/connection.ts";
import { type DueFilter, type DueMonth, lockDueMonths } from "../database/scheduling/due_months.ts";
import { supersedeGenerations } from "../database/generation/generations.ts";
import {
  type ClaimedMonth,
  claimMonths,
  forceMonths,
  rerunMonths,
} from "../database/months/months.ts";
import { type RunStarter, startRun } from "../database/scheduling/runs.ts";
import { monthKey } from "../domain/months/month.ts";
import { announceClaims } from "./announce_claims.ts";
import { notesOn, readPauseNote } from "./schedule_notes.ts";
import { demandPrices } from "../spending/demand_prices.ts";
import { readFilter, type ScheduleRequest } from "./schedule_request.ts";
import type { SchedulerContext } from "./scheduler_context.ts";

export interface ScheduleResult {
  /** The run the claims belong to; `null` when there was nothing to claim. */
  readonly run_id: number | null;
  readonly months: readonly DueMonth[];
  readonly claims: readonly ClaimedMonth[];
  readonly totals: BackfillTotals;
  /** Why months that could be expected are not among them, in sentences. */
  readonly notes: readonly string[];
}

/**
 * Chooses the next months, claims them and sends their hints. `previewMonths` selects in the same way,
 * so a dry run is what this would do next.
 *
 * Throws `AppError` QUEUE_UNREACHABLE with the claims given back when the hints cannot be sent,
 * BAD_REQUEST when the run's cap cannot be kept, and what keeps the database from its work: on a full
 * disk a claim may still fit where the month's books do not.
 */
export async function scheduleMonths(
  context: SchedulerContext,
  { request, startedBy }: { request: ScheduleRequest; startedBy: RunStarter },
): Promise<ScheduleResult> {
  const { database, log } = context;
  demandPrices(context, request.max_cost_usd);
  await demandReady(database);
  const pause = await readPauseNote(database.sql);
  if (pause !== null) {
    const totals = await readTotals(database.sql);
    return { run_id: null, months: [], claims: [], totals, notes: [pause] };
  }
  const filter = await readFilter(context, request);
  const { run_id, months, claims } = await claimDue(context, { request, filter, startedBy });
  const notes = await notesOn(context, { request, filter, months });
  await announceClaims(context, claims);
  if (claims.length > 0) {
    log.info("months_scheduled", { run_id, count: claims.length, months: claims.map(monthKey) });
  }
  return { run_id, months, claims, totals: await readTotals(database.sql), notes };
}

/** Selects and claims in one transaction, so that no month is chosen twice. */
async function claimDue(
  { database, clock, instance, lease_seconds }: SchedulerContext,
  { request, filter, startedBy }: {
    request: ScheduleRequest;
    filter: DueFilter;
    startedBy: RunStarter;
  },
): Promise<Pick<ScheduleResult, "run_id" | "months" | "claims">> {
  return await database.sql.begin(async (tx) => {
    const at = clock.sqlNow();
    const months = await lockDueMonths(tx, { filter, limit: request.batch_size, at });
    if (months.length === 0) return { run_id: null, months, claims: [] };
    const idsOf = (status: DueMonth["status"]): number[] =>
      months.filter((month) => month.status === status).map(({ month_id }) => month_id);
    await forceMonths(tx, idsOf("failed"));
    await rerunMonths(tx, idsOf("completed"));
    const monthIds = months.map(({ month_id }) => month_id);
    if (request.ask_afresh) await supersedeGenerations(tx, { monthIds, at });
    const run_id = await startRun(tx, { startedBy, maxCostUsd: request.max_cost_usd, at });
    const claims = await claimMonths(tx, {
      monthIds,
      leaseSeconds: lease_seconds,
      claimedBy: instance,
      runId: run_id,
      promptVariant: request.prompt_variant,
      at,
    });
    const claimed = new Set(claims.map(({ month_id }) => month_id));
    return {
      run_id,
      months: months.map((month) =>
        claimed.has(month.month_id) ? { ...month, status: "processing" as const } : month
      ),
      claims,
    };
  });
}
