import { retryDatabase } from "../database/connection/retry_database.ts";
import type { MonthJobContext, MonthRun } from "./month_job_context.ts";

/**
 * Asks the database for a month, and while it cannot work again, for as long as the month's lease lasts:
 * what was paid for is held meanwhile, and nobody is asked twice. `ask` must be safe to run again, see
 * {@linkcode retryDatabase}.
 *
 * Throws what `ask` throws.
 */
export async function askDatabase<T>(
  ask: () => Promise<T>,
  { context: { clock, database_wait_ms }, run: { log, signal } }: {
    context: Pick<MonthJobContext, "clock" | "database_wait_ms">;
    run: Pick<MonthRun, "log" | "signal">;
  },
): Promise<T> {
  return await retryDatabase(ask, { clock, log, signal, limitMs: database_wait_ms });
}
