import { assert, assertEquals, assertFalse } from "@std/assert";
import { createTokenBucket } from "../../../src/simulator/faults/token_bucket.ts";
import { createManualClock } from "../manual_clock.ts";

Deno.test("createTokenBucket() lets a burst through and then only its rate", () => {
  const clock = createManualClock();
  const bucket = createTokenBucket({ clock, ratePerSecond: 2, burst: 3 });
  assertEquals([1, 2, 3, 4].map(() => bucket.take()), [true, true, true, false]);
  clock.advance(499);
  assertFalse(bucket.take());
  clock.advance(1);
  assert(bucket.take());
  clock.advance(60_000);
  assertEquals(bucket.remaining(), 3);
});
