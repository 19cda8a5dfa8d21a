import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { AppError } from "../../../src/errors.ts";
import { createFaultPlan, faultRuleSchema } from "../../../src/simulator/faults/fault_plan.ts";
import { seededRandom } from "../../../src/simulator/faults/random.ts";

function plan(seed = 1, hasUnknownBooks = true) {
  return createFaultPlan({ random: seededRandom(seed), hasUnknownBooks });
}

Deno.test("FaultPlan take() skips `after` requests, strikes `times` and then lets all pass", () => {
  const faults = plan();
  faults.add({ service: "isbndb", kind: "500", after: 1, times: 2 });
  const struck = [1, 2, 3, 4].map(() => faults.take("isbndb", {})?.kind ?? null);
  assertEquals(struck, [null, "500", "500", null]);
  assertEquals(faults.list()[0]?.hits, 2);
});

Deno.test("FaultPlan take() strikes for ever without `times`, until the plan is cleared", () => {
  const faults = plan();
  faults.add({ service: "gemini", kind: "503" });
  for (let call = 0; call < 50; call++) assertEquals(faults.take("gemini", {})?.kind, "503");
  faults.clear();
  assertEquals(faults.take("gemini", {}), null);
});

Deno.test("FaultPlan take() looks at service, month and title", () => {
  const faults = plan();
  faults.add({ service: "gemini", kind: "empty", month: "2012-03" });
  faults.add({ service: "isbndb", kind: "empty", title_contains: "SALT" });
  assertEquals(faults.take("gemini", { month: "2012-04" }), null);
  assertEquals(faults.take("gemini", { month: "2012-03" })?.kind, "empty");
  assertEquals(faults.take("isbndb", { query: { title: "Winter" } }), null);
  assertEquals(faults.take("isbndb", {}), null);
  assertEquals(faults.take("isbndb", { query: { title: "The Salt Ledger" } })?.kind, "empty");
  assertEquals(faults.take("open_library", { query: { title: "The Salt Ledger" } }), null);
});

Deno.test("FaultPlan take() spares questions with a larger cap than the rule's", () => {
  const faults = plan();
  faults.add({ service: "gemini", kind: "no_parts", below_tokens: 1_000 });
  assertEquals(faults.take("gemini", { maxTokens: 999 })?.kind, "no_parts");
  assertEquals(faults.take("gemini", { maxTokens: 1_000 }), null);
  assertEquals(faults.take("gemini", {}), null);
});

Deno.test("FaultPlan take() moves on to the next rule when one is used up", () => {
  const faults = plan();
  faults.add({ service: "isbndb", kind: "429", times: 1, retry_after_seconds: 7 });
  faults.add({ service: "isbndb", kind: "500", times: 1 });
  const struck = [1, 2, 3].map(() => faults.take("isbndb", {})?.kind ?? null);
  assertEquals(struck, ["429", "500", null]);
});

Deno.test("FaultPlan take() draws the same probabilities for the same seed", () => {
  const draw = (seed: number) => {
    const faults = plan(seed);
    faults.add({ service: "isbndb", kind: "500", probability: 0.3 });
    return Array.from({ length: 200 }, () => faults.take("isbndb", {}) !== null);
  };
  assertEquals(draw(5), draw(5));
  const hits = draw(5).filter(Boolean).length;
  assertEquals(hits > 30 && hits < 90, true, `${hits} of 200 at 0.3`);
});

Deno.test("faultRuleSchema refuses what a service cannot play, and says why", () => {
  const cases: [Record<string, unknown>, string][] = [
    [{ service: "open_library", kind: "quota" }, 'open_library has no "quota"'],
    [{ service: "google_books", kind: "error_body" }, 'google_books has no "error_body"'],
    [{ service: "archive_org", kind: "quota" }, 'archive_org has no "quota"'],
    [{ service: "isbndb", kind: "truncated" }, 'isbndb has no "truncated"'],
    [
      { service: "isbndb", kind: "500", month: "2012-03" },
      "Only gemini, xai, openai_compatible, wikidata are asked for months",
    ],
    [{ service: "gemini", kind: "500", title_contains: "x" }, "gemini is not asked for titles"],
    [{ service: "isbndb", kind: "500", below_tokens: 9 }, "isbndb counts no tokens"],
    [{ service: "gemini", kind: "refusal_field" }, 'gemini has no "refusal_field"'],
    [{ service: "xai", kind: "blocked" }, 'xai has no "blocked"'],
    [{ service: "gemini", kind: "no_credits" }, 'gemini has no "no_credits"'],
    [
      { service: "open_library", kind: "429", retry_after_seconds: 1 },
      "Only a 429 of gemini or openai_compatible or wikidata or isbndb",
    ],
    [{ service: "gemini", kind: "empty", month: "2012-13" }, "Expected YYYY-MM"],
    [{ service: "gemini", kind: "empty", colour: "red" }, "colour"],
  ];
  for (const [rule, why] of cases) {
    const parsed = faultRuleSchema.safeParse(rule);
    assertStringIncludes(JSON.stringify(parsed.error?.issues), JSON.stringify(why).slice(1, -1));
  }
});

Deno.test("FaultPlan add() refuses unknown titles when the data has none", () => {
  const error = assertThrows(
    () => plan(1, false).add({ service: "gemini", kind: "unknown_titles" }),
    AppError,
    "benchmark_dev.jsonl",
  );
  assertEquals(error.code, "BAD_REQUEST");
});
