import {
  type AlertKey,
  closeAlerts,
  type OpenAlert,
  openAlert,
} from "../database/alerts/alerts.ts";
import type { Queryable } from "../database/connection/connection.ts";
import type { Log } from "../log.ts";

/** What an operator is told: what it is about, why, and what to do. */
export type Alert = Omit<OpenAlert, "opened_at">;

/** Opens an alert, or brings the open one up to date; the log hears of a new one. */
export async function raiseAlert(
  sql: Queryable,
  alert: Alert & { readonly at: Date | null },
  { log }: { log: Log },
): Promise<void> {
  const { kind, subject, cause } = alert;
  if (await openAlert(sql, alert)) log.error("alert_opened", { kind, subject, cause });
}

/** Closes those of the alerts that are open, because their cause is gone; the log hears of each. */
export async function endAlerts(
  sql: Queryable,
  ended: { readonly alerts: readonly AlertKey[]; readonly at: Date | null },
  { log }: { log: Log },
): Promise<void> {
  for (const { kind, subject } of await closeAlerts(sql, ended)) {
    log.info("alert_closed", { kind, subject });
  }
}
