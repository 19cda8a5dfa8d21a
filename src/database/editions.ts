import type { EditionCandidate } from "../domain/resolver.ts";
import { momentParameter, type Queryable } from "./connection.ts";

export type NewEdition = Omit<EditionCandidate, "isbn13"> & {
  readonly isbn13: string;
  readonly work_id: number;
  readonly resolution_key: string;
  /** Score of the match decision, 0–100. */
  readonly score: number;
};

/** Inserts the editions not stored yet and returns how many these were. */
export async function storeEditions(
  sql: Queryable,
  { editions, monthId, at }: {
    editions: readonly NewEdition[];
    monthId: number;
    at: Date | null;
  },
): Promise<number> {
  if (editions.length === 0) return 0;
  const rows = await sql`
    INSERT INTO edition (isbn13, work_id, title, subtitle, language, binding, publisher, pages,
      published_year, published_month, published_day, resolution_key, score, month_id, created_at)
    SELECT isbn13, work_id, title, subtitle, language, binding, publisher, pages,
      (published ->> 'year')::int, (published ->> 'month')::int, (published ->> 'day')::int,
      resolution_key, score, ${monthId}, coalesce(${momentParameter(at)}::timestamptz, now())
    FROM jsonb_to_recordset(${sql.json(editions as never)}::jsonb) AS given (
      isbn13 text, work_id int, title text, subtitle text, language text, binding text,
      publisher text, pages int, published jsonb, resolution_key text, score numeric)
    ON CONFLICT (isbn13) DO NOTHING
    RETURNING isbn13`;
  return rows.length;
}

/** Queues for enrichment those of the ISBNs that never were; they count as this month's. */
export async function queueForEnrichment(
  sql: Queryable,
  { isbns, monthId, at }: { isbns: readonly string[]; monthId: number; at: Date | null },
): Promise<void> {
  await sql`
    INSERT INTO enrichment_queue (isbn13, month_id, queued_at)
    SELECT DISTINCT isbn13, ${monthId}::int, coalesce(${momentParameter(at)}::timestamptz, now())
    FROM unnest(${isbns as string[]}::text[]) AS given (isbn13)
    ON CONFLICT (isbn13) DO NOTHING`;
}
