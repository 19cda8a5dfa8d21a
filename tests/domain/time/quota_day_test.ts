import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { nextPacificMidnight, nextUtcMidnight } from "../../../src/domain/time/quota_day.ts";

Deno.test("nextUtcMidnight() is the next full day, never now", () => {
  for (
    const [now, expected] of [
      ["2026-11-21T12:34:56.789Z", "2026-11-22T00:00:00.000Z"],
      ["2026-11-22T00:00:00.000Z", "2026-11-23T00:00:00.000Z"],
      ["2024-02-28T23:59:59.999Z", "2024-02-29T00:00:00.000Z"],
    ] as const
  ) assertEquals(nextUtcMidnight(new Date(now)).toISOString(), expected);
});

Deno.test("nextPacificMidnight() follows Los Angeles through summer and winter time", () => {
  for (
    const [now, expected] of [
      // Winter, UTC−8, and summer, UTC−7.
      ["2026-11-21T12:00:00Z", "2026-11-22T08:00:00.000Z"],
      ["2026-07-01T06:59:59Z", "2026-07-01T07:00:00.000Z"],
      ["2026-07-01T07:00:00Z", "2026-07-02T07:00:00.000Z"],
      // Clocks go forward on 8 March 2026 (a day of 23 hours) and back on 1 November (25 hours).
      ["2026-03-08T08:30:00Z", "2026-03-09T07:00:00.000Z"],
      ["2026-03-08T20:00:00Z", "2026-03-09T07:00:00.000Z"],
      ["2026-11-01T07:30:00Z", "2026-11-02T08:00:00.000Z"],
      ["2026-11-01T20:00:00Z", "2026-11-02T08:00:00.000Z"],
      ["2026-11-21T12:00:00.123Z", "2026-11-22T08:00:00.000Z"],
    ] as const
  ) assertEquals(nextPacificMidnight(new Date(now)).toISOString(), expected, now);
});

Deno.test("nextPacificMidnight() lies within 25 hours and shows midnight there", () => {
  const wall = new Intl.DateTimeFormat("en-US", {
    timeZone: "America/Los_Angeles",
    timeStyle: "medium",
    hourCycle: "h23",
  });
  const moments = fc.date({
    min: new Date("2000-01-01"),
    max: new Date("2035-01-01"),
    noInvalidDate: true,
  });
  fc.assert(
    fc.property(moments, (now) => {
      const next = nextPacificMidnight(now);
      const aheadMs = next.getTime() - now.getTime();
      assert(
        aheadMs > 0 && aheadMs <= 25 * 3_600_000,
        `${now.toISOString()} → ${next.toISOString()}`,
      );
      assertEquals(wall.format(next), "00:00:00");
    }),
    { numRuns: 300 },
  );
});
