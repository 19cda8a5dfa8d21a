import { readTotals } from "../database/stats/backfill_totals.ts";
import type { Queryable } from "../database/connection/connection.ts";
import { readPause } from "../database/scheduling/pause.ts";
import {
  countTooRecent,
  type DueFilter,
  type DueMonth,
  findLoggedMonths,
  type LoggedMonth,
} from "../database/scheduling/due_months.ts";
import { type CostCaps, dollars } from "../domain/money/cost_cap.ts";
import { monthKey } from "../domain/months/month.ts";
import type { Selecting } from "./scheduler_context.ts";
import type { ScheduleRequest } from "./schedule_request.ts";

/** That nothing is scheduled at present, by whom and why; `null` while the backfill runs. */
export async function readPauseNote(sql: Queryable): Promise<string | null> {
  const pause = await readPause(sql);
  return pause === null
    ? null
    : `Scheduling is paused by ${pause.by ?? "an operator"}: ${pause.reason ?? "no reason given"}`;
}

/**
 * Why months that could be expected are not among those selected, and what will keep the selected ones
 * waiting, in sentences.
 */
export async function notesOn(
  { database, recent_months, lineup }: Pick<
    Selecting,
    "database" | "recent_months" | "lineup"
  >,
  { request, filter, months }: {
    request: ScheduleRequest;
    filter: DueFilter;
    months: readonly DueMonth[];
  },
): Promise<string[]> {
  const notes: string[] = [];
  if (request.is_stale && filter.stale_ids?.length === 0) {
    notes.push("No completed month is stale: each was made as it would be made today");
  }
  if (lineup.generators.length === 0 && months.length > 0) {
    notes.push(
      "No generator is set up, so nobody can name a book and months wait: set CONTACT for Wikidata, " +
        "or the key of a model, and restart",
    );
  }
  const tooRecent = await countTooRecent(database.sql, filter);
  if (tooRecent) {
    const { count, first, last } = tooRecent;
    notes.push(
      `${count} months (${monthKey(first)} to ${monthKey(last)}) are younger than ` +
        `${recent_months} months and too recent to be in catalogues: ask for them with ` +
        `"include_recent": true`,
    );
  }
  if (request.months !== null) {
    const logged = await findLoggedMonths(database.sql, request.months);
    notes.push(...leftOut(request, { logged, months }));
  }
  return months.length === 0 && notes.length === 0 ? [await whyNone(database.sql)] : notes;
}

async function whyNone(sql: Queryable): Promise<string> {
  const { by_status } = await readTotals(sql);
  return Object.values(by_status).every((count) => count === 0)
    ? "The log has no months yet; seed it first"
    : "No month asked for is due: each has completed, is being worked on, waits for another attempt " +
      "or has failed";
}

/** That the forecast is above a cap, at which the backfill will pause; `null` when it is not. */
export function capNote(
  { max_cost_per_day_usd, max_cost_per_run_usd }: CostCaps,
  { forecastUsd, runCapUsd }: { forecastUsd: number; runCapUsd: number | null },
): string | null {
  const capUsd = Math.min(
    runCapUsd ?? max_cost_per_run_usd ?? Infinity,
    max_cost_per_day_usd ?? Infinity,
  );
  if (forecastUsd <= capUsd) return null;
  return `The forecast is above the cap of ${dollars(capUsd)}: the backfill will pause there, ` +
    `and go on when the cap is raised or, if it is one for a day, the day is over`;
}

/** Named months that were not selected, by the reason. */
function leftOut(
  request: ScheduleRequest,
  { logged, months }: { logged: readonly LoggedMonth[]; months: readonly DueMonth[] },
): string[] {
  const selected = new Set(months.map(monthKey));
  const named = new Map((request.months ?? []).map((month) => [monthKey(month), month]));
  const known = new Map(logged.map((month) => [monthKey(month), month]));
  const left = [...named.keys()].filter((key) => !selected.has(key)).toSorted();
  const isFull = months.length >= request.batch_size;
  const reasons = Map.groupBy(left, (key) => reasonFor(known.get(key), { request, isFull }));
  return [...reasons].map(([reason, keys]) => `Left out ${keys.join(", ")}: ${reason}`);
}

function reasonFor(
  state: LoggedMonth | undefined,
  { request, isFull }: { request: ScheduleRequest; isFull: boolean },
): string {
  if (state === undefined) return "not in the log; seed it first";
  if (state.status === "processing") return "being worked on";
  if (request.is_stale) {
    return state.status !== "completed"
      ? "not completed, so not stale"
      : isFull
      ? "not stale, or beyond the batch size"
      : "not stale";
  }
  if (state.status === "completed" && !request.is_rerun) {
    return 'completed; ask for it with "rerun": true';
  }
  if (state.status === "failed" && !request.include_failed) {
    return 'failed; ask for it with "force_retry": true';
  }
  const { next_attempt_at } = state;
  if (state.status === "retry" && next_attempt_at !== null && !isFull) {
    return `waiting until ${new Date(next_attempt_at).toISOString()} for another attempt`;
  }
  return isFull ? "beyond the batch size" : "outside of the years asked for, or just taken";
}
