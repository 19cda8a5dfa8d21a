import type { ClaimedMonth } from "../database/months/months.ts";
import { releaseClaim } from "../claims/release_claim.ts";
import { AppError } from "../errors.ts";
import { jobMessage } from "../queue/job_message.ts";
import type { SchedulerContext } from "./scheduler_context.ts";

/**
 * Creates the live statuses of committed claims and sends their hints. When that fails, the claims
 * are released, so that nothing stays claimed that nobody was told about.
 *
 * Throws `AppError` QUEUE_UNREACHABLE after releasing.
 */
export async function announceClaims(
  context: SchedulerContext,
  claims: readonly ClaimedMonth[],
): Promise<void> {
  if (claims.length === 0) return;
  try {
    await context.statuses.create(claims);
    await context.queue.send(claims.map(jobMessage));
  } catch (error) {
    for (const { job_id } of claims) await releaseClaim(context, job_id);
    throw new AppError(
      "QUEUE_UNREACHABLE",
      "The queue does not take messages; the months were given back. Try again later",
      { cause: error },
    );
  }
}
