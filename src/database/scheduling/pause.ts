import { z } from "zod";
import { momentParameter, type Queryable, type Transaction } from "../connection/connection.ts";

export const pauseSchema = z.object({ by: z.string().nullable(), reason: z.string().nullable() });

export type Pause = Readonly<z.infer<typeof pauseSchema>>;

/** Who paused the backfill and why; `null` while it runs. */
export async function readPause(sql: Queryable): Promise<Pause | null> {
  const [row] = await sql<{ is_paused: boolean; by: string | null; reason: string | null }[]>`
    SELECT is_paused, paused_by AS by, paused_reason AS reason FROM control WHERE id = 1`;
  return row?.is_paused ? { by: row.by, reason: row.reason } : null;
}

/**
 * Locks the backfill's row until the caller's transaction ends: who decides about money or the pause
 * does it one after the other. A row that was deleted by hand is put back.
 */
export async function lockControl(tx: Transaction): Promise<void> {
  await Promise.all([
    tx`INSERT INTO control (id) VALUES (1) ON CONFLICT (id) DO NOTHING`,
    tx`SELECT id FROM control WHERE id = 1 FOR UPDATE`,
  ]);
}

/** Pauses the backfill; one that is paused keeps its reason. */
export async function pauseBackfill(
  sql: Queryable,
  { by, reason, at }: { by: string; reason: string; at: Date | null },
): Promise<void> {
  await sql`
    UPDATE control
    SET is_paused = true, paused_by = ${by}, paused_reason = ${reason},
      paused_at = coalesce(${momentParameter(at)}::timestamptz, now())
    WHERE id = 1 AND NOT is_paused`;
}

/** Lets the backfill go on if it was `by` who paused it; true when it was. */
export async function resumeBackfill(sql: Queryable, by: string): Promise<boolean> {
  const rows = await sql`
    UPDATE control
    SET is_paused = false, paused_by = NULL, paused_reason = NULL, paused_at = NULL
    WHERE id = 1 AND is_paused AND paused_by = ${by}
    RETURNING id`;
  return rows.length === 1;
}
