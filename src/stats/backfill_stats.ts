import { listOpenAlerts, type OpenAlert } from "../database/alerts.ts";
import {
  countFits,
  type FitCounts,
  listRecentActivity,
  type MonthRow,
  readTotals,
} from "../database/backfill_totals.ts";
import type { Queryable } from "../database/connection.ts";
import { type Pause, readPause } from "../database/control.ts";
import { groupByAnswerers } from "../database/staleness.ts";
import { readWaiting, type WaitingMonths } from "../database/waiting_months.ts";
import type { MonthStatus } from "../domain/month_state.ts";
import { PROMPT_VERSION } from "../domain/prompt.ts";
import type { GeneratorIdentity } from "../domain/provider_lineup.ts";
import { type StaleReason, staleReason } from "../domain/staleness.ts";
import { type CostSummary, readCosts } from "./cost_summary.ts";

const RECENT_MONTHS = 20;

/** The answer of `GET /api/internal/backfill-stats`: a contract, fields may only be added. */
export interface BackfillStats {
  readonly total_months: number;
  readonly by_status: Readonly<Record<MonthStatus, number>>;
  readonly progress: {
    readonly total_books_generated: number;
    readonly total_isbns_resolved: number;
    /** Percent, two decimals; null before the first book. */
    readonly overall_resolution_rate: number | null;
    readonly total_isbns_queued: number;
  };
  /** The months that ended last, newest first. */
  readonly recent_activity: readonly MonthRow[];
  /** Of the books of completed months, how many appeared in the month they were named for. */
  readonly verification: FitCounts;
  readonly costs: CostSummary;
  /** Completed months that would be made otherwise today, by the reason. */
  readonly stale: Readonly<Record<StaleReason, number>> & { readonly total: number };
  /** Months in `retry`, for what they wait and until when; null when there are none. */
  readonly waiting: WaitingMonths | null;
  /** Who paused the programme and why; null while it runs. */
  readonly pause: Pause | null;
  /** What needs an operator, oldest first. */
  readonly alerts: readonly OpenAlert[];
}

/**
 * Reads the numbers behind API, CLI and dashboard, so that they cannot disagree. `generators` are those
 * configured now, against which months are stale.
 */
export async function readBackfillStats(
  sql: Queryable,
  { generators }: { generators: readonly GeneratorIdentity[] },
): Promise<BackfillStats> {
  const { by_status, ...progress } = await readTotals(sql);
  return {
    total_months: Object.values(by_status).reduce((sum, count) => sum + count, 0),
    by_status,
    progress,
    verification: await countFits(sql),
    costs: await readCosts(sql, {
      months: by_status.completed,
      books: progress.total_isbns_resolved,
    }),
    stale: await countStale(sql, generators),
    waiting: await readWaiting(sql),
    pause: await readPause(sql),
    alerts: await listOpenAlerts(sql),
    recent_activity: await listRecentActivity(sql, RECENT_MONTHS),
  };
}

async function countStale(
  sql: Queryable,
  generators: readonly GeneratorIdentity[],
): Promise<BackfillStats["stale"]> {
  const counts = { total: 0, gone: 0, model: 0, prompt: 0 };
  for (const { answerers, month_ids } of await groupByAnswerers(sql)) {
    const reason = staleReason(answerers, { generators, prompt_version: PROMPT_VERSION });
    if (reason === null) continue;
    counts[reason] += month_ids.length;
    counts.total += month_ids.length;
  }
  return counts;
}
