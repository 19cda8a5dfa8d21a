import { momentParameter, type Queryable } from "./connection.ts";

/**
 * Takes the provider's next free place, `spacingMs` after the one before, and says how long to wait
 * for it; null, with nothing taken, when that is longer than `maxWaitMs`.
 */
export async function takeTurn(
  sql: Queryable,
  { provider, spacingMs, maxWaitMs, at }: {
    provider: string;
    spacingMs: number;
    maxWaitMs: number;
    at: Date | null;
  },
): Promise<number | null> {
  const moment = momentParameter(at);
  const now = sql`coalesce(${moment}::timestamptz, clock_timestamp())`;
  const spacing = sql`make_interval(secs => ${spacingMs / 1000}::float8)`;
  const [row] = await sql<{ wait_ms: number }[]>`
    INSERT INTO provider_rate AS rate (provider, next_free_at) VALUES (${provider}, ${now} + ${spacing})
    ON CONFLICT (provider) DO UPDATE SET next_free_at = greatest(rate.next_free_at, ${now}) + ${spacing}
      WHERE rate.next_free_at <= ${now} + make_interval(secs => ${maxWaitMs / 1000}::float8)
    RETURNING extract(epoch FROM next_free_at - ${spacing} - ${now})::float8 * 1000 AS wait_ms`;
  return row === undefined ? null : Math.max(0, row.wait_ms);
}

/** Takes `cost` units of the day's quota if that many are left; false, with nothing taken, if not. */
export async function takeQuota(
  sql: Queryable,
  { provider, day, cost, limit }: { provider: string; day: string; cost: number; limit: number },
): Promise<boolean> {
  if (cost > limit) return false;
  const rows = await sql`
    INSERT INTO provider_quota AS quota (provider, day, used) VALUES (${provider}, ${day}, ${cost})
    ON CONFLICT (provider, day) DO UPDATE SET used = quota.used + ${cost}
      WHERE quota.used + ${cost} <= ${limit}
    RETURNING used`;
  return rows.length === 1;
}

/** Notes that the provider itself said the day's quota is spent: `limit` was too high a guess. */
export async function spendQuota(
  sql: Queryable,
  { provider, day, limit }: { provider: string; day: string; limit: number },
): Promise<void> {
  await sql`
    INSERT INTO provider_quota AS quota (provider, day, used) VALUES (${provider}, ${day}, ${limit})
    ON CONFLICT (provider, day) DO UPDATE SET used = greatest(quota.used, ${limit})`;
}

export interface ProviderObstacle {
  readonly code: string;
  readonly message: string;
  readonly until: Date;
}

/** What holds the provider back at this moment, as any process has found; null when nothing does. */
export async function findObstacle(
  sql: Queryable,
  { provider, at }: { provider: string; at: Date | null },
): Promise<ProviderObstacle | null> {
  const [row] = await sql<ProviderObstacle[]>`
    SELECT code, message, open_until AS until FROM provider_health
    WHERE provider = ${provider} AND state = 'open'
      AND open_until > coalesce(${momentParameter(at)}::timestamptz, now())`;
  return row ?? null;
}

/** Records that the provider is held back, or with `null` that it answers again. */
export async function storeHealth(
  sql: Queryable,
  { provider, obstacle, at }: {
    provider: string;
    obstacle: ProviderObstacle | null;
    at: Date | null;
  },
): Promise<void> {
  await sql`
    INSERT INTO provider_health (provider, state, code, message, open_until, changed_at)
    VALUES (${provider}, ${obstacle ? "open" : "closed"}, ${obstacle?.code ?? null},
      ${obstacle?.message ?? null}, ${obstacle?.until.toISOString() ?? null}::timestamptz,
      coalesce(${momentParameter(at)}::timestamptz, now()))
    ON CONFLICT (provider) DO UPDATE SET state = excluded.state, code = excluded.code,
      message = excluded.message, open_until = excluded.open_until,
      changed_at = excluded.changed_at`;
}
