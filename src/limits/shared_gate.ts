import type { Clock } from "../clock.ts";
import { type CallGate, type GateRefusal, refusalCode } from "../domain/providers/call_gate.ts";
import { nextQuotaReset, quotaDay, type QuotaZone } from "../domain/time/quota_day.ts";
import type { Database } from "../database/connection/connection.ts";
import type { Log } from "../log.ts";
import { findObstacle, takeQuota, takeTurn } from "../database/limits/provider_quota.ts";
import { retryWhileAway } from "../database/connection/retry_while_away.ts";

/** What we allow ourselves of a provider's day. */
export interface DailyQuota {
  /** Calls a day: what the settings say is granted, less the buffer. */
  readonly limit: number;
  /** Calls held back also of what the provider itself says it grants. */
  readonly buffer: number;
  readonly zone: QuotaZone;
}

/**
 * Requests that leave evenly spaced still arrive a little unevenly; this much more space keeps any
 * second on the other side within the rate.
 */
const SPACING_MARGIN = 1.1;

/** Later than this after its turn, a request would meet those of the next turns, and takes a new one. */
const LATEST_MS = 50;
/** When one turn after the other is missed, the machine is too slow for turns, and work goes on. */
const MAX_TURNS = 4;

/**
 * A request arrives later than it leaves, and clocks differ: this close to the provider's midnight it
 * counts on both days.
 */
const MIDNIGHT_MARGIN_MS = 2_000;

/**
 * The gate in front of one provider for all processes that share the database. An infinite rate has
 * no turns, and a null quota no count; what any process has found to hold the provider back holds
 * for all of them, but a refused key only for those with the same key.
 *
 * While the database cannot work, `enter` waits for it up to `database_wait_ms`, or what went through the
 * gate before for the same question would be asked again. Asked twice because an answer was lost, it
 * takes a turn, or units of the day, too many, never too few.
 */
export function createSharedGate(
  { database, clock, log, database_wait_ms }: {
    database: Database;
    clock: Clock;
    log: Log;
    database_wait_ms: number;
  },
  { provider, ratePerSecond, quota, credential = null, onObstacle }: {
    provider: string;
    ratePerSecond: number;
    quota: DailyQuota | null;
    /** The fingerprint of the key requests are sent with. */
    credential?: string | null;
    /** Told when something another process found holds the provider back. */
    onObstacle: () => void;
  },
): CallGate {
  const spacingMs = (1000 / ratePerSecond) * SPACING_MARGIN;
  // What any statement takes is no lateness, or a distant database would miss every turn.
  let fastestStatementMs = Infinity;

  function ask<T>(statement: () => Promise<T>, signal: AbortSignal): Promise<T> {
    return retryWhileAway(statement, { clock, log, signal, limitMs: database_wait_ms });
  }

  async function timed<T>(statement: () => Promise<T>, signal: AbortSignal): Promise<T> {
    const begunMs = clock.monotonicMs();
    const result = await ask(statement, signal);
    fastestStatementMs = Math.min(fastestStatementMs, clock.monotonicMs() - begunMs);
    return result;
  }

  /** Waits for a turn; by when the request should leave, or null when no turn is near enough. */
  async function waitForTurn(maxWaitMs: number, signal: AbortSignal): Promise<number | null> {
    const at = clock.sqlNow();
    const begunMs = clock.monotonicMs();
    const take = () => takeTurn(database.sql, { provider, spacingMs, maxWaitMs, at });
    const waitMs = await timed(take, signal);
    if (waitMs === null) return null;
    if (waitMs > 0) await clock.sleep(waitMs, signal);
    return begunMs + fastestStatementMs + waitMs + LATEST_MS;
  }

  function noTurn(maxWaitMs: number): GateRefusal {
    return {
      code: "PROVIDER_RATE_LIMITED",
      message: `${provider} has no free turn within ${Math.ceil(maxWaitMs / 1000)} seconds`,
      until: new Date(clock.now().getTime() + maxWaitMs),
    };
  }

  async function takePart(
    { cost, quota: { limit, buffer, zone }, signal }: {
      cost: number;
      quota: DailyQuota;
      signal: AbortSignal;
    },
  ): Promise<GateRefusal | null> {
    const now = clock.now().getTime();
    const moments = [new Date(now - MIDNIGHT_MARGIN_MS), new Date(now + MIDNIGHT_MARGIN_MS)];
    const days = new Map(moments.map((moment) => [quotaDay(moment, zone), moment]));
    for (const [day, moment] of days) {
      const take = () => takeQuota(database.sql, { provider, day, cost, limit, buffer });
      if (await timed(take, signal)) continue;
      return {
        code: "PROVIDER_QUOTA_SPENT",
        message: `${provider} has no more calls for ${day}, of which we take at most ${limit}`,
        until: new Date(nextQuotaReset(moment, zone).getTime() + MIDNIGHT_MARGIN_MS),
      };
    }
    return null;
  }

  return {
    async enter({ cost, maxWaitMs, signal }): Promise<GateRefusal | null> {
      const at = clock.sqlNow();
      const find = () => findObstacle(database.sql, { provider, credential, at });
      const obstacle = await ask(find, signal);
      if (obstacle) {
        onObstacle();
        const { code, message, wait_ms } = obstacle;
        const until = new Date(clock.now().getTime() + wait_ms);
        return { code: refusalCode(code), message, until };
      }
      let isCounted = quota === null || cost === 0;
      for (let turn = 1; turn <= MAX_TURNS; turn++) {
        const latestMs = spacingMs > 0 ? await waitForTurn(maxWaitMs, signal) : Infinity;
        if (latestMs === null) return noTurn(maxWaitMs);
        // Last, so that a request called off while it waited has used nothing of the day.
        if (!isCounted && quota !== null) {
          const refusal = await takePart({ cost, quota, signal });
          if (refusal) return refusal;
          isCounted = true;
        }
        if (clock.monotonicMs() <= latestMs + fastestStatementMs) break;
      }
      return null;
    },
  };
}
