import type { BookQuery, ResolverName, WorkCandidate } from "../domain/resolver.ts";
import { momentParameter, type Queryable } from "./connection.ts";

/** A remembered decision. `decision` is what the match decision returned, as it was. */
export interface StoredResolution<Decision> {
  readonly key: string;
  readonly verdict: "found" | "ambiguous" | "not_found";
  readonly isbn13: string | null;
  readonly decision: Decision;
}

/** The remembered decisions under these keys that have not expired. */
export async function findResolutions<Decision>(
  sql: Queryable,
  { keys, at }: { keys: readonly string[]; at: Date | null },
): Promise<StoredResolution<Decision>[]> {
  return await sql<StoredResolution<Decision>[]>`
    SELECT key, verdict, isbn13, decision FROM resolution
    WHERE key = ANY(${keys as string[]}::text[])
      AND expires_at > coalesce(${momentParameter(at)}::timestamptz, now())`;
}

/** Remembers a decision for `keepSeconds`, replacing an earlier one under the same key. */
export async function storeResolution<Decision>(
  sql: Queryable,
  { resolution, query, jobId, keepSeconds, at }: {
    resolution: StoredResolution<Decision>;
    query: BookQuery;
    jobId: string;
    keepSeconds: number;
    at: Date | null;
  },
): Promise<void> {
  const moment = momentParameter(at);
  await sql`
    INSERT INTO resolution (key, title, author, year, verdict, isbn13, decision, job_id, decided_at,
      expires_at)
    VALUES (${resolution.key}, ${query.title}, ${query.author}, ${query.year},
      ${resolution.verdict}, ${resolution.isbn13}, ${asJson(sql, resolution.decision)}::jsonb,
      ${jobId}, coalesce(${moment}::timestamptz, now()),
      coalesce(${moment}::timestamptz, now()) + make_interval(secs => ${keepSeconds}))
    ON CONFLICT (key) DO UPDATE SET
      verdict = excluded.verdict, isbn13 = excluded.isbn13, decision = excluded.decision,
      job_id = excluded.job_id, decided_at = excluded.decided_at, expires_at = excluded.expires_at`;
}

/** What the providers answered about one book and has not expired; no works means not found. */
export async function findEvidence(
  sql: Queryable,
  { key, at }: { key: string; at: Date | null },
): Promise<{ provider: ResolverName; works: WorkCandidate[] }[]> {
  return await sql<{ provider: ResolverName; works: WorkCandidate[] }[]>`
    SELECT provider, works FROM evidence
    WHERE resolution_key = ${key}
      AND expires_at > coalesce(${momentParameter(at)}::timestamptz, now())
    ORDER BY provider`;
}

/** Remembers one provider's answer about one book for `keepSeconds`. */
export async function storeEvidence(
  sql: Queryable,
  { key, provider, works, jobId, keepSeconds, at }: {
    key: string;
    provider: ResolverName;
    works: readonly WorkCandidate[];
    jobId: string;
    keepSeconds: number;
    at: Date | null;
  },
): Promise<void> {
  const moment = momentParameter(at);
  await sql`
    INSERT INTO evidence (resolution_key, provider, works, job_id, asked_at, expires_at)
    VALUES (${key}, ${provider}, ${asJson(sql, works)}::jsonb, ${jobId},
      coalesce(${moment}::timestamptz, now()),
      coalesce(${moment}::timestamptz, now()) + make_interval(secs => ${keepSeconds}))
    ON CONFLICT (resolution_key, provider) DO UPDATE SET
      works = excluded.works, job_id = excluded.job_id, asked_at = excluded.asked_at,
      expires_at = excluded.expires_at`;
}

// The client's JSON type asks for index signatures, which plain interfaces do not have.
function asJson(sql: Queryable, value: unknown): ReturnType<Queryable["json"]> {
  return sql.json(value as Parameters<Queryable["json"]>[0]);
}
