import {
  beginAttempt,
  findCompletion,
  findOutcome,
  saveCalls,
  sumCalls,
} from "../database/months/attempts.ts";
import type { MonthCounts } from "../database/months/months.ts";
import { recordOutcome } from "../database/months/record_outcome.ts";
import { retryDatabase } from "../database/connection/retry_database.ts";
import { monthKey } from "../domain/months/month.ts";
import { decideOutcome, type FailureOutcome } from "../domain/months/outcome.ts";
import { type AppError, ClaimLostError, toAppError } from "../errors.ts";
import { askDatabase } from "./ask_database.ts";
import { generateBooks } from "../generation/generate_books.ts";
import { mergeBooks } from "../domain/generation/merge_books.ts";
import type { MonthJobContext, MonthRun } from "./month_job_context.ts";
import { resolveCandidates } from "../resolution/resolve_candidates.ts";
import { createStageTimer, type StageTimer } from "./stage_timer.ts";
import { storeMonth } from "./store_month.ts";
import { verifyCandidates } from "../resolution/verify_candidates.ts";

/** Often enough for somebody who watches, seldom enough not to cost. */
const BOOKS_PER_PROGRESS = 5;

/**
 * How long the database is waited for to take the outcome. It has been waited for before where it is to
 * blame, and what is not written the rescue makes up for.
 */
const OUTCOME_WAIT_MS = 5_000;

export interface MonthJobOptions {
  readonly jobId: string;
  /** Aborted with the reason to stop: a lost claim, the time limit, a shutdown. */
  readonly signal: AbortSignal;
  /** Called when the claim is really being worked on. */
  readonly onBegin: () => void;
  /** Receives the run as it begins; its `calls` go on counting. */
  readonly onRun?: (run: MonthRun) => void;
}

/**
 * Works one claimed month from beginning to end and writes its outcome, whatever it is. A claim that
 * was begun before, has ended, or belongs to somebody else by now is left alone.
 *
 * Rejects only when the outcome itself could not be written; the rescue then finds the claim.
 */
export async function runMonthJob(
  context: MonthJobContext,
  { jobId, signal, onBegin, onRun }: MonthJobOptions,
): Promise<void> {
  const { database, clock, worker } = context;
  const log = context.log.with({ job_id: jobId });
  let tries = 0;
  const begin = () =>
    beginAttempt(database.sql, { jobId, worker, isRepeated: tries++ > 0, at: clock.sqlNow() });
  const claim = await askDatabase(begin, { context, run: { log, signal } });
  if (!claim) {
    log.info("message_dropped", { reason: "handled already, or the claim is gone" });
    return;
  }
  onBegin();
  const run: MonthRun = { ...claim, signal, log, calls: {} };
  onRun?.(run);
  const timer = createStageTimer(clock);
  log.info("month_started", { month: monthKey(run), attempt: claim.retry_count + 1 });
  try {
    tellCompleted(context, {
      run,
      timer,
      counts: await orAborted(signal, workMonth(context, { run, timer })),
    });
  } catch (thrown) {
    const error = toAppError(signal.aborted ? signal.reason : thrown);
    await writeFailure(context, {
      run,
      timer,
      // A month that waits for the database takes long, and not by its own fault.
      error: error.code === "TIME_LIMIT" ? await database.trouble() ?? error : error,
      attemptsSpent: claim.retry_count,
    });
  }
}

/** Stages 1 to 8; the last four in one transaction. */
async function workMonth(
  context: MonthJobContext,
  { run, timer }: { run: MonthRun; timer: StageTimer },
): Promise<MonthCounts> {
  const tell = (progress: string, stats: Record<string, number> = {}): void =>
    context.onProgress(run.job_id, { status: "processing", progress, stats });

  tell("Asking the generators");
  const generated = await timer.time("generate", generateBooks(context, run));
  const candidates = mergeBooks(generated.books);
  tell(`Resolving ${candidates.length} books`, { books_generated: candidates.length });
  const resolved = await timer.time(
    "resolve",
    resolveCandidates(context, {
      run,
      candidates,
      onResolved: (count) => {
        if (count % BOOKS_PER_PROGRESS === 0) {
          tell(`Resolved ${count} of ${candidates.length} books`);
        }
      },
    }),
  );
  const { sql } = context.database;
  const verified = await askDatabase(
    () => verifyCandidates(sql, { month: run, candidates: resolved }),
    { context, run },
  );
  context.onProgress(run.job_id, { status: "enriching", progress: "Storing the books" });
  // Run again after a commit nobody heard of, it finds the claim gone, and the month completed.
  const store = () =>
    storeMonth(context, {
      run,
      timer,
      verified,
      promptVariant: generated.prompt_variant,
      remarks: generated.remarks,
    });
  return await timer.time("store", askDatabase(store, { context, run }));
}

