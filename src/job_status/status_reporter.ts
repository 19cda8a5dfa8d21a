import type { Clock } from "../clock.ts";
import type { Log } from "../log.ts";
import type { MonthProgress } from "./month_progress.ts";
import type { JobStatusStore } from "./job_status.ts";

/** What is reported within this time is written together. */
const FLUSH_MS = 100;

/** Writes the live statuses of jobs, so that people can watch. */
export interface StatusReporter {
  /** Takes note and returns at once; never throws. */
  report(jobId: string, progress: MonthProgress): void;
  /** Writes what is left. */
  close(): Promise<void>;
}

/**
 * Gathers what is reported and writes it several times a second in one commit: the queue lives in the
 * same file, and a commit for every sentence would hold up its deliveries. Statuses are a courtesy:
 * when they cannot be written, the months go on.
 */
export function createStatusReporter(
  { statuses, clock, log }: { statuses: JobStatusStore; clock: Clock; log: Log },
): StatusReporter {
  let unwritten = new Map<string, MonthProgress>();
  let writing: Promise<void> | null = null;
  const closed = new AbortController();

  async function flushLater(): Promise<void> {
    await clock.sleep(FLUSH_MS, closed.signal).catch(() => {}); // closing: write at once
    const changes = unwritten;
    unwritten = new Map();
    try {
      await statuses.change(changes);
    } catch (error) {
      log.warn("job_statuses_not_written", { count: changes.size, error });
    }
    writing = unwritten.size > 0 ? flushLater() : null;
  }

  return {
    report(jobId, progress): void {
      const waiting = unwritten.get(jobId);
      const stats = { ...waiting?.stats, ...progress.stats };
      unwritten.set(jobId, { ...waiting, ...progress, stats });
      writing ??= flushLater();
    },
    async close(): Promise<void> {
      closed.abort();
      while (writing) await writing;
    },
  };
}
