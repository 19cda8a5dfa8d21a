import { z } from "zod";
import { monthKey } from "../../domain/months/month.ts";
import { usd } from "./render_stats.ts";

/** The answer of the service to a scheduling, as far as people are shown it. */
export const scheduleAnswerSchema = z.object({
  dry_run: z.boolean(),
  months: z.array(z.object({ year: z.number(), month: z.number(), status: z.string() })),
  notes: z.array(z.string()),
  run_id: z.number().nullish(),
  execution_summary: z.object({ triggered: z.number() }).optional(),
  forecast: z.object({
    months: z.number(),
    books: z.number(),
    calls: z.record(z.string(), z.number()),
    cost_usd: z.number(),
    unpriced_models: z.array(z.string()),
    basis: z.string(),
  }).optional(),
});

export type ScheduleAnswer = z.infer<typeof scheduleAnswerSchema>;

/** What was started, or what a dry run says would be, for people. */
export function scheduleScreen(answer: ScheduleAnswer): string {
  const { months, notes, forecast, run_id, execution_summary } = answer;
  const list = months.map((month) =>
    month.status === "pending" || month.status === "processing"
      ? monthKey(month)
      : `${monthKey(month)} (${month.status})`
  ).join(", ");
  const lines = [
    answer.dry_run
      ? `Would start ${counted(months.length, "month")}${list === "" ? "" : `: ${list}`}`
      : `Started ${counted(execution_summary?.triggered ?? 0, "month")}` +
        `${typeof run_id === "number" ? ` as run ${run_id}` : ""}${list === "" ? "" : `: ${list}`}`,
  ];
  if (forecast !== undefined && months.length > 0) lines.push(...forecastLines(forecast));
  return [...lines, ...notes.map(inFlags)].join("\n");
}

/** A sentence of the API, which names fields, with the flags of this command in their place. */
export function inFlags(note: string): string {
  return note.replace(
    /"(\w+)": (?:true|\[…\])/g,
    (_, field: string) => `--${field.replaceAll("_", "-")}`,
  );
}

function forecastLines(forecast: NonNullable<ScheduleAnswer["forecast"]>): string[] {
  const { books, calls, cost_usd, unpriced_models, basis } = forecast;
  const sorted = Object.entries(calls).filter(([, count]) => count > 0).toSorted(([, a], [, b]) =>
    b - a
  );
  const total = sorted.reduce((sum, [, count]) => sum + count, 0);
  const cost = unpriced_models.length === 0
    ? `cost about ${usd(cost_usd)}`
    : `cost about ${usd(cost_usd)}, and what ${unpriced_models.join(", ")} takes, whose price is ` +
      `not known (set MODEL_PRICES)`;
  return [
    `Forecast: ${counted(books, "book")}, ${counted(total, "call")}, ${cost}`,
    `  ${sorted.map(([provider, count]) => `${provider} ${count}`).join(", ")}`,
    `  based on: ${basis}`,
  ];
}

function counted(count: number, thing: string): string {
  return `${count.toLocaleString("en-US")} ${thing}${count === 1 ? "" : "s"}`;
}
