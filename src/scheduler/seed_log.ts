import { demandReady } from "../database/connection/connection.ts";
import { seedMonths } from "../database/months/months.ts";
import type { SchedulerContext } from "./scheduler_context.ts";

/**
 * Adds the missing months of whole years to the log; returns how many were added. Throws `AppError` with
 * what keeps the database from its work.
 */
export async function seedLog(
  { database, log }: Pick<SchedulerContext, "database" | "log">,
  years: { yearStart: number; yearEnd: number },
): Promise<number> {
  await demandReady(database);
  const count = await seedMonths(database.sql, years);
  if (count > 0) {
    log.info("log_seeded", { count, year_start: years.yearStart, year_end: years.yearEnd });
  }
  return count;
}
