import { dropCronLease, takeCronLease } from "../database/scheduling/cron_leases.ts";
import { noteCronRun } from "../database/scheduling/cron_runs.ts";
import { scheduleMonths } from "./schedule_months.ts";
import { DUE_MONTHS } from "./schedule_request.ts";
import type { SchedulerContext } from "./scheduler_context.ts";

/** Longer than the clocks of two machines differ, shorter than the shortest sensible cadence. */
export const TICK_LEASE_SECONDS = 600;

/** What the tick is called where crons are noted. */
export const TICK_TASK = "tick";

/**
 * One scheduled run: claims the next batch. Each process has its own cron, so the first to take the
 * lease does it. Returns how many months it scheduled, `null` when another process had the tick.
 * `isMadeUp` notes that it comes in the place of one that was missed.
 */
export async function tick(
  context: SchedulerContext,
  { batchSize, isMadeUp = false }: { batchSize: number; isMadeUp?: boolean },
): Promise<number | null> {
  const { database, clock, instance, log } = context;
  const lease = { task: TICK_TASK, by: instance };
  const isOurs = await takeCronLease(database.sql, {
    ...lease,
    seconds: TICK_LEASE_SECONDS,
    at: clock.sqlNow(),
  });
  if (!isOurs) {
    log.debug("tick_left_to_another");
    return null;
  }
  try {
    const { claims, notes } = await scheduleMonths(context, {
      request: { ...DUE_MONTHS, batch_size: batchSize },
      startedBy: "tick",
    });
    await noteCronRun(database.sql, { task: TICK_TASK, isMadeUp, at: clock.sqlNow() });
    log.info("ticked", { scheduled: claims.length, notes });
    return claims.length;
  } catch (error) {
    await dropCronLease(database.sql, lease);
    throw error;
  }
}
