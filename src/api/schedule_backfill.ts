import { Hono } from "hono";
import { z } from "zod";
import { MAX_YEAR, MIN_YEAR, parseMonthKey } from "../domain/months/month.ts";
import { PROMPT_VARIANTS } from "../domain/generation/prompt.ts";
import { previewMonths, type SchedulePreview } from "../scheduler/preview_months.ts";
import { scheduleMonths, type ScheduleResult } from "../scheduler/schedule_months.ts";
import type { ScheduleRequest } from "../scheduler/schedule_request.ts";
import type { ApiContext } from "./requests/api_context.ts";
import { capSchema } from "./requests/cap_schema.ts";
import { parseBody } from "./requests/parse_body.ts";

const MAX_BATCH = 50;
const DEFAULT_BATCH = 10;
const BATCH = `must be a whole number from 1 to ${MAX_BATCH}`;
const YEAR = `must be a whole number from ${MIN_YEAR} to ${MAX_YEAR}`;
const FLAG = "must be true or false";
const MONTHS = 'must be a list of months such as ["2012-03", "2012-04"]';
const VARIANT = `must be one of ${PROMPT_VARIANTS.join(", ")}`;

const year = z.int(YEAR).min(MIN_YEAR, YEAR).max(MAX_YEAR, YEAR);
const flag = z.boolean(FLAG).default(false);

const month = z.string(MONTHS).transform((key, context) => {
  const parsed = parseMonthKey(key);
  if (parsed) return parsed;
  context.addIssue(`must be a month from ${MIN_YEAR}-01 to ${MAX_YEAR}-12, such as "2012-03"`);
  return z.NEVER;
});

const fields = {
  batch_size: z.int(BATCH).min(1, BATCH).max(MAX_BATCH, BATCH).optional(),
  dry_run: flag,
  force_retry: flag,
  include_recent: flag,
  year_range: z.strictObject({ start: year.optional(), end: year.optional() }, {
    error: (issue) =>
      issue.code === "unrecognized_keys"
        ? "is not a field of year_range: start and end are"
        : 'must be an object such as {"start": 2000, "end": 2024}',
  }).default({}),
  months: z.array(month, MONTHS).min(1, MONTHS).optional(),
  rerun: flag,
  stale: flag,
  ask_afresh: flag,
  prompt_variant: z.enum(PROMPT_VARIANTS, VARIANT).optional(),
  max_cost_usd: capSchema.optional(),
};

const FIELDS = `is not a field of this request: ${Object.keys(fields).join(", ")} are`;

/** What a request to schedule may hold. */
export const scheduleBodySchema = z.strictObject(fields, {
  error: (issue) => issue.code === "unrecognized_keys" ? FIELDS : "must be a JSON object",
}).superRefine(({ rerun, stale, ask_afresh, months }, context) => {
  const refuse = (field: string, message: string): void =>
    context.addIssue({ code: "custom", path: [field], message });
  if (rerun && stale) refuse("rerun", 'cannot go together with "stale": true');
  else if (rerun && months === undefined) {
    refuse("rerun", 'needs "months": […], a list of those to run');
  }
  if (ask_afresh && !rerun && !stale) refuse("ask_afresh", 'needs "rerun": true or "stale": true');
});

export type ScheduleBody = z.infer<typeof scheduleBodySchema>;

/** The request in the scheduler's words. Months that are named are all asked for, 50 at most. */
export function scheduleRequest(body: ScheduleBody): ScheduleRequest {
  const { start = null, end = null } = body.year_range;
  return {
    batch_size: body.batch_size ?? Math.min(body.months?.length ?? DEFAULT_BATCH, MAX_BATCH),
    include_failed: body.force_retry,
    include_recent: body.include_recent,
    year_range: { start, end },
    months: body.months ?? null,
    is_rerun: body.rerun,
    is_stale: body.stale,
    ask_afresh: body.ask_afresh,
    prompt_variant: body.prompt_variant ?? null,
    max_cost_usd: body.max_cost_usd ?? null,
  };
}

/** `POST /schedule-backfill`: chooses the next months and, unless it is a dry run, starts them. */
export function scheduleBackfillRoute({ scheduler }: ApiContext): Hono {
  return new Hono().post("/schedule-backfill", async (context) => {
    const body = await parseBody(context, scheduleBodySchema);
    const request = scheduleRequest(body);
    return context.json(
      body.dry_run
        ? previewBody(request, await previewMonths(scheduler, request))
        : resultBody(request, await scheduleMonths(scheduler, { request, startedBy: "api" })),
    );
  });
}

/** The answer to a dry run. */
export function previewBody(
  request: ScheduleRequest,
  preview: SchedulePreview,
): Record<string, unknown> {
  return { dry_run: true, ...commonBody(request, preview), forecast: preview.forecast };
}

function resultBody(request: ScheduleRequest, result: ScheduleResult): Record<string, unknown> {
  const { run_id, months, claims } = result;
  return {
    dry_run: false,
    ...commonBody(request, result),
    run_id,
    execution_summary: {
      triggered: claims.length,
      skipped: months.length - claims.length,
      errors: 0,
    },
  };
}

function commonBody(
  { batch_size }: ScheduleRequest,
  { months, totals: { by_status }, notes }: SchedulePreview | ScheduleResult,
): Record<string, unknown> {
  return {
    batch_size,
    months_selected: months.length,
    months: months.map(monthBody),
    total_pending: by_status.pending,
    total_processing: by_status.processing,
    total_completed: by_status.completed,
    total_failed: by_status.failed,
    notes,
  };
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
