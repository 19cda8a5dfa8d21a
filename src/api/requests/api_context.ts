import type { Redact } from "../../domain/text/redaction.ts";
import type { Log } from "../../log.ts";
import type { RescueWatch } from "../../scheduler/rescue_watch.ts";
import type { SchedulerContext } from "../../scheduler/scheduler_context.ts";

/** What the routes need. */
export interface ApiContext {
  readonly scheduler: SchedulerContext;
  readonly rescues: RescueWatch;
  readonly log: Log;
  /** The value of `X-Cron-Secret` that opens `/api/internal/*`. */
  readonly secret: string;
  /** Takes secrets out of every answer, such as one that was stored before it was one. */
  readonly redact: Redact;
}
