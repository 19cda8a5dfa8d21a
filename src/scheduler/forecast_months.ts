import type { DueMonth } from "../database/scheduling/due_months.ts";
import {
  countDecidedBooks,
  listRememberedAnswers,
  readForecastHistory,
} from "../database/stats/forecast_history.ts";
import { type Forecast, forecast, type ForecastMonth } from "../domain/money/forecast.ts";
import { priceOf } from "../domain/money/model_prices.ts";
import type { Prompt } from "../domain/generation/generator.ts";
import { buildPrompt, variantFor } from "../domain/generation/prompt.ts";
import type { Selecting } from "./scheduler_context.ts";
import type { ScheduleRequest } from "./schedule_request.ts";

/** What running these months will take, with what is remembered of each and of all earlier ones. */
export async function forecastMonths(
  { database, clock, lineup, model_prices }: Selecting,
  { request, months }: { request: ScheduleRequest; months: readonly DueMonth[] },
): Promise<Forecast> {
  const at = clock.now();
  const monthIds = months.map(({ month_id }) => month_id);
  const answers = request.ask_afresh ? [] : await listRememberedAnswers(database.sql, monthIds);
  const decided = await countDecidedBooks(database.sql, { monthIds, at: clock.sqlNow() });
  const asked = months.map((month): ForecastMonth => {
    const prompt = promptOf(month, request);
    const remembered = lineup.generators.filter(({ name, model }) =>
      answers.some((answer) =>
        answer.month_id === month.month_id && answer.generator === name &&
        answer.model === model && answer.prompt_hash === prompt.hash
      )
    );
    const known = decided.find(({ month_id }) => month_id === month.month_id);
    return {
      year: month.year,
      month: month.month,
      asked_books: month.asked_books,
      prompt_chars: prompt.system.length + prompt.user.length,
      remembered: remembered.map(({ name }) => name),
      known_books: known?.books || null,
      decided_books: known?.decided ?? 0,
    };
  });
  const generators = lineup.generators.map(({ name, kind, model }) => ({
    name,
    kind,
    model,
    price: kind === "catalogue" ? null : priceOf(model, { at, given: model_prices }),
  }));
  return forecast(asked, {
    lineup: { ...lineup, generators },
    history: await readForecastHistory(database.sql),
  });
}

function promptOf(month: DueMonth, request: ScheduleRequest): Prompt {
  return buildPrompt({
    month: { year: month.year, month: month.month },
    variant: request.prompt_variant ?? variantFor(month.year, month.prompt_variant),
    maxBooks: month.asked_books,
  });
}
