import { type BackfillTotals, readTotals } from "../database/backfill_totals.ts";
import { readPause } from "../database/control.ts";
import {
  countTooRecent,
  type DueFilter,
  type DueMonth,
  lockDueMonths,
  previewDueMonths,
} from "../database/due_months.ts";
import { type ClaimedMonth, claimMonths, forceMonths } from "../database/months.ts";
import { type Month, monthFromIndex, monthIndex, monthKey, monthOf } from "../domain/month.ts";
import { announceClaims } from "./announce_claims.ts";
import type { SchedulerContext } from "./scheduler_context.ts";

export interface ScheduleRequest {
  /** Months at most. */
  readonly batch_size: number;
  readonly is_dry_run: boolean;
  /** Also `failed` months, with a fresh budget. */
  readonly has_failed: boolean;
  /** Also months too recent to be in catalogues. */
  readonly has_recent: boolean;
  /** Either order; `null` is open. */
  readonly year_range: { readonly start: number | null; readonly end: number | null };
}

export interface ScheduleResult {
  readonly months: readonly DueMonth[];
  /** Claims made; empty for a dry run. */
  readonly claims: readonly ClaimedMonth[];
  readonly totals: BackfillTotals;
  /** Why months that could be expected are not among them, in sentences. */
  readonly notes: readonly string[];
}

/**
 * Chooses the next months and, unless it is a dry run, claims them and sends their hints. Both go
 * through the same selection, so a dry run is what the real run would do next.
 *
 * Throws `AppError` QUEUE_UNREACHABLE with the claims given back when the hints cannot be sent.
 */
export async function scheduleMonths(
  context: SchedulerContext,
  request: ScheduleRequest,
): Promise<ScheduleResult> {
  const { database, clock, log } = context;
  const filter = dueFilter(request, newestDue(clock.now(), context.recent_months));
  const notes: string[] = [];
  const pause = await readPause(database.sql);
  if (pause) {
    notes.push(
      `Scheduling is paused by ${pause.by ?? "an operator"}: ${pause.reason ?? "no reason given"}`,
    );
    return { months: [], claims: [], totals: await readTotals(database.sql), notes };
  }
  const { months, claims } = request.is_dry_run
    ? { months: await preview(context, { filter, limit: request.batch_size }), claims: [] }
    : await claimDue(context, { filter, limit: request.batch_size });
  const tooRecent = await countTooRecent(database.sql, filter);
  if (tooRecent) {
    notes.push(
      `${tooRecent.count} months (${monthKey(tooRecent.first)} to ${
        monthKey(tooRecent.last)
      }) are ` +
        `younger than ${context.recent_months} months and too recent to be in catalogues: ask for ` +
        `them with "include_recent": true`,
    );
  }
  await announceClaims(context, claims);
  if (claims.length > 0) {
    log.info("months_scheduled", { count: claims.length, months: claims.map(monthKey) });
  }
  return { months, claims, totals: await readTotals(database.sql), notes };
}

function preview(
  { database, clock }: SchedulerContext,
  { filter, limit }: { filter: DueFilter; limit: number },
): Promise<DueMonth[]> {
  return previewDueMonths(database.sql, { filter, limit, at: clock.sqlNow() });
}

async function claimDue(
  { database, clock, instance, lease_seconds }: SchedulerContext,
  { filter, limit }: { filter: DueFilter; limit: number },
): Promise<{ months: DueMonth[]; claims: ClaimedMonth[] }> {
  return await database.sql.begin(async (tx) => {
    const at = clock.sqlNow();
    const months = await lockDueMonths(tx, { filter, limit, at });
    const failed = months.filter(({ status }) => status === "failed");
    await forceMonths(tx, failed.map(({ month_id }) => month_id));
    const claims = await claimMonths(tx, {
      monthIds: months.map(({ month_id }) => month_id),
      leaseSeconds: lease_seconds,
      claimedBy: instance,
      at,
    });
    const claimed = new Set(claims.map(({ month_id }) => month_id));
    return {
      months: months.map((month) =>
        claimed.has(month.month_id) ? { ...month, status: "processing" as const } : month
      ),
      claims,
    };
  });
}

/**
 * The newest month that is `recentMonths` old: those after it are too recent.
 *
 * @example newestDue(new Date("2026-11-21"), 6) is May 2026
 */
export function newestDue(now: Date, recentMonths: number): Month {
  return monthFromIndex(monthIndex(monthOf(now)) - recentMonths);
}

function dueFilter(request: ScheduleRequest, newest: Month): DueFilter {
  const { start, end } = request.year_range;
  const isReversed = start !== null && end !== null && start > end;
  return {
    year_start: isReversed ? end : start,
    year_end: isReversed ? start : end,
    newest: request.has_recent ? null : newest,
    has_failed: request.has_failed,
  };
}
