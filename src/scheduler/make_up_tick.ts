import { readCronRun } from "../database/scheduling/cron_runs.ts";
import { lastCronMoment } from "../domain/time/cron_expression.ts";
import type { SchedulerContext } from "./scheduler_context.ts";
import { tick, TICK_LEASE_SECONDS, TICK_TASK } from "./tick.ts";

/** A tick that is not done this long after its time will not be done by its cron. */
const PATIENCE_SECONDS = 300;
/** However often it is missed, one a day is made up for: what was away may go away again. */
const MADE_UP_SECONDS = 86_400;

/**
 * Does the tick now when it was not done at its time, because the database or the service was away, and
 * says so. Leaves it to the next one when that is near. Times are by this process's clock, as they are
 * for its cron; only how long ago something was comes from the database. Safe to run at any time, by any
 * number of processes: the tick's lease decides.
 *
 * `schedule` is a cron expression. Returns how many months were scheduled, null when nothing was missed.
 */
export async function makeUpTick(
  context: SchedulerContext,
  { batchSize, schedule }: { batchSize: number; schedule: string },
): Promise<number | null> {
  const { database, clock, log } = context;
  if (await database.trouble() !== null) return null;
  const last = await readCronRun(database.sql, { task: TICK_TASK, at: clock.sqlNow() });
  const now = clock.now().getTime();
  const moment = (seconds: number): Date => new Date(now + seconds * 1000);
  const dueAt = lastCronMoment(schedule, moment(-PATIENCE_SECONDS));
  if (dueAt === null || dueAt <= moment(-last.ran_seconds_ago)) return null;
  if ((last.made_up_seconds_ago ?? Infinity) < MADE_UP_SECONDS) return null;
  const nextAt = lastCronMoment(schedule, moment(TICK_LEASE_SECONDS));
  if (nextAt !== null && nextAt > moment(0)) return null;
  const scheduled = await tick(context, { batchSize, isMadeUp: true });
  if (scheduled !== null) log.warn("tick_made_up", { missed: dueAt.toISOString(), scheduled });
  return scheduled;
}
