import type { CheckState } from "../../domain/isbns/isbn_check.ts";
import type { EditionCandidate } from "../../domain/matching/resolver.ts";
import { momentParameter, type Queryable } from "../connection/connection.ts";

export type NewEdition = Omit<EditionCandidate, "isbn13"> & {
  readonly isbn13: string;
  readonly work_id: number;
  readonly resolution_key: string;
  /** Score of the match decision, 0–100. */
  readonly score: number;
  readonly check_state: CheckState;
};

/**
 * Inserts the editions not stored yet and returns how many these were. One that was stored before and
 * waits for its check has it now when it comes back checked.
 */
export async function storeEditions(
  sql: Queryable,
  { editions, monthId, at }: {
    editions: readonly NewEdition[];
    monthId: number;
    at: Date | null;
  },
): Promise<number> {
  if (editions.length === 0) return 0;
  const moment = momentParameter(at);
  const stored = sql`
    INSERT INTO edition (isbn13, work_id, title, subtitle, language, binding, publisher, pages,
      published_year, published_month, published_day, resolution_key, score, month_id, created_at,
      check_state, check_waits_since)
    SELECT isbn13, work_id, title, subtitle, language, binding, publisher, pages,
      (published ->> 'year')::int, (published ->> 'month')::int, (published ->> 'day')::int,
      resolution_key, score, ${monthId}, coalesce(${moment}::timestamptz, now()), check_state,
      CASE WHEN check_state = 'waiting' THEN coalesce(${moment}::timestamptz, now()) END
    FROM jsonb_to_recordset(${sql.json(editions as never)}::jsonb) AS given (
      isbn13 text, work_id int, title text, subtitle text, language text, binding text,
      publisher text, pages int, published jsonb, resolution_key text, score numeric,
      check_state text)
    ON CONFLICT (isbn13) DO NOTHING
    RETURNING isbn13`;
  const checked = editions.filter(({ check_state }) => check_state === "checked");
  const [rows] = await Promise.all([
    stored,
    markChecked(sql, checked.map(({ isbn13 }) => isbn13)),
  ]);
  return rows.length;
}

/** These ISBNs wait for no check any more: what was held of them is handed out. */
export async function markChecked(sql: Queryable, isbns: readonly string[]): Promise<void> {
  if (isbns.length === 0) return;
  const given = sql`${isbns as string[]}::text[]`;
  await Promise.all([
    sql`UPDATE edition SET check_state = 'checked', check_waits_since = NULL
      WHERE isbn13 = ANY(${given}) AND check_state = 'waiting'`,
    sql`UPDATE enrichment_queue SET status = 'pending'
      WHERE isbn13 = ANY(${given}) AND status = 'held'`,
  ]);
}

/**
 * Queues for enrichment those of the stored ISBNs that never were; they count as this month's. What
 * waits for its check is held.
 */
export async function queueForEnrichment(
  sql: Queryable,
  { isbns, monthId, at }: { isbns: readonly string[]; monthId: number; at: Date | null },
): Promise<void> {
  await sql`
    INSERT INTO enrichment_queue (isbn13, month_id, status, queued_at)
    SELECT isbn13, ${monthId}::int, CASE check_state WHEN 'waiting' THEN 'held' ELSE 'pending' END,
      coalesce(${momentParameter(at)}::timestamptz, now())
    FROM edition WHERE isbn13 = ANY(${isbns as string[]}::text[])
    ON CONFLICT (isbn13) DO NOTHING`;
}
