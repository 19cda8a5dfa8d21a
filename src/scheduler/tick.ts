import { dropCronLease, takeCronLease } from "../database/cron_leases.ts";
import { scheduleMonths } from "./schedule_months.ts";
import { DUE_MONTHS } from "./schedule_request.ts";
import type { SchedulerContext } from "./scheduler_context.ts";

/** Longer than the clocks of two machines differ, shorter than the shortest sensible cadence. */
const TICK_LEASE_SECONDS = 600;

/**
 * One scheduled run: claims the next batch. Each process has its own cron, so the first to take the
 * lease does it. Returns how many months it scheduled, `null` when another process had the tick.
 */
export async function tick(
  context: SchedulerContext,
  { batchSize }: { batchSize: number },
): Promise<number | null> {
  const { database, clock, instance, log } = context;
  const lease = { task: "tick", by: instance };
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
    log.info("ticked", { scheduled: claims.length, notes });
    return claims.length;
  } catch (error) {
    await dropCronLease(database.sql, lease);
    throw error;
  }
}
