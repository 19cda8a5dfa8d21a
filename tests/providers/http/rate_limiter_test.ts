import { assert, assertEquals, assertRejects } from "@std/assert";
import fc from "fast-check";
import { createRateLimiter } from "../../../src/providers/http/rate_limiter.ts";
import { manualClock } from "../manual_clock.ts";

const { signal } = new AbortController();

Deno.test("createRateLimiter() never starts more than the rate in any window of a second", async () => {
  const rates = fc.integer({ min: 1, max: 6 });
  const gaps = fc.array(fc.integer({ min: 0, max: 900 }), { maxLength: 40 });
  await fc.assert(fc.asyncProperty(rates, gaps, async (rate, pauses) => {
    const clock = manualClock();
    const limiter = createRateLimiter(rate, clock);
    const starts: number[] = [];
    for (const pause of pauses) {
      clock.advance(pause);
      await limiter.take(signal);
      starts.push(clock.monotonicMs());
    }
    starts.forEach((start, index) => {
      const before = starts[index - rate];
      assert(before === undefined || start - before >= 1000, `${starts}`);
    });
  }));
});

Deno.test("createRateLimiter() lets a full second's worth start at once", async () => {
  const clock = manualClock();
  const limiter = createRateLimiter(3, clock);
  for (let i = 0; i < 3; i++) await limiter.take(signal);
  assertEquals(clock.slept, []);
  await limiter.take(signal);
  assertEquals(clock.slept, [1000]);
});

Deno.test("createRateLimiter() stretches the window for rates below one", async () => {
  const clock = manualClock();
  const limiter = createRateLimiter(0.5, clock);
  await limiter.take(signal);
  await limiter.take(signal);
  assertEquals(clock.slept, [2000]);
});

Deno.test("createRateLimiter() limits nothing at an infinite rate", async () => {
  const clock = manualClock();
  const limiter = createRateLimiter(Infinity, clock);
  for (let i = 0; i < 1000; i++) await limiter.take(signal);
  assertEquals(clock.slept, []);
});

Deno.test("createRateLimiter() starts nothing during a pause and says how long it lasts", async () => {
  const clock = manualClock();
  const limiter = createRateLimiter(10, clock);
  limiter.pause(5000);
  limiter.pause(2000);
  assertEquals(limiter.pausedMs(), 5000);
  await limiter.take(signal);
  assertEquals(clock.slept, [5000]);
  assertEquals(limiter.pausedMs(), 0);
});

Deno.test("createRateLimiter() rejects a caller that has given up", async () => {
  const limiter = createRateLimiter(1, manualClock());
  const reason = new Error("cancelled");
  const error = await assertRejects(() => limiter.take(AbortSignal.abort(reason)));
  assertEquals(error, reason);
});
