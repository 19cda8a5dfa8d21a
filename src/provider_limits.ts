import type { Clock } from "./clock.ts";
import type { Database } from "./database/connection.ts";
import { spendQuota, storeHealth } from "./database/provider_limits.ts";
import { createSharedGate, type DailyQuota } from "./database/shared_gate.ts";
import type { CallGate } from "./domain/call_gate.ts";
import { quotaDay } from "./domain/quota_day.ts";
import type { Log } from "./log.ts";
import type { HttpEvent } from "./providers/http_event.ts";

/** What one provider's client needs to keep to what all processes share. */
export interface SharedLimits {
  /** Absent when neither rate nor quota limits anything. */
  readonly gate?: CallGate;
  readonly onEvent: (event: HttpEvent) => void;
}

/** The limits of one provider, shared through the database; its obstacles become known to all. */
export function shareLimits(
  { database, clock, log }: { database: Database; clock: Clock; log: Log },
  { provider, ratePerSecond, quota }: {
    provider: string;
    ratePerSecond: number;
    quota: DailyQuota | null;
  },
): SharedLimits {
  const { sql } = database;
  // Not known before the first answer: another process may have left its obstacle behind.
  let isKnownToAnswer = false;

  async function share(event: HttpEvent): Promise<void> {
    const at = clock.sqlNow();
    if (event.kind === "answered" && !isKnownToAnswer) {
      isKnownToAnswer = true;
      await storeHealth(sql, { provider, obstacle: null, at });
    }
    if (event.kind !== "breaker_opened") return;
    isKnownToAnswer = false;
    const { code, message, until } = event;
    const obstacle = { code, message, until: new Date(until) };
    await storeHealth(sql, { provider, obstacle, at });
    if (code === "PROVIDER_QUOTA_SPENT" && quota) {
      const day = quotaDay(clock.now(), quota.zone);
      await spendQuota(sql, { provider, day, limit: quota.limit });
    }
  }

  const isLimited = ratePerSecond !== Infinity || quota !== null;
  const gate = createSharedGate({ database, clock }, {
    provider,
    ratePerSecond,
    quota,
    onObstacle: () => void (isKnownToAnswer = false),
  });
  return {
    ...(isLimited ? { gate } : {}),
    onEvent(event): void {
      logEvent(log, event);
      share(event).catch((error) => log.warn("provider_health_not_written", { provider, error }));
    },
  };
}

function logEvent(log: Log, { kind, ...fields }: HttpEvent): void {
  const isLoud = kind === "failed" || kind === "breaker_opened";
  log[isLoud ? "warn" : "debug"](`provider_${kind}`, fields);
}
