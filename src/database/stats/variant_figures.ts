import { z } from "zod";
import { bookTallySchema } from "../../domain/generation/book_tally.ts";
import type { MatchDecision } from "../../domain/matching/decide_match.ts";
import type { Queryable } from "../connection/connection.ts";

/** What completed months made with one wording came to; who is invented is not counted here. */
export const madeWithVariantSchema = bookTallySchema.omit({ invented: true }).extend({
  prompt_variant: z.string(),
  months: z.number(),
  /** Of all attempts of these months. */
  tokens: z.number(),
  /** US dollars, likewise. */
  cost_usd: z.number(),
});

type MadeWithVariant = Readonly<z.infer<typeof madeWithVariantSchema>>;

/** The completed months by the wording they were made with. */
export async function listMadeWithVariants(sql: Queryable): Promise<MadeWithVariant[]> {
  return await sql<MadeWithVariant[]>`
    WITH made AS (
      SELECT id, prompt_variant FROM backfill_log
      WHERE status = 'completed' AND prompt_variant IS NOT NULL
    ), named AS (
      SELECT made.prompt_variant, count(*)::int AS books,
        count(*) FILTER (WHERE c.verdict = 'found')::int AS resolved,
        count(*) FILTER (WHERE c.verdict = 'ambiguous')::int AS ambiguous,
        count(*) FILTER (WHERE c.verdict = 'not_found')::int AS not_found,
        count(*) FILTER (WHERE c.verdict = 'unavailable')::int AS unavailable,
        count(*) FILTER (WHERE c.verdict = 'found' AND c.month_fit = 'in_month')::int AS in_month,
        count(*) FILTER (WHERE c.verdict = 'found' AND c.month_fit = 'in_year')::int AS in_year,
        count(*) FILTER (WHERE c.verdict = 'found' AND c.month_fit = 'elsewhere')::int AS elsewhere,
        count(*) FILTER (WHERE c.verdict = 'found' AND c.month_fit = 'unknown')::int AS undated
      FROM made JOIN candidate c ON c.month_id = made.id GROUP BY made.prompt_variant
    ), billed AS (
      SELECT made.prompt_variant, sum(a.cost_usd)::float8 AS cost_usd,
        sum(a.tokens_input + a.tokens_output + a.tokens_thinking)::float8 AS tokens
      FROM made JOIN backfill_attempt a ON a.month_id = made.id GROUP BY made.prompt_variant
    ), counted AS (
      SELECT prompt_variant, count(*)::int AS months FROM made GROUP BY prompt_variant
    )
    SELECT prompt_variant, months, coalesce(books, 0) AS books, coalesce(resolved, 0) AS resolved,
      coalesce(ambiguous, 0) AS ambiguous, coalesce(not_found, 0) AS not_found,
      coalesce(unavailable, 0) AS unavailable, coalesce(in_month, 0) AS in_month,
      coalesce(in_year, 0) AS in_year, coalesce(elsewhere, 0) AS elsewhere,
      coalesce(undated, 0) AS undated, coalesce(tokens, 0) AS tokens,
      coalesce(cost_usd, 0) AS cost_usd
    FROM counted LEFT JOIN named USING (prompt_variant) LEFT JOIN billed USING (prompt_variant)
    ORDER BY in_month DESC, resolved DESC, prompt_variant`;
}

/** The decisions about books of completed months that were not found, as far as they are remembered. */
export async function listNotFoundDecisions(
  sql: Queryable,
): Promise<{ prompt_variant: string; decision: MatchDecision }[]> {
  return await sql<{ prompt_variant: string; decision: MatchDecision }[]>`
    SELECT l.prompt_variant, r.decision
    FROM candidate c
      JOIN backfill_log l ON l.id = c.month_id
      JOIN resolution r ON r.key = c.resolution_key
    WHERE l.status = 'completed' AND l.prompt_variant IS NOT NULL AND c.verdict = 'not_found'
      AND r.verdict = 'not_found'`;
}
