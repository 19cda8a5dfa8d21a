/** Counts what may happen thousands of times a second, so that a line now and then tells of all. */
export interface OccurrenceCount {
  /**
   * Counts one more at `nowMs`, milliseconds from an arbitrary start. Answers how many there were since
   * the last line, this one included, when it is time for a line, and null when it is not.
   */
  add(nowMs: number): number | null;
}

/**
 * A line for the first occurrence, then at most one every `everyMs` milliseconds.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const refusals = createOccurrenceCount({ everyMs: 60_000 });
 * assertEquals([0, 10, 20, 60_000].map(refusals.add), [1, null, null, 3]);
 * ```
 */
export function createOccurrenceCount({ everyMs }: { everyMs: number }): OccurrenceCount {
  let count = 0;
  let nextMs = -Infinity;
  return {
    add(nowMs) {
      count++;
      if (nowMs < nextMs) return null;
      const told = count;
      count = 0;
      nextMs = nowMs + everyMs;
      return told;
    },
  };
}
