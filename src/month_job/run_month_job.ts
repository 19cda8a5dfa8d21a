import type { HeldClaim } from "../claims/held_claim.ts";
import type { Clock } from "../clock.ts";
import type { Database } from "../database/connection/connection.ts";
import type { MonthCounts } from "../database/months/months.ts";
import type { Generator } from "../domain/generation/generator.ts";
import { mergeBooks } from "../domain/generation/merge_books.ts";
import type { CostCaps } from "../domain/money/cost_cap.ts";
import type { ModelPrice } from "../domain/money/model_prices.ts";
import { monthKey } from "../domain/months/month.ts";
import { decideOutcome, type OutcomePolicy } from "../domain/months/decide_outcome.ts";
import { type AppError, toAppError } from "../errors.ts";
import { generateBooks } from "../generation/generate_books.ts";
import type { MonthProgress } from "../job_status/month_progress.ts";
import { resolveCandidates } from "../resolution/resolve_candidates.ts";
import type { BookSources } from "../resolution/resolving.ts";
import { verifyCandidates } from "../resolution/verify_candidates.ts";
import { createStageTimer, type StageTimer } from "./stage_timer.ts";
import { commitMonth } from "./commit_month.ts";

/** Often enough for somebody who watches, seldom enough not to cost. */
const BOOKS_PER_PROGRESS = 5;

/** What the month job is set up with; the same for all months. */
export interface MonthJob {
  readonly clock: Clock;
  readonly generators: readonly Generator[];
  readonly sources: BookSources;
  readonly outcome_policy: OutcomePolicy;
  readonly cost_caps: CostCaps;
  /** Prices the operator gave, which count before the list's, by model. */
  readonly model_prices: Readonly<Record<string, ModelPrice>>;
  /** What keeps the database from its work, if anything does. */
  readonly database_trouble: Database["trouble"];
  /** A number in [0, 1). */
  readonly random: () => number;
  /** Told what is going on, for people who watch; must not throw. */
  readonly onProgress: (jobId: string, progress: MonthProgress) => void;
}

/** A month under way. */
interface Run {
  readonly claim: HeldClaim;
  readonly timer: StageTimer;
}

/**
 * Works one claimed month from beginning to end and writes its outcome, whatever it is.
 *
 * Rejects only when the outcome itself could not be written; the rescue then finds the claim.
 */
export async function runMonthJob(job: MonthJob, claim: HeldClaim): Promise<void> {
  const { month, signal, log } = claim;
  const run: Run = { claim, timer: createStageTimer(job.clock) };
  log.info("month_started", { month: monthKey(month), attempt: month.retry_count + 1 });
  try {
    tellCompleted(job, { run, counts: await orAborted(signal, workMonth(job, run)) });
  } catch (thrown) {
    const error = toAppError(signal.aborted ? signal.reason : thrown);
    // A month that waits for the database takes long, and not by its own fault.
    const trouble = error.code === "TIME_LIMIT" ? await job.database_trouble() : null;
    await writeFailure(job, { run, error: trouble ?? error });
  }
}

/** Stages 1 to 8; the last four in one transaction. */
async function workMonth(job: MonthJob, { claim, timer }: Run): Promise<MonthCounts> {
  const { month, database, log, signal, countCall: onCall } = claim;
  const { job_id } = month;
  const { clock, generators, sources, outcome_policy, cost_caps, model_prices } = job;
  const tell = (progress: string, stats: Record<string, number> = {}): void =>
    job.onProgress(job_id, { status: "processing", progress, stats });
  const common = { database, clock, log, signal, onCall };

  tell("Asking the generators");
  const generated = await timer.time(
    "generate",
    generateBooks({ ...common, cost_caps, model_prices }, {
      generators,
      month,
      snooze_seconds: outcome_policy.snooze_seconds,
    }),
  );
  const candidates = mergeBooks(generated.books);
  tell(`Resolving ${candidates.length} books`, { books_generated: candidates.length });
  const resolved = await timer.time(
    "resolve",
    resolveCandidates({ ...common, ...sources, job_id }, {
      month,
      candidates,
      onResolved: (count) => {
        if (count % BOOKS_PER_PROGRESS === 0) {
          tell(`Resolved ${count} of ${candidates.length} books`);
        }
      },
    }),
  );
  const verified = await database.ask((sql) =>
    verifyCandidates(sql, { month, candidates: resolved })
  );
  job.onProgress(job_id, { status: "enriching", progress: "Storing the books" });
  const { prompt_variant, remarks } = generated;
  return await timer.time(
    "store",
    commitMonth(claim, { clock, timer, verified, prompt_variant, remarks }),
  );
}

async function writeFailure(
  job: MonthJob,
  { run, error }: { run: Run; error: AppError },
): Promise<void> {
  const { claim: { month, log, fail }, timer: { stage_ms } } = run;
  const outcome = decideOutcome({
    class: error.class,
    retry_at: error.retryAt ?? null,
    is_shutdown: error.code === "SHUTTING_DOWN",
  }, {
    attemptsSpent: month.retry_count,
    policy: job.outcome_policy,
    now: job.clock.now(),
    random: job.random(),
  });
  const { code, message } = error;
  if (outcome.kind === "stop" || !await fail(outcome, { code, message, stage_ms })) {
    await noteLostClaim(job, run);
    return;
  }
  log[outcome.kind === "failed" ? "error" : "warn"](`month_${outcome.kind}`, {
    month: monthKey(month),
    error,
  });
  job.onProgress(month.job_id, {
    status: "failed",
    progress: FAILURE_SENTENCES[outcome.kind],
    error: message,
  });
}

/** A claim that no longer holds need not be lost: the run itself may have completed the month. */
async function noteLostClaim(job: MonthJob, run: Run): Promise<void> {
  const { claim: { month, log, settleLost } } = run;
  const counts = await settleLost();
  if (counts !== null) tellCompleted(job, { run, counts });
  else log.warn("claim_lost", { month: monthKey(month) });
}

function tellCompleted(
  { onProgress }: MonthJob,
  { run: { claim: { month, log }, timer }, counts }: { run: Run; counts: MonthCounts },
): void {
  log.info("month_completed", { month: monthKey(month), ...counts, stage_ms: timer.stage_ms });
  onProgress(month.job_id, {
    status: "complete",
    progress: `${counts.isbns_resolved} of ${counts.books_generated} books resolved`,
    stats: { ...counts },
  });
}

const FAILURE_SENTENCES = {
  retry: "Failed; the month will be tried again",
  failed: "Failed for good; a person can force another try",
  snoozed: "Waiting for an obstacle to end; no attempt was spent",
  released: "Given back unfinished; the month will be taken up again",
} as const;

/** The promise, unless the signal is aborted first: work that ignores the signal can't hold a slot. */
function orAborted<T>(signal: AbortSignal, promise: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const onAbort = (): void => reject(signal.reason);
    if (signal.aborted) onAbort();
    signal.addEventListener("abort", onAbort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener("abort", onAbort));
  });
}