async function writeFailure(
  context: MonthJobContext,
  { run, timer, error, attemptsSpent }: {
    run: MonthRun;
    timer: StageTimer;
    error: AppError;
    attemptsSpent: number;
  },
): Promise<void> {
  const { clock } = context;
  const outcome = decideOutcome({
    class: error.class,
    retry_at: error.retryAt ?? null,
    is_shutdown: error.code === "SHUTTING_DOWN",
  }, {
    attemptsSpent,
    policy: context.outcome_policy,
    now: clock.now(),
    random: context.random(),
  });
  if (outcome.kind === "stop" || !await isWritten(context, { run, timer, error, outcome })) {
    await noteLostClaim(context, { run, timer });
    return;
  }
  const level = outcome.kind === "failed" ? "error" : "warn";
  run.log[level](`month_${outcome.kind}`, { month: monthKey(run), error });
  context.onProgress(run.job_id, {
    status: "failed",
    progress: FAILURE_SENTENCES[outcome.kind],
    error: error.message,
  });
}

/** Writes how the run failed; false when the claim is lost. */
async function isWritten(
  context: MonthJobContext,
  { run, timer, error, outcome }: {
    run: MonthRun;
    timer: StageTimer;
    error: AppError;
    outcome: Exclude<FailureOutcome, { kind: "stop" }>;
  },
): Promise<boolean> {
  const { database, clock } = context;
  let tries = 0;
  const write = () => {
    tries++;
    return database.sql.begin((tx) =>
      recordOutcome(tx, {
        jobId: run.job_id,
        outcome,
        error: { code: error.code, message: error.message },
        calls: run.calls,
        stageMs: timer.stage_ms,
        at: clock.sqlNow(),
      })
    );
  };
  try {
    await askAtLast(write, { context, run });
    return true;
  } catch (writeError) {
    if (!(writeError instanceof ClaimLostError)) throw writeError;
    if (tries === 1) return false;
    // It may have been written before, by a commit nobody heard of.
    const found = await askAtLast(() => findOutcome(database.sql, run.job_id), { context, run });
    return found === outcome.kind;
  }
}

/** Asks the database when the run is over; a service that shuts down does not wait for it. */
function askAtLast<T>(
  ask: () => Promise<T>,
  { context: { clock }, run }: { context: MonthJobContext; run: MonthRun },
): Promise<T> {
  const isShutdown = run.signal.aborted && toAppError(run.signal.reason).code === "SHUTTING_DOWN";
  const signal = isShutdown ? run.signal : new AbortController().signal;
  return retryDatabase(ask, { clock, log: run.log, signal, limitMs: OUTCOME_WAIT_MS });
}

function tellCompleted(
  { onProgress }: MonthJobContext,
  { run, timer, counts }: { run: MonthRun; timer: StageTimer; counts: MonthCounts },
): void {
  run.log.info("month_completed", { month: monthKey(run), ...counts, stage_ms: timer.stage_ms });
  onProgress(run.job_id, {
    status: "complete",
    progress: `${counts.isbns_resolved} of ${counts.books_generated} books resolved`,
    stats: { ...counts },
  });
}

/**
 * Nothing of the month is written any more; only its bill. But a claim that no longer holds need not be
 * lost: the run itself may have completed the month just before it was stopped, or before the answer
 * to its commit was lost.
 */
async function noteLostClaim(
  context: MonthJobContext,
  { run, timer }: { run: MonthRun; timer: StageTimer },
): Promise<void> {
  const { sql } = context.database;
  const counts = await askAtLast(() => findCompletion(sql, run.job_id), { context, run });
  if (counts !== null) {
    tellCompleted(context, { run, timer, counts });
    return;
  }
  run.log.warn("claim_lost", { month: monthKey(run) });
  const { job_id: jobId, calls } = run;
  await askAtLast(() => saveCalls(sql, { jobId, calls }), { context, run });
  await askAtLast(() => sumCalls(sql, jobId), { context, run });
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
