import pMap from "p-map";
import { endExperiment, startExperiment } from "../database/experiments/experiments.ts";
import { readRunCost, startRun } from "../database/scheduling/runs.ts";
import type { ExperimentResult } from "../domain/experiments/experiment_result.ts";
import { type AppError, type ErrorCode, toAppError } from "../errors.ts";
import { keepResult, type KeptResult } from "./keep_result.ts";
import type { Clock } from "../clock.ts";
import type { Database } from "../database/connection/connection.ts";
import { retryingDatabase } from "../database/connection/retrying_database.ts";
import type { CostCaps } from "../domain/money/cost_cap.ts";
import type { ModelPrice } from "../domain/money/model_prices.ts";
import type { Asking } from "../generation/asking.ts";
import type { Log } from "../log.ts";
import type { BookSources, Resolving } from "../resolution/resolving.ts";
import type { Question } from "./plan_experiment.ts";
import { putQuestion } from "./put_question.ts";

/** What an experiment takes. */
export interface Experimenting {
  readonly database: Database;
  readonly clock: Clock;
  readonly log: Log;
  readonly sources: BookSources;
  /** Whoever started it. */
  readonly worker: string;
  /** How long the database is waited for while it cannot work. */
  readonly database_wait_ms: number;
  readonly cost_caps: CostCaps;
  /** Prices the operator gave, which count before the list's, by model. */
  readonly model_prices: Readonly<Record<string, ModelPrice>>;
}

export interface ExperimentOptions {
  readonly questions: readonly Question[];
  /** The most the models may cost together, in US dollars. */
  readonly budgetUsd: number;
  /** Whether the confirmed books of every answer are added to the catalogue. */
  readonly isStoring: boolean;
  /** Questions under way at once. */
  readonly concurrency: number;
  readonly signal: AbortSignal;
  /** Told of every result once it is stored. */
  readonly onResult: (result: ExperimentResult) => void;
}

/** What the confirmed books of all answers came to in the catalogue. */
interface StoredBooks {
  readonly books_new: number;
  /** Books that were there before. */
  readonly books_known: number;
  readonly isbns_new: number;
}

export interface ExperimentReport {
  readonly experiment_id: number;
  /** In the order they came. */
  readonly results: readonly ExperimentResult[];
  /** Null when nothing was to be stored. */
  readonly stored: StoredBooks | null;
  /** US dollars this time, with what is reserved for calls whose bill is not known. */
  readonly spent_usd: number;
  /** Why not every question was put; null when all were. */
  readonly stop: { readonly code: ErrorCode; readonly reason: string } | null;
}

/**
 * Puts the questions, those with a remembered answer first, and keeps each result as soon as it is there.
 * A cost cap that is reached or an abort ends it with the results so far; putting the same questions
 * again goes on from there, since every answer is remembered. With `isStoring`, the books of a result
 * are in the catalogue when it is kept.
 *
 * Throws `AppError` what the database throws.
 */
export async function runExperiment(
  experimenting: Experimenting,
  { questions, ...options }: ExperimentOptions,
): Promise<ExperimentReport> {
  const { database: { sql }, clock, worker } = experimenting;
  const experiment = await sql.begin(async (tx) => {
    const at = clock.sqlNow();
    const runId = await startRun(tx, {
      startedBy: "experiment",
      maxCostUsd: options.budgetUsd,
      at,
    });
    return await startExperiment(tx, { runId, startedBy: worker, at });
  });
  const putting = puttingFor(experimenting, { ...experiment, signal: options.signal });
  const kept: KeptResult[] = [];
  let stop: AppError | null = null;

  async function put(question: Question): Promise<void> {
    if (stop !== null) return;
    try {
      const answer = await putQuestion(putting, question);
      const one = await keepResult(experimenting, {
        experimentId: experiment.id,
        monthId: question.month_id,
        answer,
        isStoring: options.isStoring,
      });
      kept.push(one);
      options.onResult(one.result);
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
    results: kept.map(({ result }) => result),
    stored: options.isStoring ? sumStored(kept) : null,
    spent_usd: await readRunCost(sql, experiment.run_id),
    stop: stopOf(stop),
  };
}

function sumStored(kept: readonly KeptResult[]): StoredBooks {
  const entries = kept.flatMap(({ entry }) => entry ?? []);
  const all = new Set(entries.flatMap(({ work_ids }) => work_ids));
  const fresh = new Set(entries.flatMap(({ new_work_ids }) => new_work_ids));
  return {
    books_new: fresh.size,
    books_known: all.size - fresh.size,
    isbns_new: entries.reduce((sum, { new_isbns }) => sum + new_isbns, 0),
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

function puttingFor(
  { database, sources, cost_caps, model_prices, clock, database_wait_ms, ...parts }: Experimenting,
  { job_id, signal }: { job_id: string; signal: AbortSignal },
): Asking & Resolving {
  const log = parts.log.with({ job_id });
  const retry = { clock, log, signal, limitMs: database_wait_ms };
  return {
    ...sources,
    job_id,
    database: retryingDatabase(database, retry),
    clock,
    log,
    signal,
    cost_caps,
    model_prices,
    onCall() {}, // what it costs is in the bill of each answer
  };
}
