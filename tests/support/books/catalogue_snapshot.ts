import type { Database } from "../../../src/database/connection/connection.ts";
import type { Journal } from "../../../src/simulator/faults/journal.ts";

/** What is told of months and books, as lines that do not depend on ids, times and tokens. */
const TABLES = {
  months: `
    SELECT to_jsonb(l) - '{id,job_id,started_at,completed_at,created_at,lease_expires_at,
      last_retry_at,next_attempt_at,error_message}'::text[] FROM backfill_log l`,
  candidates: `
    SELECT to_jsonb(c) - '{id,month_id,work_id}'::text[]
      || jsonb_build_object('month', l.year * 100 + l.month, 'work', w.identity_key)
    FROM candidate c JOIN backfill_log l ON l.id = c.month_id LEFT JOIN work w ON w.id = c.work_id`,
  works: `
    SELECT to_jsonb(w) - '{id,month_id,created_at,updated_at}'::text[]
      || jsonb_build_object('month', l.year * 100 + l.month, 'authors', (
        SELECT jsonb_agg(a.name ORDER BY wa.position) FROM work_author wa
        JOIN author a ON a.id = wa.author_id WHERE wa.work_id = w.id))
    FROM work w LEFT JOIN backfill_log l ON l.id = w.month_id`,
  editions: `
    SELECT to_jsonb(e) - '{work_id,month_id,created_at,check_waits_since}'::text[]
      || jsonb_build_object('month', l.year * 100 + l.month, 'work', w.identity_key)
    FROM edition e JOIN work w ON w.id = e.work_id LEFT JOIN backfill_log l ON l.id = e.month_id`,
  enrichment: `
    SELECT to_jsonb(q) - '{month_id,queued_at,done_at}'::text[] FROM enrichment_queue q`,
  decisions: `
    SELECT jsonb_build_array(key, verdict, isbn13, check_state) FROM resolution`,
  answers: `
    SELECT jsonb_build_array(l.year, l.month, g.generator, g.verdict, g.books_named, g.cost_usd,
      md5(g.answer))
    FROM generation g JOIN backfill_log l ON l.id = g.month_id`,
  bills: `
    SELECT jsonb_build_array(l.year, l.month, s.generator, s.model, s.cost_usd)
    FROM spending s JOIN backfill_attempt a ON a.job_id = s.job_id
    JOIN backfill_log l ON l.id = a.month_id WHERE s.cost_usd IS DISTINCT FROM 0`,
} as const;

/** Every book, edition, answer and bill, and every request that was made, as sorted lines. */
export type Snapshot = Readonly<Record<string, readonly string[]>>;

/** Takes down what the database holds and the simulator was asked. */
export async function takeSnapshot(
  { sql }: Pick<Database, "sql">,
  journal: Journal,
): Promise<Snapshot> {
  const lines: Record<string, string[]> = {
    requests: journal.entries()
      .map(({ service, method, path, month = "", query = {} }) =>
        [service, method, path, month, JSON.stringify(query)].join(" ")
      ).toSorted(),
  };
  for (const [name, query] of Object.entries(TABLES)) {
    const rows = await sql.unsafe(`SELECT line::text FROM (${query}) AS told (line)`);
    lines[name] = rows.map(({ line }) => line as string).toSorted();
  }
  return lines;
}
