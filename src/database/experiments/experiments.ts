import type { ExperimentResult } from "../../domain/experiments/experiment_result.ts";
import type { GeneratorName, TokenUsage } from "../../domain/generation/generator.ts";
import { momentParameter, type Queryable, type Transaction } from "../connection/connection.ts";
import type { GenerationVerdict } from "../generation/generations.ts";

export interface Experiment {
  readonly id: number;
  /** What its answers, findings and costs are booked under. */
  readonly job_id: string;
  readonly run_id: number;
}

/** Notes that an experiment begins, whose calls belong to the run `runId`. */
export async function startExperiment(
  sql: Queryable,
  { runId, startedBy, at }: { runId: number; startedBy: string; at: Date | null },
): Promise<Experiment> {
  const [row] = await sql<Experiment[]>`
    INSERT INTO experiment (run_id, started_by, started_at)
    VALUES (${runId}, ${startedBy}, coalesce(${momentParameter(at)}::timestamptz, now()))
    RETURNING id, job_id, run_id`;
  return row!;
}

/** Notes that it has ended; `stoppedReason` is null when every question was put. */
export async function endExperiment(
  sql: Queryable,
  { id, stoppedReason, at }: { id: number; stoppedReason: string | null; at: Date | null },
): Promise<void> {
  await sql`
    UPDATE experiment
    SET ended_at = greatest(started_at, coalesce(${momentParameter(at)}::timestamptz, now())),
      stopped_reason = ${stoppedReason}
    WHERE id = ${id}`;
}

/**
 * Waits until the month's own run is not being recorded, and keeps that from beginning until the
 * caller's transaction ends. To be called before books are locked: a month locks its row before its
 * books, and what is stored for the month refers to that row, so the other order may wait in a circle.
 */
export async function lockMonthOfResult(tx: Transaction, monthId: number): Promise<void> {
  await tx`SELECT 1 FROM backfill_log WHERE id = ${monthId} FOR KEY SHARE`;
}

/** Keeps what came of one question. */
export async function storeExperimentResult(
  sql: Queryable,
  { experimentId, monthId, result, at }: {
    experimentId: number;
    monthId: number;
    result: ExperimentResult;
    at: Date | null;
  },
): Promise<void> {
  const { tokens, isbns } = result;
  await sql`
    INSERT INTO experiment_result (experiment_id, month_id, generator, model, prompt_variant,
      prompt_version, asked_books, outcome, detail, is_remembered, books, dropped, resolved,
      ambiguous, not_found, invented, unavailable, in_month, in_year, elsewhere, unknown, isbns,
      books_stored, isbns_stored, tokens_input, tokens_output, tokens_thinking, cost_usd, created_at)
    VALUES (${experimentId}, ${monthId}, ${result.generator}, ${result.model},
      ${result.prompt_variant}, ${result.prompt_version}, ${result.asked_books}, ${result.outcome},
      ${result.detail}, ${result.is_remembered}, ${result.books}, ${result.dropped},
      ${result.resolved}, ${result.ambiguous}, ${result.not_found}, ${result.invented},
      ${result.unavailable}, ${result.in_month}, ${result.in_year}, ${result.elsewhere},
      ${result.undated}, ${isbns as string[]}::text[], ${result.books_stored},
      ${result.isbns_stored}, ${tokens.input}, ${tokens.output},
      ${tokens.thinking}, ${result.cost_usd},
      coalesce(${momentParameter(at)}::timestamptz, now()))`;
}

/**
 * The most recent result of every question ever put. One that could be judged stands before a later one
 * that could not. What was stored is the sum over all its results: nothing is stored twice.
 */
export async function listLatestResults(sql: Queryable): Promise<ExperimentResult[]> {
  return await sql<ExperimentResult[]>`
    SELECT DISTINCT ON (l.year, l.month, e.prompt_variant, e.prompt_version, e.generator, e.model)
      l.year, l.month, e.generator, e.model, e.prompt_variant, e.prompt_version, e.asked_books,
      e.outcome, e.detail, e.is_remembered, e.books, e.dropped, e.resolved, e.ambiguous,
      e.not_found, e.invented, e.unavailable, e.in_month, e.in_year, e.elsewhere,
      e.unknown AS undated,
      e.isbns, e.cost_usd::float8 AS cost_usd,
      (sum(e.books_stored) OVER question)::int AS books_stored,
      (sum(e.isbns_stored) OVER question)::int AS isbns_stored,
      json_build_object('input', e.tokens_input, 'output', e.tokens_output,
        'thinking', e.tokens_thinking) AS tokens
    FROM experiment_result e JOIN backfill_log l ON l.id = e.month_id
    WINDOW question AS (
      PARTITION BY e.month_id, e.prompt_variant, e.prompt_version, e.generator, e.model)
    ORDER BY l.year, l.month, e.prompt_variant, e.prompt_version, e.generator, e.model,
      e.outcome = 'unavailable', e.id DESC`;
}

/** What the last answer to a question was taken for, and what all answers to it have cost. */
export interface AnswerBill {
  readonly verdict: GenerationVerdict;
  readonly dropped: number;
  readonly tokens: TokenUsage;
  /** US dollars; null when the price of one of them is not known. */
  readonly cost_usd: number | null;
}

/** The bill of a question; null when there is no answer to it, or only superseded ones. */
export async function readAnswerBill(
  sql: Queryable,
  { monthId, generator, model, promptHash }: {
    monthId: number;
    generator: GeneratorName;
    model: string;
    promptHash: string;
  },
): Promise<AnswerBill | null> {
  const [row] = await sql<(Omit<AnswerBill, "verdict"> & { verdict: GenerationVerdict | null })[]>`
    SELECT (array_agg(verdict ORDER BY id DESC))[1] AS verdict,
      (array_agg(books_dropped ORDER BY id DESC))[1] AS dropped,
      json_build_object('input', sum(tokens_input), 'output', sum(tokens_output),
        'thinking', sum(tokens_thinking)) AS tokens,
      (CASE WHEN bool_and(cost_usd IS NOT NULL OR tokens_input + tokens_output + tokens_thinking = 0)
        THEN coalesce(sum(cost_usd), 0) END)::float8 AS cost_usd
    FROM generation
    WHERE month_id = ${monthId} AND generator = ${generator} AND model = ${model}
      AND prompt_hash = ${promptHash} AND superseded_at IS NULL`;
  if (!row || row.verdict === null) return null;
  return { ...row, verdict: row.verdict };
}

/**
 * Books an answer that was an experiment's under the job that uses it now: when that is a month's, the
 * answer counts among those the month was made with from then on.
 */
export async function adoptAnswer(
  sql: Queryable,
  { id, jobId }: { id: number; jobId: string },
): Promise<void> {
  await sql`
    UPDATE generation SET job_id = ${jobId}
    WHERE id = ${id} AND job_id IN (SELECT job_id FROM experiment)`;
}
