import { momentParameter, type Queryable } from "../connection/connection.ts";

/** Takes the lease of a cron task for `seconds`; false when another process has it. */
export async function takeCronLease(
  sql: Queryable,
  { task, by, seconds, at }: { task: string; by: string; seconds: number; at: Date | null },
): Promise<boolean> {
  const moment = momentParameter(at);
  const rows = await sql`
    INSERT INTO cron_lease (task, leased_by, leased_until)
    VALUES (${task}, ${by}, coalesce(${moment}::timestamptz, now()) + make_interval(secs => ${seconds}))
    ON CONFLICT (task) DO UPDATE
    SET leased_by = excluded.leased_by, leased_until = excluded.leased_until
    WHERE cron_lease.leased_until <= coalesce(${moment}::timestamptz, now())
    RETURNING task`;
  return rows.length === 1;
}

/** Gives a lease back early, so that a failed run can be tried again. */
export async function dropCronLease(
  sql: Queryable,
  { task, by }: { task: string; by: string },
): Promise<void> {
  await sql`DELETE FROM cron_lease WHERE task = ${task} AND leased_by = ${by}`;
}
