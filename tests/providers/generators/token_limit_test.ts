import { assertEquals } from "@std/assert";
import {
  isAboutTokenLimit,
  tokensLeftForAnswer,
} from "../../../src/providers/generators/token_limit.ts";
import { completion, EMPTY_LIST, failure, sentBody, withEndpoint } from "./model_harness.ts";

Deno.test("isAboutTokenLimit() tells an answer that would be too long from a question that is", () => {
  const table: readonly [string, boolean][] = [
    ["max_tokens is too large: 16384. This model supports at most 8192.", true],
    [
      "maximum context length is 4,096 tokens (1,691 in the messages, 4096 in the completion)",
      true,
    ],
    ["Please reduce the length of the messages or completion.", true],
    ["input length and `max_tokens` exceed context limit: 190000 + 16384 > 200000", true],
    ["maximum context length is 512 tokens (600 in the messages, 0 in the completion)", false],
    ["context length is 200000 tokens; you requested 250000 (250000 of text input)", false],
    ["Your messages resulted in 9000 tokens. Please reduce the length of the messages.", false],
    ["prompt too long; exceeded max context length by 1119046 tokens", false],
    ["messages must not be empty", false],
  ];
  for (const [words, expected] of table) assertEquals(isAboutTokenLimit(words), expected, words);
});

Deno.test("tokensLeftForAnswer() gives what a minute leaves beside the question, if it is worth having", () => {
  const words = (limit: number, requested: number) =>
    `Request too large on tokens per minute (TPM): Limit ${limit}, Requested ${requested}`;
  assertEquals(tokensLeftForAnswer(words(6000, 16_884), 16_384), 5_300);
  assertEquals(tokensLeftForAnswer(words(1500, 16_884), 16_384), null);
  assertEquals(tokensLeftForAnswer(words(30_000, 46_000), 16_384), null);
  assertEquals(tokensLeftForAnswer("max_tokens is too large", 16_384), null);
});

Deno.test("createOpenAiCompatible() asks for no more than a minute allows, and remembers", async () => {
  const tooLarge = (requested: number) =>
    Response.json({
      error: {
        message: `Request too large for model m on tokens per minute (TPM): Limit 6000, ` +
          `Requested ${requested}, please reduce your message size and try again.`,
      },
    }, { status: 413 });
  await withEndpoint([({ body }) => {
    const { max_tokens = 65_536 } = JSON.parse(body);
    return max_tokens + 500 > 6000 ? tooLarge(max_tokens + 500) : completion(EMPTY_LIST);
  }], async (asked) => {
    for (const max_output_tokens of [16_384, 16_384, 2_000]) {
      await asked.ask(undefined, { max_output_tokens });
    }
    const sent = asked.arrived.map((_, index) => sentBody(asked, index)["max_tokens"]);
    assertEquals(sent, [16_384, 5_300, 5_300, 2_000]);
  });
  await withEndpoint([tooLarge(16_884)], async (asked) => {
    await failure(asked, "PROVIDER_REJECTED_REQUEST");
    const sent = asked.arrived.map((_, index) => sentBody(asked, index)["max_tokens"]);
    assertEquals(sent, [16_384, 5_300, undefined], "an endpoint that is never content is left");
  });
});
