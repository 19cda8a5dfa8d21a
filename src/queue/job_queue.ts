import type { JobMessage } from "./job_message.ts";

/**
 * Wakes a worker. A message may come twice, late, to two workers at once, or never: the handler only
 * takes it over and returns, and the claim token in Postgres decides who works.
 */
export interface JobQueue {
  /**
   * Sends the hints of claims that are committed.
   *
   * Throws `AppError` QUEUE_UNREACHABLE when none was sent.
   */
  send(messages: readonly JobMessage[]): Promise<void>;
  /** Hands every message to `handler`, which must return at once. Called at most once. */
  listen(handler: (message: JobMessage) => void): void;
  close(): Promise<void>;
}
