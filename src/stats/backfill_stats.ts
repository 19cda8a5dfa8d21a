import { z } from "zod";
import { listOpenAlerts, openAlertSchema } from "../database/alerts/alerts.ts";
import {
  countFits,
  fitCountsSchema,
  listRecentActivity,
  monthRowSchema,
  readTotals,
} from "../database/stats/backfill_totals.ts";
import type { Database, Queryable } from "../database/connection/connection.ts";
import { pauseSchema, readPause } from "../database/scheduling/pause.ts";
import { groupMonthsByAnswerers } from "../database/stats/months_by_answerers.ts";
import { checkCountsSchema, countChecks } from "../database/resolution/isbn_checks.ts";
import { readWaiting, waitingMonthsSchema } from "../database/stats/waiting_months.ts";
import { PROMPT_VERSION } from "../domain/generation/prompt_version.ts";
import type { GeneratorIdentity } from "../domain/providers/provider_lineup.ts";
import { staleReason } from "../domain/months/staleness.ts";
import { costSummarySchema, readCosts } from "./cost_summary.ts";
import { databaseReportSchema, readDatabaseReport } from "./database_report.ts";

const RECENT_MONTHS = 20;

/** The answer of `GET /api/internal/backfill-stats`: a contract, fields may only be added. */
export const backfillStatsSchema = z.object({
  total_months: z.number(),
  by_status: z.object({
    pending: z.number(),
    processing: z.number(),
    completed: z.number(),
    failed: z.number(),
    retry: z.number(),
  }),
  progress: z.object({
    total_books_generated: z.number(),
    total_isbns_resolved: z.number(),
    /** Percent, two decimals; 0 before the first book. */
    overall_resolution_rate: z.number(),
    total_isbns_queued: z.number(),
  }),
  /** The months that ended last, newest first. */
  recent_activity: z.array(monthRowSchema).readonly(),
  /** Of the books of completed months, how many appeared in the month they were named for. */
  verification: fitCountsSchema,
  /** How many of the stored ISBNs had their second opinion, and how many wait for it. */
  isbn_checks: checkCountsSchema,
  costs: costSummarySchema,
  /** Completed months that would be made otherwise today, by the reason. */
  stale: z.object({
    total: z.number(),
    gone: z.number(),
    model: z.number(),
    prompt: z.number(),
  }),
  /** Months in `retry`, for what they wait and until when; null when there are none. */
  waiting: waitingMonthsSchema.nullable(),
  /** Who paused the backfill and why; null while it runs. */
  pause: pauseSchema.nullable(),
  /** What needs an operator, oldest first. */
  alerts: z.array(openAlertSchema).readonly(),
  /** One that is full or read-only still tells its numbers, but the months stand still. */
  database: databaseReportSchema,
});

export type BackfillStats = Readonly<z.infer<typeof backfillStatsSchema>>;

/**
 * Reads the numbers behind API, CLI and dashboard, so that they cannot disagree. `generators` are those
 * configured now, against which months are stale.
 */
export async function readBackfillStats(
  database: Pick<Database, "sql" | "kind" | "trouble">,
  { generators }: { generators: readonly GeneratorIdentity[] },
): Promise<BackfillStats> {
  const { sql } = database;
  const { by_status, ...progress } = await readTotals(sql);
  return {
    total_months: Object.values(by_status).reduce((sum, count) => sum + count, 0),
    by_status,
    progress,
    verification: await countFits(sql),
    isbn_checks: await countChecks(sql),
    costs: await readCosts(sql, {
      months: by_status.completed,
      books: progress.total_isbns_resolved,
    }),
    stale: await countStale(sql, generators),
    waiting: await readWaiting(sql),
    pause: await readPause(sql),
    alerts: await listOpenAlerts(sql),
    database: await readDatabaseReport(database),
    recent_activity: await listRecentActivity(sql, RECENT_MONTHS),
  };
}

async function countStale(
  sql: Queryable,
  generators: readonly GeneratorIdentity[],
): Promise<BackfillStats["stale"]> {
  const counts = { total: 0, gone: 0, model: 0, prompt: 0 };
  for (const { answerers, month_ids } of await groupMonthsByAnswerers(sql)) {
    const reason = staleReason(answerers, { generators, prompt_version: PROMPT_VERSION });
    if (reason === null) continue;
    counts[reason] += month_ids.length;
    counts.total += month_ids.length;
  }
  return counts;
}
