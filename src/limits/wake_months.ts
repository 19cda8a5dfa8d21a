import type { Clock } from "../clock.ts";
import type { Database } from "../database/connection/connection.ts";
import { wakeSnoozedMonths } from "../database/scheduling/snoozed_months.ts";
import type { Log } from "../log.ts";

/**
 * Takes up the months that wait for what somebody had to do, instead of letting them wait on: after a
 * start, which is how keys and generators are set, those that had nobody to ask; after a cap was
 * lifted, those it kept. Where the obstacle is still there they wait again and spend nothing.
 */
export async function wakeMonths(
  { database, clock, log }: {
    readonly database: Pick<Database, "sql">;
    readonly clock: Clock;
    readonly log: Log;
  },
  reason: "started" | "cap_lifted",
): Promise<void> {
  const count = await wakeSnoozedMonths(database.sql, {
    codes: reason === "started" ? ["NO_GENERATOR", "EVERY_GENERATOR_DOWN"] : ["COST_CAP_REACHED"],
    at: clock.sqlNow(),
  });
  if (count > 0) log.info("months_woken", { count, reason });
}
