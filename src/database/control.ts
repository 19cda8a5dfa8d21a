import type { Queryable } from "./connection.ts";

export interface Pause {
  readonly by: string | null;
  readonly reason: string | null;
}

/** Who paused the programme and why; `null` while it runs. */
export async function readPause(sql: Queryable): Promise<Pause | null> {
  const [row] = await sql<{ is_paused: boolean; by: string | null; reason: string | null }[]>`
    SELECT is_paused, paused_by AS by, paused_reason AS reason FROM control WHERE id = 1`;
  return row?.is_paused ? { by: row.by, reason: row.reason } : null;
}
