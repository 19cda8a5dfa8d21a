/** Time as an argument: the only file that reads the system clock. */
export interface Clock {
  /** The current moment, for arithmetic inside this process. */
  now(): Date;
  /**
   * The moment to hand to SQL: `null` means "use the database's own now()", which is what production
   * does so that all machines agree; a test clock answers its own time and the statements use that.
   */
  sqlNow(): Date | null;
  /** Resolves after `ms` milliseconds; rejects with the signal's reason when it is aborted first. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
  /** Milliseconds from an arbitrary start that never goes backwards, for durations. */
  monotonicMs(): number;
}

/** The real clock. */
export const systemClock: Clock = {
  now: () => new Date(),
  sqlNow: () => null,
  monotonicMs: () => performance.now(),
  sleep(ms, signal) {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason);
      const onAbort = (): void => {
        clearTimeout(timer);
        reject(signal?.reason);
      };
      const timer = setTimeout(() => {
        signal?.removeEventListener("abort", onAbort);
        resolve();
      }, ms);
      signal?.addEventListener("abort", onAbort, { once: true });
    });
  },
};
