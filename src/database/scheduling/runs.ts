import { momentParameter, type Queryable } from "../connection/connection.ts";

/** What made a scheduling happen. */
export type RunStarter = "tick" | "api" | "command" | "demo" | "experiment";

/**
 * Notes one scheduling, which the claims made by it name, and returns its id. `maxCostUsd` is the most
 * its model calls may cost together; null leaves that to the settings.
 */
export async function startRun(
  sql: Queryable,
  { startedBy, maxCostUsd, at }: {
    startedBy: RunStarter;
    maxCostUsd: number | null;
    at: Date | null;
  },
): Promise<number> {
  const [row] = await sql<{ id: number }[]>`
    INSERT INTO run (started_by, started_at, max_cost_usd)
    VALUES (${startedBy}, coalesce(${momentParameter(at)}::timestamptz, now()), ${maxCostUsd})
    RETURNING id`;
  return row!.id;
}

/** The cap of a run in US dollars; null when it has none of its own. */
export async function readRunCap(sql: Queryable, runId: number): Promise<number | null> {
  const [row] = await sql<{ cap_usd: number | null }[]>`
    SELECT max_cost_usd::float8 AS cap_usd FROM run WHERE id = ${runId}`;
  return row?.cap_usd ?? null;
}

/** US dollars spent by a run, or reserved for calls whose bill is not known. */
export async function readRunCost(sql: Queryable, runId: number): Promise<number> {
  const [row] = await sql<{ usd: number }[]>`
    SELECT coalesce(sum(coalesce(cost_usd, reserved_usd)), 0)::float8 AS usd
    FROM spending WHERE run_id = ${runId}`;
  return row!.usd;
}

/** Gives a run another cap of its own, in US dollars; false when there is no such run. */
export async function setRunCap(
  sql: Queryable,
  { runId, maxCostUsd }: { runId: number; maxCostUsd: number },
): Promise<boolean> {
  const rows =
    await sql`UPDATE run SET max_cost_usd = ${maxCostUsd} WHERE id = ${runId} RETURNING id`;
  return rows.length === 1;
}
