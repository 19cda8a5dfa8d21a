import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { fullJitterMs } from "../../../src/providers/http/full_jitter.ts";

Deno.test("fullJitterMs() draws from a range that doubles up to the cap", () => {
  const random = () => 0.5;
  const waits = [1, 2, 3, 4, 5, 6, 7].map((attempt) =>
    fullJitterMs(attempt, { baseMs: 1000, capMs: 30_000, random })
  );
  assertEquals(waits, [500, 1000, 2000, 4000, 8000, 15_000, 15_000]);
});

Deno.test("fullJitterMs() stays below the bound of its attempt", () => {
  const chance = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
  fc.assert(fc.property(fc.integer({ min: 1, max: 60 }), chance, (attempt, drawn) => {
    const wait = fullJitterMs(attempt, { baseMs: 500, capMs: 30_000, random: () => drawn });
    assert(wait >= 0 && wait <= 30_000 && wait <= 500 * 2 ** (attempt - 1));
  }));
});
