import { z } from "zod";
import { forecastSchema } from "../domain/money/forecast.ts";
import { MAX_YEAR, MIN_YEAR, parseMonthKey } from "../domain/months/month.ts";
import { MONTH_STATUSES } from "../domain/months/month_state.ts";
import { PROMPT_VARIANTS } from "../domain/generation/prompt.ts";
import { previewMonths, type SchedulePreview } from "../scheduler/preview_months.ts";
import { scheduleMonths, type ScheduleResult } from "../scheduler/schedule_months.ts";
import type { ScheduleRequest } from "../scheduler/schedule_request.ts";
import type { SchedulerContext } from "../scheduler/scheduler_context.ts";
import { bodySchema } from "./requests/body_schema.ts";
import { capSchema } from "./requests/cap_schema.ts";
import { type DatabaseContext, defineRoute } from "./requests/route.ts";

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

/** What a request to schedule may hold. */
export const scheduleBodySchema = bodySchema({
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

const chosenMonthSchema = z.object({
  year: z.number(),
  month: z.number(),
  status: z.enum(MONTH_STATUSES),
  /** These three when it has run before. */
  books_generated: z.number().optional(),
  isbns_resolved: z.number().optional(),
  resolution_rate: z.number().nullable().optional(),
  error_message: z.string().optional(),
});

const commonSchema = z.object({
  batch_size: z.number(),
  months_selected: z.number(),
  months: z.array(chosenMonthSchema).readonly(),
  total_pending: z.number(),
  total_processing: z.number(),
  total_completed: z.number(),
  total_failed: z.number(),
  /** Why months that could be expected are not among them, in sentences. */
  notes: z.array(z.string()).readonly(),
});

const answerSchema = z.discriminatedUnion("dry_run", [
  commonSchema.extend({ dry_run: z.literal(true), forecast: forecastSchema }),
  commonSchema.extend({
    dry_run: z.literal(false),
    run_id: z.number().nullable(),
    execution_summary: z.object({
      triggered: z.number(),
      skipped: z.number(),
      errors: z.number(),
    }),
  }),
]);

export type ScheduleAnswer = Readonly<z.infer<typeof answerSchema>>;

/** `POST /schedule-backfill`: chooses the next months and, unless it is a dry run, starts them. */
export const scheduleBackfillRoute = defineRoute({
  path: "/schedule-backfill",
  body: scheduleBodySchema,
  answer: answerSchema,
  examples: [{ body: { dry_run: true } }, { body: { batch_size: 1 } }],
  handle: async (context: SchedulerContext, { body }) => {
    if (body.dry_run) return await previewAnswer(context, body);
    const request = scheduleRequest(body);
    return resultAnswer(request, await scheduleMonths(context, { request, startedBy: "api" }));
  },
});

/** The answer to a dry run, for which the database is enough. */
export async function previewAnswer(
  context: DatabaseContext,
  body: ScheduleBody,
): Promise<ScheduleAnswer> {
  const request = scheduleRequest(body);
  const preview = await previewMonths(context, request);
  return { dry_run: true, ...commonAnswer(request, preview), forecast: preview.forecast };
}

function resultAnswer(request: ScheduleRequest, result: ScheduleResult): ScheduleAnswer {
  const { run_id, months, claims } = result;
  return {
    dry_run: false,
    ...commonAnswer(request, result),
    run_id,
    execution_summary: {
      triggered: claims.length,
      skipped: months.length - claims.length,
      errors: 0,
    },
  };
}

function commonAnswer(
  { batch_size }: ScheduleRequest,
  { months, totals: { by_status }, notes }: SchedulePreview | ScheduleResult,
): z.infer<typeof commonSchema> {
  return {
    batch_size,
    months_selected: months.length,
    months: months.map(chosenMonth),
    total_pending: by_status.pending,
    total_processing: by_status.processing,
    total_completed: by_status.completed,
    total_failed: by_status.failed,
    notes,
  };
}

function chosenMonth(
  month: ScheduleResult["months"][number],
): z.infer<typeof chosenMonthSchema> {
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
