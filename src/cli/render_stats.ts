import { monthKey } from "../domain/month.ts";
import type { BackfillStats } from "../stats/backfill_stats.ts";

const BAR_WIDTH = 40;

/** One line that changes while months are worked on: `done` of the `wanted` ones have completed. */
export function progressLine(
  { by_status, progress }: BackfillStats,
  { done, wanted }: { done: number; wanted: number },
): string {
  const { processing, retry, failed } = by_status;
  const others = [
    processing > 0 ? `${processing} under way or next` : "",
    retry > 0 ? `${retry} waiting to retry` : "",
    failed > 0 ? `${failed} failed` : "",
  ].filter((part) => part !== "");
  return `${done}/${wanted} months` +
    `, ${progress.total_isbns_resolved} of ${progress.total_books_generated} books resolved` +
    (others.length > 0 ? ` (${others.join(", ")})` : "");
}

/** A screen for people: where the backfill stands and what ended last. */
export function statsScreen(stats: BackfillStats): string {
  const { total_months, by_status, progress, recent_activity } = stats;
  const lines = [
    "",
    `${
      bar(by_status.completed, total_months)
    } ${by_status.completed} of ${total_months} months completed`,
    `pending ${by_status.pending}   processing ${by_status.processing}   retry ${by_status.retry}` +
    `   failed ${by_status.failed}`,
    `books ${progress.total_books_generated}   resolved ${progress.total_isbns_resolved}` +
    ` (${
      percent(progress.overall_resolution_rate)
    })   queued for enrichment ${progress.total_isbns_queued}`,
  ];
  if (recent_activity.length > 0) {
    lines.push("", "month     status      books  resolved  queued   rate");
    for (const month of recent_activity) {
      lines.push(
        [
          monthKey(month).padEnd(9),
          month.status.padEnd(10),
          String(month.books_generated).padStart(6),
          String(month.isbns_resolved).padStart(9),
          String(month.isbns_queued).padStart(7),
          percent(month.resolution_rate).padStart(8),
          month.error_message ?? month.note ?? "",
        ].join(" ").trimEnd(),
      );
    }
  }
  return lines.join("\n");
}

function bar(part: number, whole: number): string {
  const filled = whole === 0 ? 0 : Math.round((BAR_WIDTH * part) / whole);
  return "█".repeat(filled) + "░".repeat(BAR_WIDTH - filled);
}

function percent(rate: number | null): string {
  return rate === null ? "–" : `${rate.toFixed(1)} %`;
}
