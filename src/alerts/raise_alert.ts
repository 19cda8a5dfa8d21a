import {
  type AlertKey,
  closeAlerts,
  type OpenAlert,
  openAlert,
} from "../database/alerts/alerts.ts";
import type { Queryable } from "../database/connection/connection.ts";
import type { Log } from "../log.ts";

/** Opens an alert, or brings the open one up to date; the log hears of a new one. */
export async function raiseAlert(
  sql: Queryable,
  alert: Omit<OpenAlert, "opened_at"> & { readonly at: Date | null },
  { log }: { log: Log },
): Promise<void> {
  const { kind, subject, cause } = alert;
  if (await openAlert(sql, alert)) log.error("alert_opened", { kind, subject, cause });
}

/** Closes those of the alerts that are open, because their cause is gone. */
export async function endAlerts(
  sql: Queryable,
  ended: { readonly alerts: readonly AlertKey[]; readonly at: Date | null },
): Promise<void> {
  await closeAlerts(sql, ended);
}
