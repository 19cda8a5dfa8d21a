import { assertEquals } from "@std/assert";
import {
  decideGeneration,
  type GenerationDecision,
  type GeneratorReport,
  type GeneratorResult,
  obstacleOf,
} from "../../../src/domain/generation/decide_generation.ts";
import { ERROR_KINDS, type ErrorCode } from "../../../src/errors.ts";

const askAgainAt = new Date("2026-11-21T12:05:00Z");
const soon = new Date("2026-11-21T12:01:00Z");
const late = new Date("2026-11-21T20:00:00Z");

const ANSWERED: GeneratorResult = { kind: "answered", has_books: true };
const NAMED_NONE: GeneratorResult = { kind: "answered", has_books: false };
const CAPPED: GeneratorResult = { kind: "capped" };
const UNUSABLE: GeneratorResult = { kind: "failed", obstacle: "unusable", ends_at: null };
const passing = (ends_at: Date | null = null): GeneratorResult => ({
  kind: "failed",
  obstacle: "passing",
  ends_at,
});
const lasting = (ends_at: Date | null = null): GeneratorResult => ({
  kind: "failed",
  obstacle: "lasting",
  ends_at,
});

function decide(
  models: readonly GeneratorResult[],
  catalogues: readonly GeneratorResult[] = [],
  isLastAttempt = false,
): GenerationDecision {
  const reports: GeneratorReport[] = [
    ...models.map((result) => ({ role: "model" as const, result })),
    ...catalogues.map((result) => ({ role: "catalogue" as const, result })),
  ];
  return decideGeneration(reports, { isLastAttempt, askAgainAt });
}

const GO_ON: GenerationDecision = { kind: "go_on" };
const ASK_AGAIN: GenerationDecision = { kind: "ask_again" };
const down = (until: Date): GenerationDecision => ({
  kind: "wait",
  reason: "generators_down",
  until,
});
const refused = (until: Date | null): GenerationDecision => ({
  kind: "wait",
  reason: "generators_refused",
  until,
});

Deno.test("decideGeneration() goes on when one model answered, whatever the others did", () => {
  for (const other of [ANSWERED, UNUSABLE, passing(), lasting()]) {
    assertEquals(decide([ANSWERED, other]), GO_ON);
    assertEquals(decide([other, ANSWERED], [passing()]), GO_ON);
  }
});

Deno.test("decideGeneration() is content with no book unless a model is away", () => {
  const unnamed = (until: Date) => ({ kind: "wait", reason: "no_books_yet", until }) as const;
  assertEquals(decide([NAMED_NONE, passing(late)]), unnamed(late));
  assertEquals(decide([NAMED_NONE, passing(late)], [passing(soon)]), unnamed(late));
  assertEquals(decide([NAMED_NONE, passing()], [], true), unnamed(askAgainAt));
  assertEquals(decide([NAMED_NONE], [passing(soon)]), GO_ON);
  assertEquals(decide([NAMED_NONE, passing(late)], [ANSWERED]), GO_ON);
  assertEquals(decide([NAMED_NONE, passing(late), ANSWERED]), GO_ON);
  for (const other of [NAMED_NONE, UNUSABLE, lasting(late)]) {
    assertEquals(decide([NAMED_NONE, other], [NAMED_NONE]), GO_ON);
  }
});

Deno.test("decideGeneration() waits for the first model that is only away, also with a catalogue", () => {
  assertEquals(decide([passing(late), passing(soon)]), down(soon));
  assertEquals(decide([passing(late)], [ANSWERED]), down(late));
  assertEquals(decide([passing(late), passing()], [ANSWERED]), down(askAgainAt));
  assertEquals(decide([passing(late), lasting(soon)], [ANSWERED]), down(late));
  assertEquals(decide([passing(soon), UNUSABLE], [ANSWERED], true), down(soon));
});

Deno.test("decideGeneration() is content with the catalogue when no model will answer by itself", () => {
  assertEquals(decide([lasting(), lasting(late)], [ANSWERED]), GO_ON);
  assertEquals(decide([lasting(late), lasting(soon)]), refused(soon));
  assertEquals(decide([lasting()]), refused(null));
  assertEquals(decide([lasting(soon)], [passing(late)]), down(late));
  assertEquals(decide([lasting(soon)], [lasting(late)]), refused(soon));
  assertEquals(decide([lasting()], [UNUSABLE]), ASK_AGAIN);
});

Deno.test("decideGeneration() asks again about unusable answers, and at last takes the catalogue's", () => {
  assertEquals(decide([UNUSABLE]), ASK_AGAIN);
  assertEquals(decide([UNUSABLE, lasting()], [ANSWERED]), ASK_AGAIN);
  assertEquals(decide([UNUSABLE, lasting()], [ANSWERED], true), GO_ON);
  assertEquals(decide([UNUSABLE], [passing()], true), ASK_AGAIN);
});

Deno.test("decideGeneration() lets the catalogue alone decide where there is no model", () => {
  assertEquals(decide([], [ANSWERED]), GO_ON);
  assertEquals(decide([], [passing(soon)]), down(soon));
  assertEquals(decide([], [lasting(late)]), refused(late));
  assertEquals(decide([], [UNUSABLE]), ASK_AGAIN);
  assertEquals(decide([]), { kind: "wait", reason: "no_generator", until: null });
});

Deno.test("decideGeneration() waits when a cap kept one from being asked, whatever the others did", () => {
  for (const other of [ANSWERED, UNUSABLE, passing(soon), lasting()]) {
    assertEquals(decide([CAPPED, other], [ANSWERED]), {
      kind: "wait",
      reason: "cost_cap",
      until: null,
    });
  }
});

Deno.test("obstacleOf() knows every error a provider can cause, and no other", () => {
  const codes = Object.keys(ERROR_KINDS) as ErrorCode[];
  for (const code of codes.filter((code) => code.startsWith("PROVIDER_"))) {
    assertEquals(obstacleOf(code) === null, false, code);
  }
  assertEquals(obstacleOf("PROVIDER_QUOTA_SPENT"), "passing");
  assertEquals(obstacleOf("PROVIDER_KEY_REFUSED"), "lasting");
  assertEquals(obstacleOf("PROVIDER_BAD_ANSWER"), "unusable");
  for (const code of ["DATABASE_UNREACHABLE", "CLAIM_LOST", "TIME_LIMIT"] as const) {
    assertEquals(obstacleOf(code), null);
  }
});
