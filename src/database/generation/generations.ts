import type {
  FinishReason,
  GeneratorAnswer,
  GeneratorName,
  Prompt,
} from "../../domain/generation/generator.ts";
import { momentParameter, type Queryable } from "../connection/connection.ts";

export type GenerationVerdict = "unparsed" | "usable" | "refused" | "unusable";

export interface StoredGeneration {
  readonly id: number;
  readonly answer: string;
  readonly finish: FinishReason;
  readonly finish_detail: string | null;
  readonly verdict: GenerationVerdict;
}

/** The remembered answer to the same question for the same month; `null` when none is worth reuse. */
export async function findGeneration(
  sql: Queryable,
  { monthId, generator, model, promptHash }: {
    monthId: number;
    generator: GeneratorName;
    model: string;
    promptHash: string;
  },
): Promise<StoredGeneration | null> {
  const [row] = await sql<StoredGeneration[]>`
    SELECT id, answer, finish, finish_detail, verdict
    FROM generation
    WHERE month_id = ${monthId} AND generator = ${generator} AND model = ${model}
      AND prompt_hash = ${promptHash} AND verdict <> 'unusable' AND superseded_at IS NULL`;
  return row ?? null;
}

/**
 * Stores an answer as it came, unparsed. When two workers asked the same question at once, the first
 * answer stays and is the one returned.
 */
export async function storeGeneration(
  sql: Queryable,
  { monthId, jobId, generator, prompt, model, answer, costUsd, at }: {
    monthId: number;
    jobId: string;
    generator: GeneratorName;
    prompt: Prompt;
    /** The model asked for, which is the memory's key; the answer may name a more exact version. */
    model: string;
    answer: GeneratorAnswer;
    /** What the answer cost; null when nobody knows the model's price. */
    costUsd: number | null;
    at: Date | null;
  },
): Promise<StoredGeneration> {
  const rows = await sql<StoredGeneration[]>`
    INSERT INTO generation (month_id, job_id, generator, model, prompt_variant, prompt_version,
      prompt_hash, answer, finish, finish_detail, tokens_input, tokens_output, tokens_thinking,
      cost_usd, created_at)
    VALUES (${monthId}, ${jobId}, ${generator}, ${model}, ${prompt.variant}, ${prompt.version},
      ${prompt.hash}, ${answer.text}, ${answer.finish}, ${answer.finish_detail},
      ${answer.tokens.input}, ${answer.tokens.output}, ${answer.tokens.thinking},
      ${costUsd}, coalesce(${momentParameter(at)}::timestamptz, now()))
    ON CONFLICT (month_id, generator, model, prompt_hash)
      WHERE verdict <> 'unusable' AND superseded_at IS NULL DO NOTHING
    RETURNING id, answer, finish, finish_detail, verdict`;
  const [stored] = rows;
  if (stored) return stored;
  const earlier = await findGeneration(sql, {
    monthId,
    generator,
    model,
    promptHash: prompt.hash,
  });
  if (!earlier) throw new Error("The stored generation vanished between two statements");
  return earlier;
}

/**
 * In how many attempts the question was answered in a way nobody could use since an attempt of the
 * month was last spent: attempts that cost the month nothing, though the answers may have been paid for.
 */
export async function countUnspentUnusable(
  sql: Queryable,
  { monthId, generator, model, promptHash }: {
    monthId: number;
    generator: GeneratorName;
    model: string;
    promptHash: string;
  },
): Promise<number> {
  const [row] = await sql<{ attempts: number }[]>`
    SELECT count(DISTINCT a.id)::int AS attempts
    FROM generation g JOIN backfill_attempt a ON a.job_id = g.job_id
    WHERE g.month_id = ${monthId} AND g.generator = ${generator} AND g.model = ${model}
      AND g.prompt_hash = ${promptHash} AND g.verdict = 'unusable'
      AND a.outcome IN ('snoozed', 'released', 'lost')
      AND NOT EXISTS (
        SELECT FROM backfill_attempt spent
        WHERE spent.month_id = a.month_id AND spent.id > a.id
          AND spent.outcome IN ('completed', 'retry', 'failed')
      )`;
  return row!.attempts;
}

/** Records what the parser made of an answer. `unusable` takes it out of the memory for good. */
export async function judgeGeneration(
  sql: Queryable,
  { id, verdict, booksNamed, booksDropped }: {
    id: number;
    verdict: Exclude<GenerationVerdict, "unparsed">;
    booksNamed: number;
    booksDropped: number;
  },
): Promise<void> {
  await sql`
    UPDATE generation
    SET verdict = ${verdict}, books_named = ${booksNamed}, books_dropped = ${booksDropped}
    WHERE id = ${id}`;
}

/**
 * Takes the months' answers out of the memory, so that their generators are asked afresh; the answers
 * stay as a record. Returns how many there were.
 */
export async function supersedeGenerations(
  sql: Queryable,
  { monthIds, at }: { monthIds: readonly number[]; at: Date | null },
): Promise<number> {
  const rows = await sql`
    UPDATE generation
    SET superseded_at = coalesce(${momentParameter(at)}::timestamptz, now())
    WHERE month_id = ANY(${monthIds as number[]}::int[]) AND superseded_at IS NULL
      AND verdict <> 'unusable'
    RETURNING id`;
  return rows.length;
}
