import { listRecentActivity, type MonthRow, readTotals } from "../database/backfill_totals.ts";
import type { Queryable } from "../database/connection.ts";
import type { MonthStatus } from "../domain/month_state.ts";

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
}

/** Reads the numbers behind API, CLI and dashboard, so that they cannot disagree. */
export async function readBackfillStats(sql: Queryable): Promise<BackfillStats> {
  const { by_status, ...progress } = await readTotals(sql);
  return {
    total_months: Object.values(by_status).reduce((sum, count) => sum + count, 0),
    by_status,
    progress,
    recent_activity: await listRecentActivity(sql, RECENT_MONTHS),
  };
}
