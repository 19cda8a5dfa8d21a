import { assertEquals } from "@std/assert";
import { dayIn, PACIFIC } from "../../../src/simulator/books/calendar_day.ts";

Deno.test("dayIn() turns the day at midnight of its zone, in summer and in winter", () => {
  const day = (moment: string) => dayIn(PACIFIC, new Date(moment));
  assertEquals(day("2026-06-15T06:59:59Z"), "2026-06-14");
  assertEquals(day("2026-06-15T07:00:00Z"), "2026-06-15");
  assertEquals(day("2026-12-15T07:59:59Z"), "2026-12-14");
  assertEquals(day("2026-12-15T08:00:00Z"), "2026-12-15");
  assertEquals(dayIn("UTC", new Date("2026-12-31T23:59:59Z")), "2026-12-31");
});
