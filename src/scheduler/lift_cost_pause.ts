import { type AlertKey, closeAlerts, listOpenAlerts } from "../database/alerts.ts";
import type { Queryable } from "../database/connection.ts";
import { lockControl, readPause, resumeProgramme } from "../database/control.ts";
import { readRunCap } from "../database/runs.ts";
import { type CostCap, isCapLifted, parseCostCap, PAUSED_BY_CAP } from "../domain/cost_cap.ts";
import { quotaDay } from "../domain/quota_day.ts";
import type { SchedulerContext } from "./scheduler_context.ts";
import { wakeMonths } from "./wake_months.ts";

/**
 * Lets the programme go on when no cap that paused it holds any more: it was raised, or its day is
 * over. A pause by a person is never lifted. True when the programme goes on by this.
 */
export async function liftCostPause(
  context: Pick<SchedulerContext, "database" | "clock" | "cost_caps" | "log">,
): Promise<boolean> {
  const { database, clock, log } = context;
  // The alert may have been deleted by hand; a cap that still holds then pauses again, with a new one.
  const isPaused = (await readPause(database.sql))?.by === PAUSED_BY_CAP;
  if (!isPaused && (await listReached(database.sql)).length === 0) return false;
  const isResumed = await database.sql.begin(async (tx) => {
    await lockControl(tx);
    const reached = await listReached(tx);
    const lifted: AlertKey[] = [];
    for (const alert of reached) {
      const cap = parseCostCap(alert.subject);
      if (cap === null || await isLifted(context, { tx, cap })) lifted.push(alert);
    }
    await closeAlerts(tx, { alerts: lifted, at: clock.sqlNow() });
    if (lifted.length < reached.length) return false;
    const isOn = await resumeProgramme(tx, PAUSED_BY_CAP);
    if (isOn) log.info("programme_resumed", { lifted: lifted.map(({ subject }) => subject) });
    return isOn;
  });
  if (isResumed) await wakeMonths(context, "cap_lifted");
  return isResumed;
}

async function listReached(sql: Queryable): Promise<AlertKey[]> {
  return (await listOpenAlerts(sql)).filter(({ kind }) => kind === "cost_cap_reached");
}

async function isLifted(
  { clock, cost_caps }: Pick<SchedulerContext, "clock" | "cost_caps">,
  { tx, cap }: { tx: Queryable; cap: CostCap },
): Promise<boolean> {
  const capNowUsd = cap.scope === "day"
    ? cost_caps.max_cost_per_day_usd
    : await readRunCap(tx, Number(cap.id)) ?? cost_caps.max_cost_per_run_usd;
  return isCapLifted(cap, { today: quotaDay(clock.now(), "utc"), capNowUsd });
}
