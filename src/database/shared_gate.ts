import type { Clock } from "../clock.ts";
import type { CallGate, GateRefusal } from "../domain/call_gate.ts";
import { nextQuotaReset, quotaDay, type QuotaZone } from "../domain/quota_day.ts";
import type { Database } from "./connection.ts";
import { findObstacle, takeQuota, takeTurn } from "./provider_limits.ts";

/** A day's allowance as we keep to it: what the provider grants, less what is held back. */
export interface DailyQuota {
  readonly limit: number;
  readonly zone: QuotaZone;
}

/**
 * Requests that leave evenly spaced still arrive a little unevenly; this much more space keeps any
 * second on the other side within the rate.
 */
const SPACING_MARGIN = 1.1;

/**
 * The gate in front of one provider for all processes that share the database. An infinite rate has
 * no turns, and a null quota no count; what any process has found to hold the provider back holds
 * for all of them.
 */
export function createSharedGate(
  { database, clock }: { database: Database; clock: Clock },
  { provider, ratePerSecond, quota, onObstacle }: {
    provider: string;
    ratePerSecond: number;
    quota: DailyQuota | null;
    /** Told when something another process found holds the provider back. */
    onObstacle: () => void;
  },
): CallGate {
  const spacingMs = (1000 / ratePerSecond) * SPACING_MARGIN;

  async function waitForTurn(
    { maxWaitMs, signal }: { maxWaitMs: number; signal: AbortSignal },
  ): Promise<GateRefusal | null> {
    const at = clock.sqlNow();
    const waitMs = await takeTurn(database.sql, { provider, spacingMs, maxWaitMs, at });
    if (waitMs === null) {
      return {
        code: "PROVIDER_RATE_LIMITED",
        message: `${provider} has no free turn within ${Math.ceil(maxWaitMs / 1000)} seconds`,
        until: new Date(clock.now().getTime() + maxWaitMs),
      };
    }
    if (waitMs > 0) await clock.sleep(waitMs, signal);
    return null;
  }

  async function takePart(cost: number, { limit, zone }: DailyQuota): Promise<GateRefusal | null> {
    const now = clock.now();
    const day = quotaDay(now, zone);
    if (await takeQuota(database.sql, { provider, day, cost, limit })) return null;
    return {
      code: "PROVIDER_QUOTA_SPENT",
      message: `${provider} has no more of its ${limit} calls of ${day}`,
      until: nextQuotaReset(now, zone),
    };
  }

  return {
    async enter({ cost, maxWaitMs, signal }): Promise<GateRefusal | null> {
      const obstacle = await findObstacle(database.sql, { provider, at: clock.sqlNow() });
      if (obstacle) {
        onObstacle();
        const { message, until } = obstacle;
        return { code: "PROVIDER_RATE_LIMITED", message, until };
      }
      if (spacingMs > 0) {
        const refusal = await waitForTurn({ maxWaitMs, signal });
        if (refusal) return refusal;
      }
      // Last, so that a request called off while it waited has used nothing of the day.
      return quota === null ? null : await takePart(cost, quota);
    },
  };
}
