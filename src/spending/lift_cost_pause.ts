import { endAlerts } from "../alerts/open_and_close.ts";
import type { Clock } from "../clock.ts";
import { type AlertKey, listOpenAlerts } from "../database/alerts/alerts.ts";
import type { Database, Queryable } from "../database/connection/connection.ts";
import { lockControl, readPause, resumeBackfill } from "../database/scheduling/pause.ts";
import { readRunCap } from "../database/scheduling/runs.ts";
import {
  type CostCap,
  type CostCaps,
  isCapLifted,
  parseCostCap,
  parseUnpriced,
  PAUSED_BY_CAP,
} from "../domain/money/cost_cap.ts";
import { hasPrice, type ModelPrice } from "../domain/money/model_prices.ts";
import { quotaDay } from "../domain/time/quota_day.ts";
import type { Log } from "../log.ts";
import type { ProviderLineup } from "../domain/providers/provider_lineup.ts";
import { wakeMonths } from "../limits/wake_months.ts";

/** What lifting a pause takes. */
export interface Lifting {
  readonly database: Database;
  readonly clock: Clock;
  readonly log: Log;
  readonly cost_caps: CostCaps;
  /** Prices the operator gave, by model. */
  readonly model_prices: Readonly<Record<string, ModelPrice>>;
  readonly lineup: ProviderLineup;
}

/**
 * Lets the backfill go on when no cap that paused it holds any more: it was raised, or its day is
 * over; and when a model no cap could be kept for has a price, or is not asked any more. A pause by a
 * person is never lifted. True when the backfill goes on by this.
 */
export async function liftCostPause(context: Lifting): Promise<boolean> {
  const { database, clock, log } = context;
  // The alert may have been deleted by hand; a cap that still holds then pauses again, with a new one.
  const isPaused = (await readPause(database.sql))?.by === PAUSED_BY_CAP;
  if (!isPaused && (await listReached(database.sql)).length === 0) return false;
  const isResumed = await database.sql.begin(async (tx) => {
    await lockControl(tx);
    const reached = await listReached(tx);
    const lifted: AlertKey[] = [];
    for (const alert of reached) {
      if (await isLifted(context, { tx, subject: alert.subject })) lifted.push(alert);
    }
    await endAlerts(tx, { alerts: lifted, at: clock.sqlNow() }, { log });
    if (lifted.length < reached.length) return false;
    const isOn = await resumeBackfill(tx, PAUSED_BY_CAP);
    if (isOn) log.info("backfill_resumed", { lifted: lifted.map(({ subject }) => subject) });
    return isOn;
  });
  if (isResumed) await wakeMonths(context, "cap_lifted");
  return isResumed;
}

async function listReached(sql: Queryable): Promise<AlertKey[]> {
  return (await listOpenAlerts(sql)).filter(({ kind }) => kind === "cost_cap_reached");
}

async function isLifted(
  context: Lifting,
  { tx, subject }: { tx: Queryable; subject: string },
): Promise<boolean> {
  const unpriced = parseUnpriced(subject);
  if (unpriced !== null) {
    const isAsked = context.lineup.generators.some(({ model }) => model === unpriced);
    return !isAsked || hasPrice(unpriced, context.model_prices);
  }
  const cap = parseCostCap(subject);
  return cap === null || isCapLifted(cap, await capNow(context, { tx, cap }));
}

async function capNow(
  { clock, cost_caps }: Lifting,
  { tx, cap: { scope, id } }: { tx: Queryable; cap: CostCap },
): Promise<Parameters<typeof isCapLifted>[1]> {
  const capNowUsd = scope === "day"
    ? cost_caps.max_cost_per_day_usd
    : await readRunCap(tx, Number(id)) ?? cost_caps.max_cost_per_run_usd;
  return { today: quotaDay(clock.now(), "utc"), capNowUsd };
}
