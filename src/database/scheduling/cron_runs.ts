import { momentParameter, type Queryable } from "../connection/connection.ts";

/** When a cron task last ran, as seconds ago by the database's clock. */
export interface LastCronRun {
  readonly ran_seconds_ago: number;
  /** The last time it ran late, in the place of one that was missed; null when it never did. */
  readonly made_up_seconds_ago: number | null;
}

/** The last run of a task. One that never ran counts from the first time anybody asks. */
export async function readCronRun(
  sql: Queryable,
  { task, at }: { task: string; at: Date | null },
): Promise<LastCronRun> {
  const now = sql`coalesce(${momentParameter(at)}::timestamptz, now())`;
  await sql`INSERT INTO cron_run (task, ran_at) VALUES (${task}, ${now}) ON CONFLICT DO NOTHING`;
  const [row] = await sql<LastCronRun[]>`
    SELECT extract(epoch FROM ${now} - ran_at)::float8 AS ran_seconds_ago,
      extract(epoch FROM ${now} - made_up_at)::float8 AS made_up_seconds_ago
    FROM cron_run WHERE task = ${task}`;
  return row!;
}

/** Notes that a task has run; `isMadeUp` when it did in the place of one that was missed. */
export async function noteCronRun(
  sql: Queryable,
  { task, isMadeUp, at }: { task: string; isMadeUp: boolean; at: Date | null },
): Promise<void> {
  const now = sql`coalesce(${momentParameter(at)}::timestamptz, now())`;
  await sql`
    INSERT INTO cron_run AS run (task, ran_at, made_up_at)
    VALUES (${task}, ${now}, CASE WHEN ${isMadeUp}::boolean THEN ${now} END)
    ON CONFLICT (task) DO UPDATE
    SET ran_at = excluded.ran_at, made_up_at = coalesce(excluded.made_up_at, run.made_up_at)`;
}
