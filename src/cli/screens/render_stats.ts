import { monthKey } from "../../domain/months/month.ts";
import type { FitCounts } from "../../database/stats/backfill_totals.ts";
import type { BackfillStats } from "../../stats/backfill_stats.ts";

const BAR_WIDTH = 40;

/** One line that changes while months are worked on: the states of its `own` months, of `wanted`. */
export function progressLine(
  progress: BackfillStats["progress"],
  { own, wanted }: { own: Partial<BackfillStats["by_status"]>; wanted: number },
): string {
  const { completed = 0, processing = 0, retry = 0, failed = 0 } = own;
  const others = [
    processing > 0 ? `${processing} under way or next` : "",
    retry > 0 ? `${retry} waiting to retry` : "",
    failed > 0 ? `${failed} failed` : "",
  ].filter((part) => part !== "");
  return `${completed}/${wanted} months` +
    `, ${progress.total_isbns_resolved} of ${progress.total_books_generated} books resolved` +
    (others.length > 0 ? ` (${others.join(", ")})` : "");
}

/** A screen for people: where the backfill stands, what needs them, and what ended last. */
export function statsScreen(stats: BackfillStats): string {
  const { total_months, by_status, progress, verification } = stats;
  const lines = [
    "",
    `${
      bar(by_status.completed, total_months)
    } ${by_status.completed} of ${total_months} months completed`,
    `pending ${by_status.pending}   processing ${by_status.processing}   retry ${by_status.retry}` +
    `   failed ${by_status.failed}`,
    `books ${progress.total_books_generated}   resolved ${progress.total_isbns_resolved}` +
    ` (${
      percent(progress.total_books_generated === 0 ? null : progress.overall_resolution_rate)
    })   queued for enrichment ${progress.total_isbns_queued}`,
    verificationLine(verification),
    ...costLines(stats.costs),
    ...(total_months === 0 ? ["the log has no months yet: deno task seed adds them"] : []),
    ...noticeLines(stats),
    ...monthTable(stats.recent_activity),
  ];
  return lines.join("\n");
}

function verificationLine({ in_month, in_year, elsewhere, unknown }: FitCounts): string {
  const named = in_month + in_year + elsewhere + unknown;
  const share = named === 0 ? "–" : `${percent((100 * in_month) / named)} of the books`;
  return `appeared in the month named ${in_month} (${share})   elsewhere in its year ${in_year}` +
    `   in another year ${elsewhere}   unresolved or undated ${unknown}`;
}

function costLines(costs: BackfillStats["costs"]): string[] {
  const { tokens, by_model, unpriced_answers, reserved_usd, experiments_usd } = costs;
  const parts = [
    `cost ${usd(costs.total_usd)}`,
    costs.usd_per_completed_month === null
      ? ""
      : `${usd(costs.usd_per_completed_month)} a completed month`,
    costs.usd_per_confirmed_book === null
      ? ""
      : `${usd(costs.usd_per_confirmed_book)} a confirmed book`,
    `tokens ${count(tokens.input)} in, ${count(tokens.output)} out, ${
      count(tokens.thinking)
    } thinking`,
  ];
  const lines = [parts.filter((part) => part !== "").join("   ")];
  const paid = by_model.filter(({ cost_usd, tokens_output }) => cost_usd > 0 || tokens_output > 0);
  for (const one of paid) {
    const price = one.unpriced_answers > 0 && one.cost_usd === 0
      ? "cost unknown"
      : usd(one.cost_usd);
    lines.push(`  ${one.generator} ${one.model}: ${count(one.answers)} answers, ${price}`);
  }
  if (experiments_usd > 0) lines.push(`  ${usd(experiments_usd)} of it is for experiments`);
  if (reserved_usd > 0) {
    lines.push(`  ${usd(reserved_usd)} of it is reserved for calls whose bill is not known`);
  }
  if (unpriced_answers > 0) {
    lines.push(
      `  not in it: ${count(unpriced_answers)} answers of models without a price; set MODEL_PRICES`,
    );
  }
  return lines;
}

/** What an operator must know of. */
function noticeLines(
  { database, stale, waiting, isbn_checks, pause, alerts }: BackfillStats,
): string[] {
  const lines: string[] = database.error === null ? [] : [`alert: ${database.error}`];
  if (isbn_checks.waiting_since !== null) {
    lines.push(
      `ISBNs that wait for their check ${isbn_checks.waiting}, the first since ` +
        moment(isbn_checks.waiting_since),
    );
  }
  if (waiting !== null) {
    const due = waiting.first_due_at === null ? "now" : moment(waiting.first_due_at);
    lines.push(
      `waiting ${waiting.count}, the first until ${due}: ${
        waiting.first_reason ?? "no reason given"
      }`,
    );
  }
  if (stale.total > 0) {
    const reasons = [
      stale.model > 0 ? `${stale.model} by another model` : "",
      stale.prompt > 0 ? `${stale.prompt} with an older prompt` : "",
      stale.gone > 0 ? `${stale.gone} by generators that are gone` : "",
    ].filter((reason) => reason !== "");
    lines.push(
      `stale ${stale.total} (${reasons.join(", ")}): deno task schedule --stale makes them again`,
    );
  }
  if (pause !== null) {
    lines.push(`paused by ${pause.by ?? "an operator"}: ${pause.reason ?? "no reason given"}`);
  }
  for (const { cause, advice } of alerts) lines.push(`alert: ${cause}`, `       ${advice}`);
  return lines;
}

function monthTable(months: BackfillStats["recent_activity"]): string[] {
  if (months.length === 0) return [];
  return [
    "",
    "month     status      books  resolved  in month  queued     rate",
    ...months.map((month) =>
      [
        monthKey(month).padEnd(9),
        month.status.padEnd(10),
        String(month.books_generated).padStart(6),
        String(month.isbns_resolved).padStart(9),
        String(month.verification.in_month).padStart(9),
        String(month.isbns_queued).padStart(7),
        percent(month.resolution_rate).padStart(8),
        month.error_message ?? month.note ?? "",
      ].join(" ").trimEnd()
    ),
  ];
}

/** Dollars, with as many decimals as small amounts need. */
export function usd(amount: number): string {
  return `$${amount.toFixed(amount === 0 || amount >= 1 ? 2 : 4)}`;
}

/** To the minute, in UTC. */
function moment(at: Date): string {
  return `${at.toISOString().slice(0, 16).replace("T", " ")} UTC`;
}

function count(number: number): string {
  return number.toLocaleString("en-US");
}

function bar(part: number, whole: number): string {
  const filled = whole === 0 ? 0 : Math.round((BAR_WIDTH * part) / whole);
  return "█".repeat(filled) + "░".repeat(BAR_WIDTH - filled);
}

function percent(rate: number | null): string {
  return rate === null ? "–" : `${rate.toFixed(1)} %`;
}
