import type { ScheduleAnswer } from "../../api/schedule_backfill.ts";
import type { Forecast } from "../../domain/money/forecast.ts";
import { monthKey } from "../../domain/months/month.ts";
import { usd } from "./render_stats.ts";

/** What was started, or what a dry run says would be, for people. */
export function scheduleScreen(answer: ScheduleAnswer): string {
  const list = answer.months.map((month) =>
    month.status === "pending" || month.status === "processing"
      ? monthKey(month)
      : `${monthKey(month)} (${month.status})`
  ).join(", ");
  const named = list === "" ? "" : `: ${list}`;
  const lines = answer.dry_run
    ? [
      `Would start ${counted(answer.months.length, "month")}${named}`,
      ...(answer.months.length > 0 ? forecastLines(answer.forecast) : []),
    ]
    : [
      `Started ${counted(answer.execution_summary.triggered, "month")}` +
      `${answer.run_id === null ? "" : ` as run ${answer.run_id}`}${named}`,
    ];
  return [...lines, ...answer.notes.map(inFlags)].join("\n");
}

/** A sentence of the API, which names fields, with the flags of this command in their place. */
export function inFlags(note: string): string {
  return note.replace(
    /"(\w+)": (?:true|\[…\])/g,
    (_, field: string) => `--${field.replaceAll("_", "-")}`,
  );
}

function forecastLines(
  { books, calls, cost_usd, unpriced_models, basis }: Forecast,
): string[] {
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
