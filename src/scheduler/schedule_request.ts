import { groupMonthsByAnswerers } from "../database/stats/months_by_answerers.ts";
import type { DueFilter } from "../database/scheduling/due_months.ts";
import { type Month, monthFromIndex, monthIndex, monthOf } from "../domain/months/month.ts";
import type { PromptVariant } from "../domain/generation/prompt.ts";
import { PROMPT_VERSION } from "../domain/generation/prompt_version.ts";
import { staleReason } from "../domain/months/staleness.ts";
import type { Selecting } from "./scheduler_context.ts";

/** Which months are asked for, and how they are to be run. */
export interface ScheduleRequest {
  /** Months at most. */
  readonly batch_size: number;
  /** Also `failed` months, with a fresh budget. */
  readonly include_failed: boolean;
  /** Also months too recent to be in catalogues; those that are named are asked for anyway. */
  readonly include_recent: boolean;
  /** Either order; `null` is open. */
  readonly year_range: { readonly start: number | null; readonly end: number | null };
  /** Only these months; `null` for all. */
  readonly months: readonly Month[] | null;
  /** Also `completed` months. */
  readonly is_rerun: boolean;
  /** Instead of months that are due, completed ones that would be made otherwise today. */
  readonly is_stale: boolean;
  /** Leaves remembered answers of generators aside. */
  readonly ask_afresh: boolean;
  /** For these months, from now on; `null` keeps what each has. */
  readonly prompt_variant: PromptVariant | null;
  /** The most the model calls of this run may cost together; `null` leaves it to the settings. */
  readonly max_cost_usd: number | null;
}

/** The months that are due, newest first, ten at most. */
export const DUE_MONTHS: ScheduleRequest = {
  batch_size: 10,
  include_failed: false,
  include_recent: false,
  year_range: { start: null, end: null },
  months: null,
  is_rerun: false,
  is_stale: false,
  ask_afresh: false,
  prompt_variant: null,
  max_cost_usd: null,
};

/** What the request means at this moment, for the database to select by. */
export async function readFilter(
  context: Selecting,
  request: ScheduleRequest,
): Promise<DueFilter> {
  const { start, end } = request.year_range;
  const isReversed = start !== null && end !== null && start > end;
  const isAnyAge = request.include_recent || request.is_stale || request.months !== null;
  return {
    year_start: isReversed ? end : start,
    year_end: isReversed ? start : end,
    newest: isAnyAge ? null : newestDue(context.clock.now(), context.recent_months),
    include_failed: request.include_failed,
    include_completed: request.is_rerun,
    months: request.months,
    stale_ids: request.is_stale ? await listStaleMonths(context) : null,
  };
}

async function listStaleMonths({ database, lineup }: Selecting): Promise<number[]> {
  const now = { generators: lineup.generators, prompt_version: PROMPT_VERSION };
  return (await groupMonthsByAnswerers(database.sql))
    .filter(({ answerers }) => staleReason(answerers, now) !== null)
    .flatMap(({ month_ids }) => month_ids);
}

/**
 * The newest month that is `recentMonths` old: those after it are too recent.
 *
 * @example newestDue(new Date("2026-11-21"), 6) is May 2026
 */
export function newestDue(now: Date, recentMonths: number): Month {
  return monthFromIndex(monthIndex(monthOf(now)) - recentMonths);
}
