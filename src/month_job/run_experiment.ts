import pMap from "p-map";
import { endExperiment, startExperiment, storeExperimentResult } from "../database/experiments.ts";
import { readRunCost, startRun } from "../database/runs.ts";
import type { ExperimentResult } from "../domain/experiment_result.ts";
import { type AppError, type ErrorCode, toAppError } from "../errors.ts";
import type { MonthJobContext, MonthRun } from "./month_job_context.ts";
import type { Question } from "./plan_experiment.ts";
import { putQuestion } from "./put_question.ts";

export interface ExperimentOptions {
  readonly questions: readonly Question[];
  /** The most the models may cost together, in US dollars. */
  readonly budgetUsd: number;
  /** Questions under way at once. */
  readonly concurrency: number;
  readonly signal: AbortSignal;
  /** Told of every result once it is stored. */
  readonly onResult: (result: ExperimentResult) => void;
}

export interface ExperimentReport {
  readonly experiment_id: number;
  /** In the order they came. */
  readonly results: readonly ExperimentResult[];
  /** US dollars this time, with what is reserved for calls whose bill is not known. */
  readonly spent_usd: number;
  /** Why not every question was put; null when all were. */
  readonly stop: { readonly code: ErrorCode; readonly reason: string } | null;
}

/**
 * Puts the questions, those with a remembered answer first, and keeps each result as soon as it is there.
 * A cost cap that is reached or an abort ends it with the results so far; putting the same questions
 * again goes on from there, since every answer is remembered.
 *
 * Throws `AppError` what the database throws.
 */
export async function runExperiment(
  context: MonthJobContext,
  { questions, ...options }: ExperimentOptions,
): Promise<ExperimentReport> {
  const { database: { sql }, clock, worker } = context;
  const experiment = await sql.begin(async (tx) => {
    const at = clock.sqlNow();
    const runId = await startRun(tx, {
      startedBy: "experiment",
      maxCostUsd: options.budgetUsd,
      at,
    });
    return await startExperiment(tx, { runId, startedBy: worker, at });
  });
  const log = context.log.with({ job_id: experiment.job_id });
  const results: ExperimentResult[] = [];
  let stop: AppError | null = null;

  async function put(question: Question): Promise<void> {
    if (stop !== null) return;
    const run = runOf(question, { jobId: experiment.job_id, signal: options.signal, log });
    try {
      const result = await putQuestion(context, { question, run });
      await storeExperimentResult(sql, {
        experimentId: experiment.id,
        monthId: question.month_id,
        result,
        at: clock.sqlNow(),
      });
      results.push(result);
      options.onResult(result);
    } catch (thrown) {
      const error = toAppError(options.signal.aborted ? options.signal.reason : thrown);
      if (error.code !== "COST_CAP_REACHED" && !options.signal.aborted) throw error;
      stop ??= error;
    }
  }

  try {
    await pMap(freeFirst(questions), put, { concurrency: options.concurrency });
  } catch (thrown) {
    stop = toAppError(thrown);
    throw thrown;
  } finally {
    const stoppedReason = stopOf(stop)?.reason ?? null;
    await endExperiment(sql, { id: experiment.id, stoppedReason, at: clock.sqlNow() });
  }
  return {
    experiment_id: experiment.id,
    results,
    spent_usd: await readRunCost(sql, experiment.run_id),
    stop: stopOf(stop),
  };
}

/** What is remembered costs nothing, so a small budget must not keep it back. */
function freeFirst(questions: readonly Question[]): Question[] {
  return questions.toSorted((a, b) => Number(b.is_remembered) - Number(a.is_remembered));
}

// A variable that only a callback assigns is taken for the null it began with.
function stopOf(error: AppError | null): ExperimentReport["stop"] {
  return error === null ? null : { code: error.code, reason: error.message };
}

function runOf(
  { month_id, request, variant }: Question,
  { jobId, signal, log }: { jobId: string; signal: AbortSignal; log: MonthRun["log"] },
): MonthRun {
  return {
    month_id,
    ...request.month,
    job_id: jobId,
    batch_size: request.max_books,
    prompt_variant: variant,
    retry_count: 0,
    signal,
    log,
    calls: {},
  };
}
