import type { Log } from "../log.ts";
import type { SchedulerContext } from "../scheduler/scheduler_context.ts";

/** What the routes need. */
export interface ApiContext {
  readonly scheduler: SchedulerContext;
  readonly log: Log;
  /** The value of `X-Cron-Secret` that opens `/api/internal/*`. */
  readonly secret: string;
}
