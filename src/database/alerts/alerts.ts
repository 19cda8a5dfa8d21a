import { z } from "zod";
import { momentSchema } from "../../domain/time/moment.ts";
import { momentParameter, type Queryable } from "../connection/connection.ts";

/** What can need an operator. */
const ALERT_KINDS = [
  /** The backfill is paused because a day or a run has cost what it may. */
  "cost_cap_reached",
  /** No model answers, and months wait for one. */
  "generators_down",
  /** A generator will not answer before somebody does something about it. */
  "generator_refused",
  /** There is nobody to name books. */
  "no_generator",
  /** A provider wants to be asked at another host than that of the settings. */
  "other_host",
  /** ISBNs have waited long for the provider of second opinions. */
  "isbns_unchecked",
] as const;

/** One of a kind is open for one subject at a time; `subject` is empty where the kind says it all. */
const alertKeySchema = z.object({ kind: z.enum(ALERT_KINDS), subject: z.string() });

export const openAlertSchema = alertKeySchema.extend({
  cause: z.string(),
  /** What to do about it. */
  advice: z.string(),
  opened_at: momentSchema,
});

export type AlertKey = Readonly<z.infer<typeof alertKeySchema>>;
export type OpenAlert = Readonly<z.infer<typeof openAlertSchema>>;

/** Opens an alert, or brings the cause of the open one up to date. True when it was not open before. */
export async function openAlert(
  sql: Queryable,
  { kind, subject, cause, advice, at }: Omit<OpenAlert, "opened_at"> & { at: Date | null },
): Promise<boolean> {
  const rows = await sql<{ is_new: boolean }[]>`
    INSERT INTO alert (kind, subject, cause, advice, opened_at)
    VALUES (${kind}, ${subject}, ${cause}, ${advice},
      coalesce(${momentParameter(at)}::timestamptz, now()))
    ON CONFLICT (kind, subject) WHERE closed_at IS NULL
    DO UPDATE SET cause = excluded.cause, advice = excluded.advice
      WHERE (alert.cause, alert.advice) <> (excluded.cause, excluded.advice)
    -- An inserted row has no xmax; one to be updated was locked first.
    RETURNING xmax = 0 AS is_new`;
  return rows[0]?.is_new ?? false;
}

/** Closes those of the alerts that are open, because their cause is gone; returns them. */
export async function closeAlerts(
  sql: Queryable,
  { alerts, at }: { alerts: readonly AlertKey[]; at: Date | null },
): Promise<AlertKey[]> {
  if (alerts.length === 0) return [];
  return await sql<AlertKey[]>`
    UPDATE alert
    SET closed_at = greatest(opened_at, coalesce(${momentParameter(at)}::timestamptz, now()))
    WHERE closed_at IS NULL
      AND (kind, subject) IN (
        SELECT * FROM unnest(${alerts.map(({ kind }) => kind)}::text[],
          ${alerts.map(({ subject }) => subject)}::text[])
      )
    RETURNING kind, subject`;
}

/** The alerts that are open, oldest first. */
export async function listOpenAlerts(sql: Queryable): Promise<OpenAlert[]> {
  return await sql<OpenAlert[]>`
    SELECT kind, subject, cause, advice, opened_at FROM alert
    WHERE closed_at IS NULL
    ORDER BY opened_at, id`;
}
