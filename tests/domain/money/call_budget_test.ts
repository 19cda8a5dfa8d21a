import { assert, assertEquals, assertGreater } from "@std/assert";
import fc from "fast-check";
import {
  inputTokensAtMost,
  isBelievable,
  largerAnswer,
  mayBeBilled,
  outputTokensAtLeast,
  planCall,
} from "../../../src/domain/money/call_budget.ts";
import { MAX_OUTPUT_TOKENS, type TokenUsage } from "../../../src/domain/generation/generator.ts";
import { costUsd } from "../../../src/domain/money/model_prices.ts";
import {
  BOOK_LIST_SCHEMA,
  buildPrompt,
  PROMPT_VARIANTS,
} from "../../../src/domain/generation/prompt.ts";
import { AppError, type AppErrorOptions, type ErrorCode } from "../../../src/errors.ts";

const cents = fc.integer({ min: 0, max: 2_000 }).map((value) => value / 100);

Deno.test("planCall() never reserves more than there is, nor less than the call can cost", () => {
  fc.assert(
    fc.property(
      fc.record({ input_usd: cents, output_usd: cents }),
      fc.integer({ min: 0, max: 20_000 }),
      fc.integer({ min: 1, max: 65_536 }),
      fc.integer({ min: 0, max: 500_000 }).map((micro) => micro / 1_000_000),
      (price, input_tokens, wanted_output_tokens, room) => {
        const needed_output_tokens = Math.min(wanted_output_tokens, 4_000);
        const size = { price, input_tokens, wanted_output_tokens, needed_output_tokens };
        const plan = planCall(size, room);
        if (plan.kind === "exceeds") {
          assertGreater(plan.needed_usd, room);
          assertEquals(planCall(size, plan.needed_usd).kind, "fits");
          return;
        }
        assert(plan.reserved_usd <= room);
        assert(plan.max_output_tokens >= needed_output_tokens);
        assert(plan.max_output_tokens <= wanted_output_tokens);
        const tokens = { input: input_tokens, output: plan.max_output_tokens, thinking: 0 };
        assert(costUsd(tokens, price) <= plan.reserved_usd);
      },
    ),
    {
      // 4,000 tokens at $2.14 a million, divided back, are a hair less than 4,000.
      examples: [[{ input_usd: 0, output_usd: 2.14 }, 0, 4_000, 0]],
    },
  );
});

Deno.test("planCall() asks for all that is wanted while there is no cap, or no price to pay", () => {
  const size = {
    price: { input_usd: 2, output_usd: 12 },
    input_tokens: 1_000,
    wanted_output_tokens: 16_384,
    needed_output_tokens: 4_000,
  };
  assertEquals(planCall(size, Infinity), {
    kind: "fits",
    max_output_tokens: 16_384,
    reserved_usd: 0.198608,
  });
  const free = { ...size, price: { input_usd: 0, output_usd: 0 } };
  for (const room of [0, -1]) {
    assertEquals(planCall(free, room), {
      kind: "fits",
      max_output_tokens: 16_384,
      reserved_usd: 0,
    });
  }
});

Deno.test("a usual month's question and answer are within what is reckoned for them", () => {
  const month = { year: 2012, month: 3 };
  for (const variant of PROMPT_VARIANTS) {
    const prompt = buildPrompt({ month, variant, maxBooks: 20 });
    const tokens = inputTokensAtMost({
      month,
      max_books: 20,
      prompt,
      answer_schema: BOOK_LIST_SCHEMA,
      max_output_tokens: MAX_OUTPUT_TOKENS,
    });
    // No tokenizer of a model in use makes more than one token of three characters of English.
    assertGreater(tokens, (prompt.system.length + prompt.user.length) / 3);
  }
  assertEquals(outputTokensAtLeast(20), 4_000);
  assert(outputTokensAtLeast(100) <= MAX_OUTPUT_TOKENS);
});

Deno.test("isBelievable() doubts what is over ten times beyond the question or the limit", () => {
  const month = { year: 2012, month: 3 };
  const request = {
    month,
    max_books: 20,
    prompt: buildPrompt({ month, variant: "baseline", maxBooks: 20 }),
    answer_schema: BOOK_LIST_SCHEMA,
    max_output_tokens: 4_000,
  };
  const input = 10 * inputTokensAtMost(request);
  const believed = (tokens: Partial<TokenUsage>): boolean =>
    isBelievable({ input: 500, output: 900, thinking: 300, ...tokens }, request);
  assertEquals(believed({}), true);
  assertEquals(believed({ input: 0, output: 0, thinking: 0 }), true);
  assertEquals(believed({ input }), true);
  assertEquals(believed({ input: input + 1 }), false);
  assertEquals(believed({ output: 4_000, thinking: 36_000 }), true);
  assertEquals(believed({ output: 4_001, thinking: 36_000 }), false);
  assertEquals(believed({ output: 0, thinking: 40_001 }), false);
});

Deno.test("largerAnswer() grows to the most a model accepts, and no further", () => {
  assertEquals(largerAnswer(4_000), 16_000);
  assertEquals(largerAnswer(16_384), 65_536);
  assertEquals(largerAnswer(40_000), 65_536);
  assertEquals(largerAnswer(65_536), null);
});

Deno.test("mayBeBilled() is true unless the provider is known not to have answered the question", () => {
  const failed = (code: ErrorCode, details: AppErrorOptions["details"] = {}): boolean =>
    mayBeBilled(new AppError(code, "failed", { details }), { hasLeft: true });
  for (const code of ["PROVIDER_TIMEOUT", "PROVIDER_BAD_ANSWER", "INTERNAL"] as const) {
    assertEquals(failed(code), true);
    assertEquals(mayBeBilled(new AppError(code, "failed"), { hasLeft: false }), false);
  }
  for (const code of ["PROVIDER_KEY_REFUSED", "PROVIDER_RATE_LIMITED"] as const) {
    assertEquals(failed(code, { status: 429 }), false);
  }
  assertEquals(failed("PROVIDER_UNAVAILABLE", { status: 503 }), false);
  assertEquals(failed("PROVIDER_UNAVAILABLE", { is_unsent: true }), false);
  assertEquals(failed("PROVIDER_UNAVAILABLE", { is_unsent: false }), true);
  // Held back on the breaker's word, after tries that were answered with errors.
  assertEquals(failed("PROVIDER_TIMEOUT", { is_unsent: true }), false);
  assertEquals(failed("TIME_LIMIT"), true);
});
