import { Hono } from "hono";
import { z } from "zod";
import { MAX_YEAR, MIN_YEAR } from "../domain/month.ts";
import { scheduleMonths, type ScheduleResult } from "../scheduler/schedule_months.ts";
import type { ApiContext } from "./api_context.ts";
import { parseBody } from "./parse_body.ts";

const BATCH = "must be a whole number from 1 to 50";
const YEAR = `must be a whole number from ${MIN_YEAR} to ${MAX_YEAR}`;
const FLAG = "must be true or false";
const FIELDS = "is not a field of this request: batch_size, dry_run, force_retry, year_range, " +
  "include_recent are";

const year = z.int(YEAR).min(MIN_YEAR, YEAR).max(MAX_YEAR, YEAR);

const requestSchema = z.strictObject({
  batch_size: z.int(BATCH).min(1, BATCH).max(50, BATCH).default(10),
  dry_run: z.boolean(FLAG).default(false),
  force_retry: z.boolean(FLAG).default(false),
  include_recent: z.boolean(FLAG).default(false),
  year_range: z.strictObject({ start: year.optional(), end: year.optional() }, {
    error: (issue) =>
      issue.code === "unrecognized_keys"
        ? "is not a field of year_range: start and end are"
        : 'must be an object such as {"start": 2000, "end": 2024}',
  }).default({}),
}, {
  error: (issue) => issue.code === "unrecognized_keys" ? FIELDS : "must be a JSON object",
});

/** `POST /schedule-backfill`: chooses the next months and, unless it is a dry run, starts them. */
export function scheduleBackfillRoute({ scheduler }: ApiContext): Hono {
  return new Hono().post("/schedule-backfill", async (context) => {
    const body = await parseBody(context, requestSchema);
    const result = await scheduleMonths(scheduler, {
      batch_size: body.batch_size,
      is_dry_run: body.dry_run,
      has_failed: body.force_retry,
      has_recent: body.include_recent,
      year_range: { start: body.year_range.start ?? null, end: body.year_range.end ?? null },
    });
    return context.json({
      dry_run: body.dry_run,
      batch_size: body.batch_size,
      months_selected: result.months.length,
      months: result.months.map(monthBody),
      total_pending: result.totals.by_status.pending,
      total_processing: result.totals.by_status.processing,
      total_completed: result.totals.by_status.completed,
      total_failed: result.totals.by_status.failed,
      ...(body.dry_run ? {} : { execution_summary: summary(result) }),
      notes: result.notes,
    });
  });
}

function monthBody(month: ScheduleResult["months"][number]): Record<string, unknown> {
  const hasRun = month.books_generated > 0;
  return {
    year: month.year,
    month: month.month,
    status: month.status,
    ...(hasRun
      ? {
        books_generated: month.books_generated,
        isbns_resolved: month.isbns_resolved,
        resolution_rate: month.resolution_rate,
      }
      : {}),
    ...(month.error_message === null ? {} : { error_message: month.error_message }),
  };
}

function summary({ months, claims }: ScheduleResult): Record<string, number> {
  return { triggered: claims.length, skipped: months.length - claims.length, errors: 0 };
}
