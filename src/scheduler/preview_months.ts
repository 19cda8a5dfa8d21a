import { type BackfillTotals, readTotals } from "../database/stats/backfill_totals.ts";
import { type DueMonth, previewDueMonths } from "../database/scheduling/due_months.ts";
import type { Forecast } from "../domain/money/forecast.ts";
import { forecastMonths } from "./forecast_months.ts";
import { capNote, notesOn, readPauseNote } from "./schedule_notes.ts";
import { demandPrices } from "../spending/demand_prices.ts";
import { readFilter, type ScheduleRequest } from "./schedule_request.ts";
import type { Selecting } from "./scheduler_context.ts";

export interface SchedulePreview {
  readonly months: readonly DueMonth[];
  readonly totals: BackfillTotals;
  /** Why months that could be expected are not among them, and what will hold them up, in sentences. */
  readonly notes: readonly string[];
  /** What running these months will take. */
  readonly forecast: Forecast;
}

/**
 * The dry run: what `scheduleMonths` would claim next, by the same selection. Changes nothing.
 *
 * Throws `AppError` BAD_REQUEST when the run's cap cannot be kept.
 */
export async function previewMonths(
  context: Selecting,
  request: ScheduleRequest,
): Promise<SchedulePreview> {
  const { sql } = context.database;
  demandPrices(context, request.max_cost_usd);
  const pause = await readPauseNote(sql);
  const filter = await readFilter(context, request);
  const months = pause === null
    ? await previewDueMonths(sql, {
      filter,
      limit: request.batch_size,
      at: context.clock.sqlNow(),
    })
    : [];
  const forecast = await forecastMonths(context, { request, months });
  const aboveCap = capNote(context.cost_caps, {
    forecastUsd: forecast.cost_usd,
    runCapUsd: request.max_cost_usd,
  });
  return {
    months,
    totals: await readTotals(sql),
    notes: [
      ...(pause === null ? await notesOn(context, { request, filter, months }) : [pause]),
      ...(aboveCap === null ? [] : [aboveCap]),
    ],
    forecast,
  };
}
