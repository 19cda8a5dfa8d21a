import { assertEquals } from "@std/assert";
import { namedWaitMs, spelledWaitMs } from "../../../src/providers/generators/named_wait.ts";

Deno.test("spelledWaitMs() reads waits as providers spell them", () => {
  const table: readonly [string, number | null][] = [
    ["Please try again in 1h53m56.832s. Need more tokens?", 6_836_832],
    ["Please try again in 17.8s.", 17_800],
    ["Please try again in 6m0s.", 360_000],
    ["Please try again in 20ms.", 20],
    ["Please try again in 1d2h.", 86_400_000],
    ["Please retry in 48.939935699s.", 48_940],
    ["Please retry after 26 seconds.", 26_000],
    ["please wait 2 minutes and 5 seconds before", 125_000],
    ["Try again in 1 hour, 3 mins", 3_780_000],
    ["Try again in 3 months", null],
    ["Please try again later.", null],
    ["Please retry your request", null],
    ["max retries: 5", null],
  ];
  for (const [words, ms] of table) assertEquals(spelledWaitMs(words), ms, words);
});

Deno.test("namedWaitMs() believes headers before words, and waits a day at most", () => {
  const now = new Date("2026-11-21T12:00:00Z");
  const wait = (headers: Record<string, string>, body: unknown = { message: "retry in 9s" }) => {
    const text = JSON.stringify(body);
    return namedWaitMs(
      { status: 429, headers: new Headers(headers), text, json: body, isHtml: false },
      now,
    );
  };
  const openRouter = (moment: unknown) => ({
    error: { message: "Per day", metadata: { headers: { "X-RateLimit-Reset": moment } } },
  });
  assertEquals(wait({}), 9_000);
  assertEquals(wait({ "retry-after": "18" }), 18_000);
  assertEquals(wait({ "retry-after": "Sat, 21 Nov 2026 12:01:00 GMT" }), 60_000);
  assertEquals(wait({ "retry-after": "18", "retry-after-ms": "17832.5" }), 17_833);
  assertEquals(wait({}, openRouter(String(now.getTime() + 5_000_000))), 5_000_000);
  assertEquals(wait({}, openRouter("soon")), null);
  assertEquals(wait({ "retry-after": "9999999" }), 86_400_000);
});
