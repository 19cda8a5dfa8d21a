import { assert, assertEquals, assertGreater, assertLessOrEqual } from "@std/assert";
import {
  estimateExperiment,
  type QuestionSize,
} from "../../../src/domain/experiments/estimate_experiment.ts";

const options = {
  lineup: { resolvers: [[{ name: "open_library" as const }]], checker: null },
  history: { completed: [], models: [], calls: [] },
};

function size(fields: Partial<QuestionSize> = {}): QuestionSize {
  return {
    year: 2012,
    month: 3,
    generator: {
      name: "gemini",
      kind: "model",
      model: "gemini-3.5-flash-lite",
      price: { input_usd: 0.3, output_usd: 2.5 },
    },
    asked_books: 20,
    prompt_chars: 1_600,
    input_tokens: 1_200,
    is_remembered: false,
    decided_books: 0,
    ...fields,
  };
}

Deno.test("estimateExperiment() expects nothing of what is remembered", () => {
  const { questions, calls, expected_usd, at_most_usd } = estimateExperiment(
    [size({ is_remembered: true })],
    options,
  );
  assertEquals(questions, [{ expected_usd: 0, at_most_usd: 0 }]);
  assertEquals([calls, expected_usd, at_most_usd], [{}, 0, 0]);
});

Deno.test("estimateExperiment() bounds each question by two answers as long as allowed", () => {
  const { questions: [question] } = estimateExperiment([size()], options);
  // 2 × 1,200 tokens in and 16,384 + 65,536 out
  assertEquals(question!.at_most_usd, 0.20552);
  assertGreater(question!.expected_usd!, 0.0005);
  assertLessOrEqual(question!.expected_usd!, 0.02);
});

Deno.test("estimateExperiment() sums what is known and names the models whose price is not", () => {
  const unpriced = { name: "xai", kind: "model", model: "grok-99", price: null } as const;
  const one = estimateExperiment([size()], options);
  const both = estimateExperiment([size(), size({ generator: unpriced })], options);
  assertEquals(both.questions[1], { expected_usd: null, at_most_usd: null });
  assertEquals([both.expected_usd, both.at_most_usd], [one.expected_usd, one.at_most_usd]);
  assertEquals(both.unpriced_models, ["grok-99"]);
  const known = estimateExperiment([size({ generator: unpriced, is_remembered: true })], options);
  assertEquals(known.unpriced_models, []);
});

Deno.test("estimateExperiment() asks each model once a question, and looks most books up once", () => {
  const one = estimateExperiment([size()], options);
  const four = estimateExperiment([size(), size(), size(), size()], options);
  assertEquals(four.calls.gemini, 4);
  const [lookups, more] = [one.calls.open_library!, four.calls.open_library!];
  assert(lookups < more && more < 4 * lookups, `${lookups} for one, ${more} for four`);
  const twoMonths = estimateExperiment([size(), size({ month: 4 })], options);
  assertEquals(twoMonths.calls.open_library, 2 * lookups);
});
