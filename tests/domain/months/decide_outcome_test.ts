import { assert, assertEquals } from "@std/assert";
import { decideOutcome, decideRescue } from "../../../src/domain/months/decide_outcome.ts";

const policy = { backoff: { base_seconds: 60, cap_seconds: 3600 }, snooze_seconds: 300 };
const now = new Date("2026-11-21T12:00:00Z");
const plain = { retry_at: null, is_shutdown: false } as const;
const options = { attemptsSpent: 0, policy, now, random: 0 };

Deno.test("decideOutcome() retries what may pass, until the budget is spent", () => {
  for (const kind of ["transient", "bad_answer"] as const) {
    const error = { class: kind, ...plain };
    assertEquals(decideOutcome(error, options), { kind: "retry", delay_seconds: 30 });
    assertEquals(decideOutcome(error, { ...options, attemptsSpent: 3 }), {
      kind: "retry",
      delay_seconds: 240,
    });
    assertEquals(decideOutcome(error, { ...options, attemptsSpent: 4 }), {
      kind: "failed",
      is_final: false,
    });
    // A person may have counted up by hand.
    assertEquals(decideOutcome(error, { ...options, attemptsSpent: 5 }).kind, "failed");
  }
});

Deno.test("decideOutcome() fails at once what no attempt can cure", () => {
  assertEquals(decideOutcome({ class: "fatal", ...plain }, options), {
    kind: "failed",
    is_final: true,
  });
});

Deno.test("decideOutcome() waits for the end of an obstacle, or a while when it has none", () => {
  const end = new Date("2026-11-22T00:00:00Z");
  const delay = (retry_at: Date | null): number => {
    const outcome = decideOutcome({ class: "quota", retry_at, is_shutdown: false }, options);
    assert(outcome.kind === "snoozed");
    return outcome.delay_seconds;
  };
  assertEquals(delay(end), 12 * 3600);
  assertEquals(delay(null), 300);
  assertEquals(delay(new Date("2026-11-21T11:00:00Z")), 300);
  assertEquals(delay(new Date("2058-07-30T00:00:00Z")), 25 * 3600);
});

Deno.test("decideOutcome() spreads months that hit the same obstacle", () => {
  const outcome = decideOutcome({ class: "quota", ...plain }, { ...options, random: 0.5 });
  assert(outcome.kind === "snoozed");
  assertEquals(outcome.delay_seconds, 315);
});

Deno.test("decideOutcome() stops without a word when the claim is lost, and gives back at shutdown", () => {
  assertEquals(decideOutcome({ class: "claim_lost", ...plain }, options), { kind: "stop" });
  const shutdown = { class: "quota", retry_at: null, is_shutdown: true } as const;
  assertEquals(decideOutcome(shutdown, options), { kind: "released" });
});

Deno.test("decideRescue() spends no attempt, and fails only what is lost again and again", () => {
  const rescue = (
    has_begun: boolean,
    has_progress: boolean,
    losses_in_row = 0,
  ): string | number => {
    const claim = { has_begun, has_progress, losses_in_row };
    const outcome = decideRescue(claim, { policy, random: 0 });
    return outcome.kind === "snoozed" ? outcome.delay_seconds : outcome.kind;
  };
  assertEquals(rescue(false, false, 20), "released");
  assertEquals(rescue(true, true, 20), "released");
  assertEquals(rescue(true, false), 30);
  assertEquals(rescue(true, false, 2), 120);
  assertEquals(rescue(true, false, 8), 1800);
  assertEquals(rescue(true, false, 9), "failed");
});
