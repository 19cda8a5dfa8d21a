import { assert, assertEquals } from "@std/assert";
import { createCircuitBreaker } from "../../../src/providers/http/circuit_breaker.ts";

const OPTIONS = { failureThreshold: 3, openMs: 1000, maxOpenMs: 3000 };
const DOWN = { code: "PROVIDER_UNAVAILABLE", message: "down" } as const;
const at = (ms: number) => new Date(ms);

function openedAt0() {
  const breaker = createCircuitBreaker(OPTIONS);
  for (let i = 0; i < 3; i++) breaker.fail(at(0), DOWN);
  return breaker;
}

Deno.test("createCircuitBreaker() opens after as many failures in a row as the threshold", () => {
  const breaker = createCircuitBreaker(OPTIONS);
  assertEquals(breaker.fail(at(0), DOWN), null);
  assertEquals(breaker.fail(at(0), DOWN), null);
  assertEquals(breaker.admit(at(0)), null);
  assertEquals(breaker.fail(at(0), DOWN), { ...DOWN, until: at(1000) });
  assertEquals(breaker.admit(at(999)), { ...DOWN, until: at(1000) });
});

Deno.test("createCircuitBreaker() counts only failures in a row", () => {
  const breaker = createCircuitBreaker(OPTIONS);
  for (let i = 0; i < 10; i++) {
    breaker.fail(at(0), DOWN);
    breaker.fail(at(0), DOWN);
    assertEquals(breaker.succeed(), false);
  }
  assertEquals(breaker.admit(at(0)), null);
});

Deno.test("createCircuitBreaker() lets one trial through and has the others wait for it", async () => {
  const breaker = openedAt0();
  assertEquals(breaker.admit(at(1000)), null);
  const outcome = breaker.admit(at(1000));
  assert(outcome instanceof Promise);
  assertEquals(breaker.succeed(), true);
  await outcome;
  assertEquals(breaker.admit(at(1000)), null);
  assertEquals(breaker.admit(at(1000)), null);
});

Deno.test("createCircuitBreaker() keeps out those who waited for a trial that failed", async () => {
  const breaker = openedAt0();
  assertEquals(breaker.admit(at(1000)), null);
  const outcome = breaker.admit(at(1000));
  assert(outcome instanceof Promise);
  breaker.fail(at(1500), DOWN);
  await outcome;
  assertEquals(breaker.admit(at(1500)), { ...DOWN, until: at(3500) });
});

Deno.test("createCircuitBreaker() stays open twice as long after each failed trial, up to a limit", () => {
  const breaker = openedAt0();
  breaker.admit(at(1000));
  assertEquals(breaker.fail(at(1000), DOWN)?.until, at(3000));
  breaker.admit(at(3000));
  assertEquals(breaker.fail(at(3000), DOWN)?.until, at(6000));
  breaker.admit(at(6000));
  assertEquals(breaker.fail(at(6000), DOWN)?.until, at(9000));
});

Deno.test("createCircuitBreaker() starts over with short openings once it was closed", () => {
  const breaker = openedAt0();
  breaker.admit(at(1000));
  breaker.fail(at(1000), DOWN);
  breaker.admit(at(3000));
  breaker.succeed();
  for (let i = 0; i < 2; i++) breaker.fail(at(4000), DOWN);
  assertEquals(breaker.fail(at(4000), DOWN)?.until, at(5000));
});

Deno.test("createCircuitBreaker() does not count late failures of requests sent before it opened", () => {
  const breaker = openedAt0();
  assertEquals(breaker.fail(at(500), DOWN), null);
  assertEquals(breaker.admit(at(1000)), null);
});

Deno.test("createCircuitBreaker() admits another trial when one ended without an outcome", async () => {
  const breaker = openedAt0();
  assertEquals(breaker.admit(at(1000)), null);
  const outcome = breaker.admit(at(1000));
  breaker.abandon();
  await outcome;
  assertEquals(breaker.admit(at(1000)), null);
});

Deno.test("createCircuitBreaker() tells a request that was admitted of what came up since", () => {
  const breaker = createCircuitBreaker(OPTIONS);
  const refused = { code: "PROVIDER_KEY_REFUSED", message: "refused", until: at(5000) } as const;
  assertEquals(breaker.admit(at(0)), null);
  assertEquals(breaker.heldSince(at(0)), null);
  breaker.hold(refused);
  assertEquals(breaker.heldSince(at(100)), refused);
  assertEquals(breaker.admit(at(5000)), null);
  assertEquals(breaker.heldSince(at(5000)), null, "the trial request goes");
});

Deno.test("createCircuitBreaker() holds until the latest moment it was given", () => {
  const breaker = createCircuitBreaker(OPTIONS);
  const spent = { code: "PROVIDER_QUOTA_SPENT", message: "spent" } as const;
  breaker.hold({ ...spent, until: at(90_000) });
  breaker.hold({ ...DOWN, until: at(50_000) });
  assertEquals(breaker.admit(at(89_999)), { ...spent, until: at(90_000) });
  assertEquals(breaker.admit(at(90_000)), null);
});
