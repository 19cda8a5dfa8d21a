import { createHash } from "node:crypto";
import type { Clock } from "../clock.ts";
import { endAlerts, raiseAlert } from "../alerts/open_and_close.ts";
import { otherHostAlert } from "../alerts/resolver_alerts.ts";
import type { Database } from "../database/connection/connection.ts";
import { noteGrant, spendQuota, storeHealth } from "../database/limits/provider_quota.ts";
import { createSharedGate, type DailyQuota } from "./shared_gate.ts";
import type { CallGate, DailyGrant } from "../domain/providers/call_gate.ts";
import { quotaDay } from "../domain/time/quota_day.ts";
import type { Log } from "../log.ts";
import { DEFAULT_LEASE_MS, leaseLeftMs } from "../domain/time/lease.ts";
import type { HttpEvent } from "../providers/http/http_event.ts";

/** What one provider's client needs to keep to what all processes share. */
export interface SharedLimits {
  /** Absent when neither rate nor quota limits anything. */
  readonly gate?: CallGate;
  readonly onEvent: (event: HttpEvent) => void;
  /**
   * Takes what the provider says of its day, which binds all processes when it is less than the
   * settings say, and never rejects. Absent without a quota.
   */
  readonly onGrant?: (grant: DailyGrant) => Promise<void>;
  /**
   * Takes the host the provider wants to be asked at, and never rejects: another one than that of the
   * settings becomes an alert. Absent without a base URL.
   */
  readonly onHost?: (host: string) => Promise<void>;
}

/** What we allow ourselves of one provider. */
export interface Limits {
  readonly ratePerSecond: number;
  readonly quota?: DailyQuota | null;
  /** The key its requests are sent with, and the model they are for where there is one. */
  readonly credential?: string | undefined;
  /** Where it is asked, and the setting that says so, where the provider has several hosts. */
  readonly address?: { readonly setting: string; readonly baseUrl: string };
}

export interface LimitsParts {
  readonly database: Database;
  readonly clock: Clock;
  readonly log: Log;
  /** How long a request waits for the database; what a lease of the default length leaves if not given. */
  readonly database_wait_ms?: number;
}

/**
 * The limits of one provider, shared through the database; its obstacles become known to all.
 * `credential` is stored only as a fingerprint.
 */
export function providerLimits(
  { database, clock, log, database_wait_ms = leaseLeftMs(DEFAULT_LEASE_MS) }: LimitsParts,
  { provider, ratePerSecond, quota = null, credential: key, address }: Limits & {
    provider: string;
  },
): SharedLimits {
  const { sql } = database;
  const credential = key === undefined ? null : fingerprint(key);
  // Not known before the first answer: another process may have left its obstacle behind.
  let isKnownToAnswer = false;

  async function share(event: HttpEvent): Promise<void> {
    const at = clock.sqlNow();
    if (event.kind === "answered" && !isKnownToAnswer) {
      isKnownToAnswer = true;
      await storeHealth(sql, { provider, obstacle: null, credential, at });
    }
    if (event.kind !== "breaker_opened") return;
    isKnownToAnswer = false;
    const { code, message, until } = event;
    const wait_ms = Date.parse(until) - clock.now().getTime();
    const obstacle = { code, message, wait_ms };
    await storeHealth(sql, { provider, obstacle, credential, at });
    if (code === "PROVIDER_QUOTA_SPENT" && quota) {
      // The day that ends then: just after midnight it may still be yesterday's that was spent.
      const day = quotaDay(new Date(Date.parse(until) - 1), quota.zone);
      await spendQuota(sql, { provider, day, limit: quota.limit });
    }
  }

  async function learn(grant: DailyGrant, { zone, limit, buffer }: DailyQuota): Promise<void> {
    const day = quotaDay(clock.now(), zone);
    const isLess = grant.granted - buffer < limit;
    log[isLess ? "warn" : "info"]("provider_grant", { provider, day, ...grant, limit, buffer });
    try {
      await noteGrant(sql, { provider, day, ...grant });
    } catch (error) {
      // What the settings say holds meanwhile.
      log.warn("provider_grant_not_written", { provider, error });
    }
  }

  async function compareHost(
    named: string,
    { setting, baseUrl }: NonNullable<Limits["address"]>,
  ): Promise<void> {
    const used = new URL(baseUrl).host;
    const host = hostIn(named);
    if (host === null) return;
    const at = clock.sqlNow();
    const alert = otherHostAlert(provider, { named: host, used, setting });
    try {
      if (host === used) await endAlerts(sql, { alerts: [alert], at }, { log });
      else await raiseAlert(sql, { ...alert, at }, { log });
    } catch (error) {
      log.warn("provider_host_not_written", { provider, host, used, error });
    }
  }

  const isLimited = ratePerSecond !== Infinity || quota !== null;
  const gate = createSharedGate({ database, clock, log, database_wait_ms }, {
    provider,
    ratePerSecond,
    quota,
    credential,
    onObstacle: () => void (isKnownToAnswer = false),
  });
  return {
    ...(isLimited ? { gate } : {}),
    ...(quota === null ? {} : { onGrant: (grant) => learn(grant, quota) }),
    ...(address === undefined ? {} : { onHost: (host) => compareHost(host, address) }),
    onEvent(event): void {
      logEvent(log, event);
      share(event).catch((error) => log.warn("provider_health_not_written", { provider, error }));
    },
  };
}

/** The host in "api.premium.example" or "https://api.premium.example/"; null in anything else. */
function hostIn(named: string): string | null {
  return /^(?:https?:\/\/)?([a-z\d.-]+(?::\d+)?)\/?$/.exec(named.toLowerCase())?.[1] ?? null;
}

/** Enough of a key's SHA-256 to tell keys apart and too little to find one. */
const FINGERPRINT_LENGTH = 12;

function fingerprint(key: string): string {
  return createHash("sha256").update(key).digest("hex").slice(0, FINGERPRINT_LENGTH);
}

function logEvent(log: Log, { kind, ...fields }: HttpEvent): void {
  const isLoud = kind === "failed" || kind === "breaker_opened";
  log[isLoud ? "warn" : "debug"](`provider_${kind}`, fields);
}
