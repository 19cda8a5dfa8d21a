import { markHinted } from "../database/months/attempts.ts";
import { lockMonthsToAskAgain } from "../database/catalogue/candidates.ts";
import type { Transaction } from "../database/connection/connection.ts";
import { readPause } from "../database/scheduling/pause.ts";
import { lockDueRetries } from "../database/scheduling/due_months.ts";
import { type ClaimedMonth, claimMonths, rerunMonths } from "../database/months/months.ts";
import { recordOutcome } from "../database/months/record_outcome.ts";
import { listUnbegunClaims, lockLostClaims } from "../database/scheduling/stranded_claims.ts";
import { monthKey } from "../domain/months/month.ts";
import { decideRescue } from "../domain/months/decide_outcome.ts";
import { jobMessage } from "../queue/job_message.ts";
import { announceClaims } from "./announce_claims.ts";
import { closeOutdatedAlerts } from "../alerts/close_outdated_alerts.ts";
import { liftCostPause } from "../spending/lift_cost_pause.ts";
import type { SchedulerContext } from "./scheduler_context.ts";

/** Rows of each kind one rescue handles; the next run a minute later takes the rest. */
const BATCH = 50;
/** Another process's unbegun claim is young for this long: its hint is probably under way. */
const HINT_PATIENCE_SECONDS = 60;

export interface RescueResult {
  /** Claims taken back from workers that disappeared. */
  readonly taken_back: number;
  /** Claims whose hint was sent again. */
  readonly hinted: number;
  /** Months in `retry` whose time had come, claimed again. */
  readonly resumed: number;
  /** Completed months with books nobody could be asked about, claimed again. */
  readonly asked_again: number;
}

const NOTHING: RescueResult = { taken_back: 0, hinted: 0, resumed: 0, asked_again: 0 };

/**
 * Makes sure that nothing sticks: takes back what a vanished worker left, sends lost hints again,
 * resumes retries that are due, and takes up months with books nobody could be asked about. Lets the
 * backfill go on when the cost cap that paused it holds no more. Safe to run at any time, by any number
 * of processes. While the database cannot work nothing is begun.
 *
 * `held` tells the claims this process is working on or has waiting, at the moment it is called.
 */
export async function rescueMonths(
  context: SchedulerContext,
  held: () => readonly string[],
): Promise<RescueResult> {
  if (await context.database.trouble() !== null) return NOTHING;
  const takenBack = await takeBackLost(context, held);
  const hinted = await hintAgain(context, held());
  await closeOutdatedAlerts(context);
  await liftCostPause(context);
  const isPaused = await readPause(context.database.sql) !== null;
  const resumed = isPaused ? 0 : await resumeRetries(context);
  const askedAgain = isPaused ? 0 : await askAgain(context);
  const result = { taken_back: takenBack, hinted, resumed, asked_again: askedAgain };
  if (takenBack + hinted + resumed + askedAgain > 0) {
    context.log.info("months_rescued", { ...result });
  }
  return result;
}

async function takeBackLost(
  context: SchedulerContext,
  held: () => readonly string[],
): Promise<number> {
  const { database, clock, instance } = context;
  const at = clock.sqlNow();
  return await database.sql.begin(async (tx) => {
    const found = await lockLostClaims(tx, {
      worker: instance,
      heldJobIds: held(),
      limit: BATCH,
      at,
    });
    // What this process began while the question was under way is held by now, and not lost.
    const heldNow = held();
    const claims = found.filter(({ job_id, is_lapsed }) => is_lapsed || !heldNow.includes(job_id));
    for (const claim of claims) {
      await recordOutcome(tx, {
        jobId: claim.job_id,
        outcome: decideRescue(claim, {
          policy: context.outcome_policy,
          random: context.random(),
        }),
        error: { code: "LOST", message: "The worker disappeared (lost)" },
        isLost: true,
        at,
      });
      context.log.warn("month_lost", { job_id: claim.job_id, month: monthKey(claim) });
    }
    return claims.length;
  });
}

async function hintAgain(
  { database, queue, clock, instance }: SchedulerContext,
  heldJobIds: readonly string[],
): Promise<number> {
  const at = clock.sqlNow();
  const claims = await listUnbegunClaims(database.sql, {
    worker: instance,
    heldJobIds,
    olderThanSeconds: HINT_PATIENCE_SECONDS,
    limit: BATCH,
    at,
  });
  if (claims.length === 0) return 0;
  await queue.send(claims.map(jobMessage));
  await markHinted(database.sql, { jobIds: claims.map(({ job_id }) => job_id), at });
  return claims.length;
}

async function resumeRetries(context: SchedulerContext): Promise<number> {
  const { database, clock } = context;
  const claims: ClaimedMonth[] = await database.sql.begin(async (tx) => {
    const at = clock.sqlNow();
    return await claim(context, {
      tx,
      monthIds: await lockDueRetries(tx, { limit: BATCH, at }),
      at,
    });
  });
  await announceClaims(context, claims);
  return claims.length;
}

/**
 * Takes up months whose books a provider was silent about, now that it answers. Everything else of
 * the month is remembered, so nobody but that provider is asked.
 */
async function askAgain(context: SchedulerContext): Promise<number> {
  const { database, clock, ask_again_seconds } = context;
  const claims: ClaimedMonth[] = await database.sql.begin(async (tx) => {
    const at = clock.sqlNow();
    const found = await lockMonthsToAskAgain(tx, {
      firstWaitSeconds: ask_again_seconds,
      limit: BATCH,
      at,
    });
    return await claim(context, { tx, monthIds: await rerunMonths(tx, found), at });
  });
  await announceClaims(context, claims);
  return claims.length;
}

async function claim(
  { instance, lease_seconds }: SchedulerContext,
  { tx, monthIds, at }: { tx: Transaction; monthIds: readonly number[]; at: Date | null },
): Promise<ClaimedMonth[]> {
  return await claimMonths(tx, { monthIds, leaseSeconds: lease_seconds, claimedBy: instance, at });
}
