import { momentParameter, type Queryable } from "../connection/connection.ts";

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

/**
 * Takes `cost` units of the day's quota if that many are left; false, with nothing taken, if not. All
 * together take at most `limit`, and at most what the provider said it grants less `buffer`.
 */
export async function takeQuota(
  sql: Queryable,
  { provider, day, cost, limit, buffer }: {
    provider: string;
    day: string;
    cost: number;
    limit: number;
    buffer: number;
  },
): Promise<boolean> {
  if (cost > limit) return false;
  const rows = await sql`
    INSERT INTO provider_quota AS quota (provider, day, used) VALUES (${provider}, ${day}, ${cost})
    ON CONFLICT (provider, day) DO UPDATE SET used = quota.used + ${cost}
      WHERE quota.used + ${cost} <= least(${limit}, quota.granted - ${buffer})
    RETURNING used`;
  return rows.length === 1;
}

/**
 * Notes what the provider says of its day: how many calls it grants and how many of them are spent, by
 * us or by others. What we counted ourselves stands when it is more, since some may be on their way.
 */
export async function noteGrant(
  sql: Queryable,
  { provider, day, granted, spent }: {
    provider: string;
    day: string;
    granted: number;
    spent: number;
  },
): Promise<void> {
  await sql`
    INSERT INTO provider_quota AS quota (provider, day, used, granted)
    VALUES (${provider}, ${day}, ${spent}, ${granted})
    ON CONFLICT (provider, day) DO UPDATE SET used = greatest(quota.used, excluded.used),
      granted = excluded.granted`;
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
  /** How much longer it holds the provider back, in ms: a moment would be by one of two clocks. */
  readonly wait_ms: number;
}

/**
 * What holds the provider back at this moment, as any process has found; null when nothing does. What is
 * wrong with a key, its account or a model holds back nobody who asks with another one: `credential` is
 * the fingerprint of ours.
 */
export async function findObstacle(
  sql: Queryable,
  { provider, credential, at }: { provider: string; credential: string | null; at: Date | null },
): Promise<ProviderObstacle | null> {
  const now = sql`coalesce(${momentParameter(at)}::timestamptz, now())`;
  const [row] = await sql<ProviderObstacle[]>`
    SELECT code, message, extract(epoch FROM open_until - ${now})::float8 * 1000 AS wait_ms
    FROM provider_health
    WHERE provider = ${provider} AND state = 'open' AND open_until > ${now}
      AND (
        code IN ('PROVIDER_KEY_REFUSED', 'PROVIDER_OUT_OF_CREDIT', 'PROVIDER_REJECTED_REQUEST')
        AND credential <> ${credential}::text
      ) IS NOT TRUE`;
  return row ?? null;
}

/**
 * Records that the provider is held back, or with `null` that it answers again, as found by a process
 * whose key and model have the fingerprint `credential`.
 */
export async function storeHealth(
  sql: Queryable,
  { provider, obstacle, credential, at }: {
    provider: string;
    obstacle: ProviderObstacle | null;
    credential: string | null;
    at: Date | null;
  },
): Promise<void> {
  const now = sql`coalesce(${momentParameter(at)}::timestamptz, now())`;
  const waitSeconds = obstacle === null ? null : obstacle.wait_ms / 1000;
  await sql`
    INSERT INTO provider_health (provider, state, code, message, open_until, credential, changed_at)
    VALUES (${provider}, ${obstacle ? "open" : "closed"}, ${obstacle?.code ?? null},
      ${obstacle?.message ?? null}, ${now} + ${waitSeconds}::float8 * interval '1 second',
      ${credential}, ${now})
    ON CONFLICT (provider) DO UPDATE SET state = excluded.state, code = excluded.code,
      message = excluded.message, open_until = excluded.open_until,
      credential = excluded.credential, changed_at = excluded.changed_at`;
}
