import PQueue from "p-queue";
import type { Clock } from "../clock.ts";
import type { ClaimKeeper } from "../claims/claim_keeper.ts";
import type { HeldClaim } from "../claims/held_claim.ts";
import { renewalIntervalMs } from "../domain/time/lease.ts";
import { AppError, ClaimLostError } from "../errors.ts";
import type { Log } from "../log.ts";
import type { JobMessage } from "../queue/job_message.ts";

export interface WorkerOptions {
  readonly claims: ClaimKeeper;
  /** Works one month. Resolves when its outcome is written, whatever it is. */
  readonly work: (claim: HeldClaim) => Promise<void>;
  readonly concurrency: number;
  readonly leaseMs: number;
  /** A job that runs longer is stopped, and its lease is renewed no more. */
  readonly timeLimitMs: number;
  readonly clock: Clock;
  readonly log: Log;
}

export interface Worker {
  /** Takes a message over and returns at once. One it already has is dropped. */
  accept(message: JobMessage): void;
  /** Job ids it is working on or has waiting. */
  held(): readonly string[];
  /** Resolves when nothing is running or waiting. */
  idle(): Promise<void>;
  /**
   * Takes no more messages, gives back what waits, lets what runs finish for `graceMs`, and then
   * stops it with SHUTTING_DOWN, which gives it back without spending an attempt.
   */
  shutdown(graceMs: number): Promise<void>;
}

interface Job {
  readonly message: JobMessage;
  readonly stop: AbortController;
  begunAtMs: number | null;
}

/**
 * A pool that turns messages into jobs: bounded concurrency, leases renewed for everything it holds,
 * a time limit for everything it runs.
 */
export function createWorker(options: WorkerOptions): Worker {
  const { clock, log } = options;
  const jobs = new Map<string, Job>();
  const pool = new PQueue({ concurrency: options.concurrency });
  const closed = new AbortController();
  const renewing = renewForEver();

  async function work(job: Job): Promise<void> {
    const jobId = job.message.job_id;
    const done = new AbortController();
    try {
      if (job.stop.signal.aborted) return;
      await options.claims.hold(jobId, job.stop.signal, async (claim) => {
        job.begunAtMs = clock.monotonicMs();
        clock.sleep(options.timeLimitMs, done.signal).then(
          () => job.stop.abort(timeLimitError(options.timeLimitMs)),
          () => {}, // the job ended first
        );
        await options.work(claim);
      });
    } catch (error) {
      // The month job writes every outcome itself; what arrives here could not be written. The rescue
      // finds the claim, which this worker no longer holds, as soon as the database is back.
      log.error("outcome_not_written", { job_id: jobId, error });
    } finally {
      done.abort();
      jobs.delete(jobId);
    }
  }

  async function renewForEver(): Promise<void> {
    while (!closed.signal.aborted) {
      try {
        await clock.sleep(renewalIntervalMs(options.leaseMs), closed.signal);
        await renewAll();
      } catch (error) {
        if (closed.signal.aborted) return;
        log.warn("leases_not_renewed", { count: jobs.size, error });
      }
    }
  }

  async function renewAll(): Promise<void> {
    const now = clock.monotonicMs();
    const asked = [...jobs.values()]
      .filter(({ begunAtMs }) => begunAtMs === null || now - begunAtMs < options.timeLimitMs)
      .map(({ message }) => message.job_id);
    if (asked.length === 0) return;
    const holding = new Set(await options.claims.renew(asked));
    for (const jobId of asked) {
      if (!holding.has(jobId)) jobs.get(jobId)?.stop.abort(new ClaimLostError(jobId));
    }
  }

  return {
    accept(message): void {
      const jobId = message.job_id;
      if (closed.signal.aborted || jobs.has(jobId)) {
        log.debug("message_dropped", { job_id: jobId, reason: "held already, or shutting down" });
        return;
      }
      const job: Job = { message, stop: new AbortController(), begunAtMs: null };
      jobs.set(jobId, job);
      void pool.add(() => work(job));
    },
    held: () => [...jobs.keys()],
    idle: () => pool.onIdle(),
    async shutdown(graceMs): Promise<void> {
      closed.abort();
      const waiting = [...jobs.values()].filter(({ begunAtMs }) => begunAtMs === null);
      pool.clear();
      // Side by side: where one has to wait for the database, the grace of the others passes.
      await Promise.all([
        waitOrStop(graceMs),
        ...waiting.map(async ({ message, stop }) => {
          stop.abort(shutdownError());
          await options.claims.release(message.job_id);
          jobs.delete(message.job_id);
        }),
      ]);
      await renewing;
    },
  };

  async function waitOrStop(graceMs: number): Promise<void> {
    const finished = new AbortController();
    const grace = clock.sleep(graceMs, finished.signal).then(
      () => jobs.forEach(({ stop }) => stop.abort(shutdownError())),
      () => {}, // everything finished in time
    );
    await pool.onIdle();
    finished.abort();
    await grace;
  }
}

function timeLimitError(timeLimitMs: number): AppError {
  return new AppError("TIME_LIMIT", `The month took longer than ${timeLimitMs / 1000} seconds`);
}

function shutdownError(): AppError {
  return new AppError("SHUTTING_DOWN", "The service is shutting down");
}
