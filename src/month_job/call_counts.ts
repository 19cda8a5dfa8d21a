import type { MonthRun } from "./month_job_context.ts";

/** Counts one request that left for `provider`. */
export function countCall(run: MonthRun, provider: string): void {
  run.calls[provider] = (run.calls[provider] ?? 0) + 1;
}
