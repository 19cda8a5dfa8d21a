import { assert, assertEquals } from "@std/assert";
import { parseBookList } from "../../../../src/domain/answers/parse_book_list.ts";
import type { GeneratorAnswer } from "../../../../src/domain/generation/generator.ts";
import type { XaiApi } from "../../../../src/providers/generators/xai/xai.ts";
import {
  completion,
  EMPTY_LIST,
  failure,
  sentBody,
  withSimulatedModels,
  withXai,
  xai,
} from "../model_harness.ts";

const APIS: readonly XaiApi[] = ["chat_completions", "responses"];

function response(text: string, fields: Record<string, unknown> = {}): Response {
  const content = [{ type: "output_text", text, annotations: [] }];
  const message = { type: "message", id: "m1", role: "assistant", status: "completed", content };
  return Response.json({
    object: "response",
    status: "completed",
    error: null,
    incomplete_details: null,
    output: text === "" ? [] : [message],
    ...fields,
  });
}

for (const api of APIS) {
  Deno.test(`createXai() gets real books of the month from the simulator over ${api}`, () =>
    withSimulatedModels(async ({ url, journal }) => {
      const { ask, calls } = xai(`${url}/xai`, { api });
      const answer = await ask();
      assertEquals([answer.model, answer.finish], ["grok-4.3", "stop"]);
      assert(answer.tokens.input > 0 && answer.tokens.output > 0);
      assertEquals(answer.tokens.thinking, 0);
      const list = parseBookList(answer.text, { maxBooks: 20 });
      assert(list.kind === "books" && list.books.length >= 5, answer.text);
      assertEquals(calls, ["xai"]);
      assertEquals(journal.count({ service: "xai", status: 200 }), 1);
    }));

  Deno.test(`createXai() asks every model for the least thinking it takes over ${api}`, () =>
    withSimulatedModels(async ({ url }) => {
      for (
        const [model, thinks] of [
          ["grok-4.3", false],
          ["grok-4.7", true],
          ["grok-4.6", true],
          ["grok-4.5", true],
          ["grok-latest", true],
          ["grok-4.20-0309-reasoning", true],
          ["grok-4.20-reasoning-latest", true],
          ["grok-4.20-0309-non-reasoning", false],
          ["grok-4.20-non-reasoning-latest", false],
          ["grok-4.20-multi-agent-latest", true],
        ] as const
      ) {
        const { ask, calls } = xai(`${url}/xai`, { api, model });
        const answer = await ask();
        assertEquals([answer.finish, answer.tokens.thinking > 0], ["stop", thinks], model);
        assertEquals(calls.length, 1, `${model} takes what it is asked with`);
      }
    }));
}

Deno.test("createXai() asks for a thinking effort only where it is one and is taken", async () => {
  for (
    const [model, effort] of [
      ["grok-4.3", "none"],
      ["grok-4.3-latest", "none"],
      ["grok-4.7", "low"],
      ["grok-5", "low"],
      ["grok-latest", "low"],
      ["grok-4.20-reasoning-latest", undefined],
      ["grok-4.20-non-reasoning-latest", undefined],
      ["grok-4-1-fast-reasoning-latest", undefined],
      ["grok-4.20-multi-agent-0309", undefined],
      ["grok-3", undefined],
    ] as const
  ) {
    await withXai([completion(EMPTY_LIST)], async (asked) => {
      await asked.ask();
      assertEquals(sentBody(asked)["reasoning_effort"], effort, model);
    }, { model });
  }
});

Deno.test("createXai() learns which effort a model does not take", async () => {
  const efforts = (asked: Parameters<typeof sentBody>[0]) =>
    asked.arrived.map((_, index) => sentBody(asked, index)["reasoning_effort"]);
  const takes = (...taken: readonly unknown[]) => ({ body }: { body: string }) => {
    const { reasoning_effort } = JSON.parse(body);
    if (taken.includes(reasoning_effort)) return completion(EMPTY_LIST);
    const error = `Model grok-4.3 does not support reasoning_effort ${reasoning_effort}.`;
    return Response.json({ code: "invalid-argument", error }, { status: 400 });
  };
  await withXai([takes("low", "high")], async (asked) => {
    await asked.ask();
    await asked.ask();
    assertEquals(efforts(asked), ["none", "low", "low"]);
  });
  await withXai([takes(undefined)], async (asked) => {
    await asked.ask();
    assertEquals(efforts(asked), ["none", "low", undefined]);
  });
  await withXai([takes()], async (asked) => {
    await failure(asked, "PROVIDER_REJECTED_REQUEST");
    assertEquals(asked.calls.length, 3);
  });
});

