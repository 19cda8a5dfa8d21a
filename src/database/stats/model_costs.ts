import { z } from "zod";
import type { Queryable } from "../connection/connection.ts";

/** What one model has taken so far. */
export const modelCostsSchema = z.object({
  generator: z.string(),
  model: z.string(),
  answers: z.number(),
  tokens_input: z.number(),
  tokens_output: z.number(),
  tokens_thinking: z.number(),
  /** US dollars spent, with what is reserved for calls whose bill is not known. */
  cost_usd: z.number(),
  /** The part of it that is only reserved: the call is under way, or nobody came back from it. */
  reserved_usd: z.number(),
  /** Answers that were paid for at a price nobody has told. */
  unpriced_answers: z.number(),
});

export type ModelCosts = Readonly<z.infer<typeof modelCostsSchema>>;

/** What experiments have cost, which is part of their models' bills and made no month. US dollars. */
export async function sumExperimentCosts(sql: Queryable): Promise<number> {
  const [row] = await sql<{ usd: number }[]>`
    SELECT coalesce(sum(coalesce(s.cost_usd, s.reserved_usd)), 0)::float8 AS usd
    FROM spending s JOIN experiment e ON e.job_id = s.job_id`;
  return row!.usd;
}

/** The bill of every model that answered or was called, the dearest first. */
export async function listModelCosts(sql: Queryable): Promise<ModelCosts[]> {
  return await sql<ModelCosts[]>`
    WITH answered AS (
      SELECT generator, model, count(*)::int AS answers, sum(tokens_input)::float8 AS tokens_input,
        sum(tokens_output)::float8 AS tokens_output,
        sum(tokens_thinking)::float8 AS tokens_thinking,
        count(*) FILTER (
          WHERE cost_usd IS NULL AND tokens_input + tokens_output + tokens_thinking > 0
        )::int AS unpriced_answers
      FROM generation GROUP BY generator, model
    ), paid AS (
      SELECT generator, model, sum(coalesce(cost_usd, reserved_usd))::float8 AS cost_usd,
        coalesce(sum(reserved_usd) FILTER (WHERE cost_usd IS NULL), 0)::float8 AS reserved_usd
      FROM spending GROUP BY generator, model
    )
    SELECT generator, model, coalesce(answers, 0) AS answers,
      coalesce(tokens_input, 0) AS tokens_input, coalesce(tokens_output, 0) AS tokens_output,
      coalesce(tokens_thinking, 0) AS tokens_thinking, coalesce(cost_usd, 0) AS cost_usd,
      coalesce(reserved_usd, 0) AS reserved_usd, coalesce(unpriced_answers, 0) AS unpriced_answers
    FROM answered FULL JOIN paid USING (generator, model)
    ORDER BY cost_usd DESC, generator, model`;
}
