import { assertEquals } from "@std/assert";
import { answeringModel, modelChange } from "../../../src/domain/generation/model_changes.ts";
import { priceOf, priceOfAnswer } from "../../../src/domain/money/model_prices.ts";

const BEFORE = new Date("2026-11-30T23:59:59Z");
const AFTER = new Date("2026-12-01T00:00:00Z");

Deno.test("answeringModel() follows a name from the day its provider announced", () => {
  const table: readonly [string, Date, string][] = [
    ["gemini-2.5-flash", BEFORE, "gemini-2.5-flash"],
    ["gemini-2.5-flash", AFTER, "gemini-3.5-flash-lite"],
    ["gemini-2.5-pro", AFTER, "gemini-3.8-flash"],
    ["gemini-2.5-flash-lite", AFTER, "gemini-2.5-flash-lite"],
    ["gemini-3.5-flash-lite", AFTER, "gemini-3.5-flash-lite"],
  ];
  for (const [model, at, expected] of table) assertEquals(answeringModel(model, at), expected);
});

Deno.test("modelChange() knows the names that nobody answers to", () => {
  for (const model of ["grok-3", "grok-3-mini", "grok-4-0709", "grok-4-1-fast-non-reasoning"]) {
    assertEquals(modelChange(model), { from: "2026-05-15", answered_by: null }, model);
  }
  for (
    const model of ["grok-4.3", "grok-4.20-reasoning", "gemini-3.8-flash", "llama-3", "toString"]
  ) {
    assertEquals(modelChange(model), null, model);
  }
});

Deno.test("priceOfAnswer() takes the price of who answered, but what the operator gave first", () => {
  const dear = { input_usd: 2, output_usd: 6 };
  const own = { input_usd: 0, output_usd: 0 };
  const price = (asked: string, answered: string, given = {}) =>
    priceOfAnswer({ asked, answered }, { at: BEFORE, given });
  assertEquals(price("gemini-2.5-flash", "gemini-3.8-flash"), {
    input_usd: 0.75,
    output_usd: 3.75,
  });
  assertEquals(price("grok-latest", "grok-4.7"), dear);
  assertEquals(price("grok-4.3", "grok-4.3-0915"), { input_usd: 1.25, output_usd: 2.5 });
  assertEquals(price("mine", "grok-4.7", { mine: own }), own);
  assertEquals(price("mine", "grok-4.7", { mine: own, "grok-4.7": dear }), dear);
  assertEquals(price("mine", "nobody's"), null);
  assertEquals(price("mine", "constructor"), null);
});

Deno.test("priceOf() never prices what it does not know", () => {
  assertEquals(priceOf("gemini-2.5-pro", { at: AFTER, given: {} }), null);
  assertEquals(priceOf("constructor", { at: AFTER, given: {} }), null);
});
