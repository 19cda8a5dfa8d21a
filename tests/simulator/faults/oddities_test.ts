import { assert, assertEquals } from "@std/assert";
import { monthFromIndex, monthIndex, monthKey } from "../../../src/domain/months/month.ts";
import { playsKind } from "../../../src/simulator/faults/fault_plan.ts";
import { FAULT_KINDS } from "../../../src/simulator/faults/faults.ts";
import { createOddityPlan } from "../../../src/simulator/faults/oddity_plan.ts";
import {
  NO_ODDITIES,
  type Oddities,
  USUAL_ODDITIES,
} from "../../../src/simulator/faults/oddities.ts";
import { MODEL_SERVICE_NAMES } from "../../../src/simulator/service/service_names.ts";
import { createManualClock } from "../manual_clock.ts";

const MONTHS = Array.from(
  { length: 300 },
  (_, index) => monthKey(monthFromIndex(monthIndex({ year: 2000, month: 1 }) + index)),
);

function plan(oddities: Oddities, { seed = 1, now = "2026-11-21T00:00:00Z" } = {}) {
  return createOddityPlan({ oddities, seed, clock: createManualClock(now) });
}

function only(forms: Oddities["forms"]): Oddities {
  return { ...NO_ODDITIES, forms };
}

Deno.test("OddityPlan take() draws the same oddities for the same seed, and others for another", () => {
  const draw = (seed: number) => {
    const oddities = plan(USUAL_ODDITIES, { seed });
    return MONTHS.map((month) => oddities.take("xai", { month })?.kind ?? null);
  };
  assertEquals(draw(3), draw(3));
  assert(JSON.stringify(draw(3)) !== JSON.stringify(draw(4)));
});

Deno.test("OddityPlan take() meets about every fourth month, in each service others", () => {
  const oddities = plan(USUAL_ODDITIES);
  const struck = MODEL_SERVICE_NAMES.map((service) =>
    MONTHS.filter((month) => oddities.take(service, { month }) !== null)
  );
  for (const months of struck) {
    assert(months.length > 45 && months.length < 100, `${months.length} of 300`);
  }
  assert(new Set(struck.flat()).size > (struck[0]?.length ?? 0) * 2);
});

Deno.test("OddityPlan take() plays only what the service can play", () => {
  for (const service of MODEL_SERVICE_NAMES) {
    const oddities = plan(USUAL_ODDITIES);
    for (const month of MONTHS) {
      const kind = oddities.take(service, { month })?.kind;
      assert(kind === undefined || playsKind(service, kind), `${service} ${kind}`);
    }
  }
});

Deno.test("OddityPlan take() lets pass what is passing, and repeats what stands", () => {
  const passing = plan(only({ "503": 1 }));
  const twice = [1, 2].map(() => passing.take("xai", { month: "2012-03" })?.kind ?? null);
  assertEquals(twice, ["503", null]);
  assertEquals(passing.take("gemini", { month: "2012-03" })?.kind, "503");
  const standing = plan(only({ fenced: 1 }));
  const again = [1, 2, 3].map(() => standing.take("xai", { month: "2012-03" })?.kind);
  assertEquals(again, ["fenced", "fenced", "fenced"]);
});

Deno.test("OddityPlan take() names a short wait where the service's 429 has one", () => {
  const oddities = plan(only({ "429": 1 }));
  assertEquals(oddities.take("gemini", { month: "2012-03" })?.retry_after_seconds, 1);
  assertEquals(oddities.take("xai", { month: "2012-03" })?.retry_after_seconds, undefined);
});

Deno.test("OddityPlan take() refuses the newest months, always", () => {
  const oddities = plan({ ...NO_ODDITIES, refusedMonths: 6 }, { now: "2012-09-15T00:00:00Z" });
  const refused = (month: string) =>
    oddities.take("gemini", { month })?.kind.startsWith("refusal") ?? false;
  const months = ["2012-02", "2012-03", "2012-08", "2012-09", "2013-01"];
  assertEquals(months.map(refused), [false, true, true, true, true]);
  assertEquals(refused("2012-03"), true);
});

Deno.test("OddityPlan take() leaves alone what asks for no month, and all without oddities", () => {
  const always = plan(only({ fenced: 1 }));
  assertEquals(always.take("xai", {}), null);
  assertEquals(always.take("open_library", { month: "2012-03" }), null);
  const none = plan(NO_ODDITIES);
  assertEquals(MONTHS.filter((month) => none.take("xai", { month }) !== null), []);
});

Deno.test("USUAL_ODDITIES leaves most months whole and names only known kinds", () => {
  const shares = Object.values(USUAL_ODDITIES.forms);
  const sum = shares.reduce((total, share) => total + share, 0);
  assert(sum > 0.2 && sum < 0.3, `${sum}`);
  const kinds: readonly string[] = FAULT_KINDS;
  assert(Object.keys(USUAL_ODDITIES.forms).every((kind) => kinds.includes(kind)));
});
