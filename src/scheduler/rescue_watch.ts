import type { Clock } from "../clock.ts";

/** The rescue runs every minute, and gives up on a database that does not answer within one. */
const LIMIT_MS = 5 * 60_000;

/** Knows whether the rescue still runs, which is how a process shows that it lives. */
export interface RescueWatch {
  /** Runs a rescue and notes its end, however it ends. */
  run<T>(rescue: () => Promise<T>): Promise<T>;
  /** What is wrong and what to do, in a sentence; null while a rescue has ended within five minutes. */
  problem(): string | null;
}

/** The time from the making to the first end counts too. */
export function createRescueWatch(clock: Clock): RescueWatch {
  let endedAtMs = clock.monotonicMs();
  return {
    async run(rescue) {
      try {
        return await rescue();
      } finally {
        endedAtMs = clock.monotonicMs();
      }
    },
    problem() {
      const silentMs = clock.monotonicMs() - endedAtMs;
      if (silentMs <= LIMIT_MS) return null;
      return `The rescue, which should run every minute, has not ended for ` +
        `${Math.floor(silentMs / 60_000)} minutes: the process hangs, and must be restarted`;
    },
  };
}
