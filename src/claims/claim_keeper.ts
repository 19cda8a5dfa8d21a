import { renewLeases } from "../database/months/months.ts";
import { beginClaim, type BilledClaim, type HeldClaim, type Holding } from "./held_claim.ts";
import { releaseClaim } from "./release_claim.ts";

/** The claims of this process. */
export interface ClaimKeeper {
  /**
   * Begins a claim and keeps it until `body` has ended. Does nothing when it was begun before, has ended,
   * or belongs to somebody else by now.
   */
  hold(
    jobId: string,
    signal: AbortSignal,
    body: (claim: HeldClaim) => Promise<void>,
  ): Promise<void>;
  /**
   * Renews the leases of these claims, begun or not, and saves what those that were begun have cost.
   * Answers the job ids that still hold.
   */
  renew(jobIds: readonly string[]): Promise<readonly string[]>;
  /** Gives back a claim that was not begun. Never rejects: a lease that stays lapses by itself. */
  release(jobId: string): Promise<void>;
}

/** Keeps claims whose leases last `lease_seconds` from each renewal. */
export function createClaimKeeper(
  holding: Holding & { readonly lease_seconds: number },
): ClaimKeeper {
  const { database, clock, log, lease_seconds: leaseSeconds } = holding;
  const held = new Set<BilledClaim>();
  return {
    async hold(jobId, signal, body): Promise<void> {
      const billed = await beginClaim(holding, { jobId, signal });
      if (billed === null) {
        log.info("message_dropped", {
          job_id: jobId,
          reason: "handled already, or the claim is gone",
        });
        return;
      }
      held.add(billed);
      try {
        await body(billed.claim);
      } finally {
        held.delete(billed);
      }
    },
    async renew(jobIds): Promise<readonly string[]> {
      const holds = await renewLeases(database.sql, { jobIds, leaseSeconds, at: clock.sqlNow() });
      try {
        for (const { saveBill } of held) await saveBill();
      } catch (error) {
        // They are saved again with the next leases, and at the latest with the outcomes.
        log.warn("calls_not_saved", { error });
      }
      return holds;
    },
    async release(jobId): Promise<void> {
      try {
        await releaseClaim(holding, jobId);
      } catch (error) {
        // A database that is away must not keep the service from stopping.
        log.warn("claim_not_released", { job_id: jobId, error });
      }
    },
  };
}