Deno.test("createXai() returns the text as it came and counts thinking once", async () => {
  const text = '```json\n{"books": [] }\n``` and more';
  const message = { role: "assistant", content: text, reasoning_content: "Hm", refusal: null };
  const usage = (completion_tokens: number, total_tokens?: number) => ({
    prompt_tokens: 220,
    completion_tokens,
    total_tokens,
    completion_tokens_details: { reasoning_tokens: 300 },
  });
  // Whether thinking is within or beside: by the sum, and beside where there is none.
  for (const counts of [usage(640, 1160), usage(940, 1160), usage(640)]) {
    await withXai([completion({ message, finish_reason: "stop" }, counts)], async ({ ask }) => {
      assertEquals(await ask(), {
        model: "grok-4.3",
        text,
        finish: "stop",
        finish_detail: "stop",
        tokens: { input: 220, output: 640, thinking: 300 },
      });
    });
  }
  const counts = {
    input_tokens: 220,
    output_tokens: 940,
    output_tokens_details: { reasoning_tokens: 300 },
  };
  await withXai([response(text, { usage: counts })], async ({ ask }) => {
    const { text: read, finish_detail, tokens } = await ask();
    assertEquals([read, finish_detail], [text, "completed"]);
    assertEquals(tokens, { input: 220, output: 640, thinking: 300 });
  }, { api: "responses" });
  // What was cached is among the input; more of it than that can only be beside it.
  for (const [cached_tokens, input] of [[200, 220], [1_000, 1_220]]) {
    const usage = { ...counts, input_tokens_details: { cached_tokens } };
    await withXai([response(text, { usage })], async ({ ask }) => {
      assertEquals((await ask()).tokens.input, input);
    }, { api: "responses" });
  }
});

Deno.test("createXai() maps every end of an answer", async () => {
  const chat: readonly [string, GeneratorAnswer["finish"]][] = [
    ["stop", "stop"],
    ["length", "length"],
    ["content_filter", "refused"],
    ["tool_calls", "other"],
    ["something_new", "other"],
  ];
  for (const [finish_reason, expected] of chat) {
    const answer = completion({ message: { content: null }, finish_reason });
    await withXai([answer], async ({ ask }) => {
      const { finish, finish_detail, text } = await ask();
      assertEquals([finish, finish_detail, text], [expected, finish_reason, ""]);
    });
  }
  const incomplete = (reason: string) => ({ status: "incomplete", incomplete_details: { reason } });
  const responses: readonly [Record<string, unknown>, GeneratorAnswer["finish"], string][] = [
    [{}, "stop", "completed"],
    [incomplete("max_output_tokens"), "length", "max_output_tokens"],
    [incomplete("content_filter"), "refused", "content_filter"],
    [incomplete("something_new"), "other", "something_new"],
    [{ status: "incomplete" }, "other", "incomplete"],
    [{ status: "cancelled" }, "other", "cancelled"],
  ];
  for (const [fields, expected, detail] of responses) {
    await withXai([response("[", fields)], async ({ ask }) => {
      const { finish, finish_detail } = await ask();
      assertEquals([finish, finish_detail], [expected, detail]);
    }, { api: "responses" });
  }
});

Deno.test("createXai() takes the model's own refusal for one, in both APIs", async () => {
  const refusal = "I can't verify those titles.";
  const chat = completion({ message: { content: null, refusal }, finish_reason: "stop" });
  const content = [{ type: "refusal", refusal }];
  const message = { type: "message", id: "m", role: "assistant", status: "completed", content };
  for (
    const [api, answer] of [["chat_completions", chat], [
      "responses",
      response("", { output: [message] }),
    ]] as const
  ) {
    await withXai([answer], async ({ ask }) => {
      const { finish, finish_detail, text } = await ask();
      assertEquals([finish, finish_detail, text], ["refused", "refusal", refusal]);
    }, { api });
  }
});
