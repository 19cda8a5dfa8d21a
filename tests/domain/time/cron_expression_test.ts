import { assert, assertEquals } from "@std/assert";
import { isCronExpression, lastCronMoment } from "../../../src/domain/time/cron_expression.ts";

/** A Saturday. */
const AT = new Date("2026-11-28T03:00:00Z");

Deno.test("lastCronMoment() finds the last moment for which an expression stands", () => {
  const table: readonly [string, string | null][] = [
    ["0 3 * * *", "2026-11-28T03:00"],
    ["1 3 * * *", "2026-11-27T03:01"],
    ["* * * * *", "2026-11-28T03:00"],
    ["1/7 * * * *", "2026-11-28T02:57"],
    ["5/15 * * * *", "2026-11-28T02:50"],
    ["30 22-2 * * *", "2026-11-28T02:30"],
    ["0 22-4/3 * * *", "2026-11-28T01:00"],
    ["5/15 8-18 1,15 JAN-JUN MON-FRI", "2026-06-30T18:50"],
    ["0 3 * * SUN,TUE", "2026-11-24T03:00"],
    ["0 12 * * FRI-MON", "2026-11-27T12:00"],
    ["0 3 1 * MON", "2026-11-23T03:00"],
    ["0 3 1 * *", "2026-11-01T03:00"],
    ["0 0 29 feb *", "2024-02-29T00:00"],
    ["0 0 31 JAN,FEB *", "2026-01-31T00:00"],
    ["0 0 30 2 *", null],
  ];
  for (const [text, expected] of table) {
    assert(isCronExpression(text), text);
    const found = lastCronMoment(text, AT)?.toISOString().slice(0, 16) ?? null;
    assertEquals(found, expected, text);
  }
});

Deno.test("lastCronMoment() finds a leap day across a century without one", () => {
  const found = lastCronMoment("0 0 29 2 *", new Date("2104-02-28T23:59:00Z"));
  assertEquals(found?.toISOString(), "2096-02-29T00:00:00.000Z");
});
