import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { drawLatency } from "../../../src/simulator/faults/latency.ts";
import { REALISTIC_LATENCY } from "../../../src/simulator/services.ts";

Deno.test("drawLatency() is nothing without a range and inside it otherwise", () => {
  assertEquals(drawLatency(undefined, () => 0.5), 0);
  assertEquals(drawLatency({ min_ms: 40, max_ms: 40 }, () => 0.9), 40);
  fc.assert(fc.property(fc.double({ min: 0, max: 0.999, noNaN: true }), (random) => {
    const { min_ms, max_ms } = REALISTIC_LATENCY.isbndb;
    const latency = drawLatency(REALISTIC_LATENCY.isbndb, () => random);
    assert(latency >= min_ms && latency < max_ms);
  }));
});
