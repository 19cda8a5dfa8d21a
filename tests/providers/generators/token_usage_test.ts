import { assertEquals } from "@std/assert";
import {
  billedSchema,
  type CountsThinking,
  toTokenUsage,
} from "../../../src/providers/generators/token_usage.ts";

Deno.test("toTokenUsage() counts thinking once, wherever a provider counts it", () => {
  /** Beside an input of 100, which every sum holds. */
  type Counts = readonly [output: number, thinking: number, total?: number];
  const table: readonly [Counts, CountsThinking, output: number][] = [
    [[900, 260, 1_000], "beside", 640],
    [[640, 260, 1_000], "within", 640],
    [[900, 260], "within", 640],
    [[640, 260], "beside", 640],
    // More thinking than output cannot be within it, …
    [[100, 260], "within", 100],
    // … unless the sum says so, which then counts.
    [[100, 260, 200], "within", 0],
    // A sum that fits neither way says nothing.
    [[900, 260, 7], "within", 640],
    [[640, 260, 7], "beside", 640],
  ];
  for (const [[output, thinking, total], countsThinking, expected] of table) {
    const counts = { input: 100, output, thinking, total };
    assertEquals(
      toTokenUsage(counts, countsThinking),
      { input: 100, output: expected, thinking },
      JSON.stringify([counts, countsThinking]),
    );
  }
});

Deno.test("billedSchema is never more than the database holds", () => {
  assertEquals(billedSchema.parse(9_007_199_254_740_991), 100_000_000);
  assertEquals(billedSchema.parse("640"), 640);
});
