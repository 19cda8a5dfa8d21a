import type { Clock } from "../clock.ts";
import type { Database } from "../database/connection/connection.ts";
import { recordOutcome } from "../database/months/record_outcome.ts";
import { ClaimLostError } from "../errors.ts";
import type { Log } from "../log.ts";

/**
 * Gives back a claim that was never begun: no attempt is spent. Nothing happens when it is lost already.
 *
 * Throws what the database throws.
 */
export async function releaseClaim(
  { database, clock, log }: {
    readonly database: Pick<Database, "sql">;
    readonly clock: Clock;
    readonly log: Log;
  },
  jobId: string,
): Promise<void> {
  try {
    await database.sql.begin((tx) =>
      recordOutcome(tx, { jobId, outcome: { kind: "released" }, at: clock.sqlNow() })
    );
  } catch (error) {
    if (!(error instanceof ClaimLostError)) throw error;
    log.info("claim_lost", { job_id: jobId });
  }
}
