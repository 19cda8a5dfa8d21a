import { assertEquals } from "@std/assert";
import fc from "fast-check";
import {
  type CostCap,
  describeCostCap,
  describeUnpriced,
  isCapLifted,
  parseCostCap,
  parseUnpriced,
} from "../../../src/domain/money/cost_cap.ts";

const today = "2026-11-21";

Deno.test("parseCostCap() reads back every cap, and nothing else", () => {
  fc.assert(fc.property(
    fc.constantFrom<Pick<CostCap, "scope" | "id">>(
      { scope: "day", id: today },
      { scope: "run", id: "412" },
    ),
    fc.integer({ min: 0, max: 999_999_999_999 }),
    (whose, micro) => {
      const cap = { ...whose, cap_usd: micro / 1_000_000 };
      assertEquals(parseCostCap(describeCostCap(cap)), cap);
    },
  ));
  for (const text of ["", "day 2026-11-21", "week 3 at $1.00", "run 3 at much"]) {
    assertEquals(parseCostCap(text), null);
  }
});

Deno.test("parseUnpriced() reads back every model, and no cap", () => {
  for (const model of ["grok-9", "qwen 2.5:7b", "vendor/model without a price"]) {
    assertEquals(parseUnpriced(describeUnpriced(model)), model);
    assertEquals(parseCostCap(describeUnpriced(model)), null);
  }
  assertEquals(parseUnpriced(describeCostCap({ scope: "run", id: "3", cap_usd: 1 })), null);
});

Deno.test("isCapLifted() once the day is over, or the cap was raised or taken away", () => {
  const day: CostCap = { scope: "day", id: today, cap_usd: 2 };
  const run: CostCap = { scope: "run", id: "3", cap_usd: 0.05 };
  assertEquals(isCapLifted(day, { today, capNowUsd: 2 }), false);
  assertEquals(isCapLifted(day, { today, capNowUsd: 1 }), false);
  assertEquals(isCapLifted(day, { today, capNowUsd: 2.000_000_1 }), false);
  assertEquals(isCapLifted(day, { today, capNowUsd: 2.01 }), true);
  assertEquals(isCapLifted(day, { today, capNowUsd: null }), true);
  assertEquals(isCapLifted(day, { today: "2026-11-22", capNowUsd: 2 }), true);
  assertEquals(isCapLifted(run, { today: "2026-11-22", capNowUsd: 0.05 }), false);
  assertEquals(isCapLifted(run, { today, capNowUsd: 0.1 }), true);
});
