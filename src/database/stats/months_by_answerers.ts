import type { Answerer } from "../../domain/months/staleness.ts";
import type { Queryable } from "../connection/connection.ts";

/** Completed months that the same generators answered, with the same models and wordings. */
export interface MadeAlike {
  readonly answerers: readonly Answerer[];
  readonly month_ids: readonly number[];
}

/**
 * The completed months by who answered for them, so that whether a month is stale has to be decided
 * once for all that were made alike. Answers that nobody could use, and those only an experiment has
 * used, made nothing and don't count.
 */
export async function groupMonthsByAnswerers(sql: Queryable): Promise<MadeAlike[]> {
  return await sql<MadeAlike[]>`
    SELECT answerers, array_agg(month_id ORDER BY month_id) AS month_ids
    FROM (
      SELECT g.month_id,
        jsonb_agg(DISTINCT jsonb_build_object('generator', g.generator, 'model', g.model,
          'prompt_version', g.prompt_version)) AS answerers
      FROM generation g JOIN backfill_log l ON l.id = g.month_id
      WHERE l.status = 'completed' AND g.verdict <> 'unusable'
        AND NOT EXISTS (SELECT FROM experiment e WHERE e.job_id = g.job_id)
      GROUP BY g.month_id
    ) AS made
    GROUP BY answerers`;
}
