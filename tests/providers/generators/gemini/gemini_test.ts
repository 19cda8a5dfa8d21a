import { assert, assertEquals } from "@std/assert";
import { parseBookList } from "../../../../src/domain/answers/parse_book_list.ts";
import type { GeneratorAnswer } from "../../../../src/domain/generation/generator.ts";
import {
  candidate,
  failure,
  gemini,
  MODEL,
  withGemini,
  withSimulatedModels,
} from "../model_harness.ts";

Deno.test("createGemini() gets real books of the month from the simulator", () =>
  withSimulatedModels(async ({ url, journal }) => {
    const { ask, calls } = gemini(`${url}/gemini`);
    const answer = await ask();
    assertEquals([answer.model, answer.finish, answer.finish_detail], [MODEL, "stop", "STOP"]);
    assert(answer.tokens.input > 0 && answer.tokens.output > 0);
    const list = parseBookList(answer.text, { maxBooks: 20 });
    assert(list.kind === "books" && list.books.length >= 5, answer.text);
    assertEquals(list.dropped, { invalid: 0, duplicate: 0, over_limit: 0 });
    assertEquals(calls, ["gemini"]);
    assertEquals(journal.count({ service: "gemini", status: 200 }), 1);
  }));

Deno.test("createGemini() asks for little thinking only where the model takes a level", async () => {
  const ok = candidate({ content: { parts: [{ text: "[]" }] }, finishReason: "STOP" });
  for (
    const [model, expected] of [
      ["gemini-3.8-flash", { thinkingLevel: "low" }],
      ["gemini-3.1-pro-preview", { thinkingLevel: "low" }],
      ["gemini-3.5-flash-lite", undefined],
      ["gemini-2.5-flash", undefined],
    ] as const
  ) {
    await withGemini([ok], async ({ ask, arrived }) => {
      await ask();
      const sent = JSON.parse(arrived[0]?.body ?? "");
      assertEquals(sent.generationConfig.thinkingConfig, expected, model);
    }, { model });
  }
});

Deno.test("createGemini() returns the text as it came, without thoughts", async () => {
  const text = '```json\n{"books": [] }\n``` and more';
  const parts = [
    { text: "Let me think", thought: true },
    { text: text.slice(0, 9), thoughtSignature: "s" },
    { text: "" },
    { text: text.slice(9) },
  ];
  const usage = { promptTokenCount: 210, candidatesTokenCount: 640, thoughtsTokenCount: 380 };
  await withGemini(
    [candidate({ content: { parts }, finishReason: "STOP" }, usage)],
    async ({ ask }) => {
      assertEquals(await ask(), {
        model: MODEL,
        text,
        finish: "stop",
        finish_detail: "STOP",
        tokens: { input: 210, output: 640, thinking: 380 },
      });
    },
  );
});

Deno.test("createGemini() maps every finish reason", async () => {
  const table: readonly [string, GeneratorAnswer["finish"]][] = [
    ["STOP", "stop"],
    ["MAX_TOKENS", "length"],
    ["CONTINUATION", "length"],
    ["SAFETY", "refused"],
    ["RECITATION", "refused"],
    ["PROHIBITED_CONTENT", "refused"],
    ["BLOCKLIST", "refused"],
    ["SPII", "refused"],
    ["LANGUAGE", "refused"],
    ["IMAGE_SAFETY", "refused"],
    ["OTHER", "other"],
    ["MALFORMED_FUNCTION_CALL", "other"],
    ["SOMETHING_NEW", "other"],
  ];
  for (const [finishReason, expected] of table) {
    await withGemini([candidate({ finishReason })], async ({ ask }) => {
      const { finish, finish_detail, text } = await ask();
      assertEquals([finish, finish_detail, text], [expected, finishReason, ""]);
    });
  }
});

Deno.test("createGemini() takes a blocked prompt for a refusal", async () => {
  for (const blockReason of ["SAFETY", "OTHER", "BLOCKLIST", "PROHIBITED_CONTENT"]) {
    const blocked = Response.json({ promptFeedback: { blockReason }, usageMetadata: {} });
    await withGemini([blocked], async ({ ask }) => {
      const { finish, finish_detail } = await ask();
      assertEquals([finish, finish_detail], ["refused", blockReason]);
    });
  }
  for (const blockReason of ["", "BLOCK_REASON_UNSPECIFIED"]) {
    const unblocked = Response.json({ promptFeedback: { blockReason } });
    await withGemini([unblocked], (asked) => failure(asked, "PROVIDER_BAD_ANSWER").then(() => {}));
  }
});

Deno.test("createGemini() keeps what came before the token limit", async () => {
  const text = '{"books":[{"title":"Emma","author":"Jane Austen","month":12},{"title":"Pers';
  const cut = candidate({ content: { parts: [{ text }] }, finishReason: "MAX_TOKENS" });
  await withGemini([cut], async ({ ask }) => {
    const answer = await ask();
    assertEquals([answer.finish, answer.text], ["length", text]);
  });
});
