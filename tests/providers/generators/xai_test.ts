import { assert, assertEquals } from "@std/assert";
import { parseBookList } from "../../../src/domain/book_list.ts";
import type { GeneratorAnswer } from "../../../src/domain/generator.ts";
import { BOOK_LIST_SCHEMA } from "../../../src/domain/prompt.ts";
import type { XaiApi } from "../../../src/providers/generators/xai.ts";
import { SIMULATOR_KEY } from "../../../src/simulator/simulator.ts";
import { completion, EMPTY_LIST, sentBody, withXai, xai } from "./chat_bench.ts";
import { request, withSimulator } from "./gemini_bench.ts";

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
    withSimulator(async ({ url, journal }) => {
      const { ask, calls } = xai(`${url}/xai`, { api });
      const answer = await ask();
      assertEquals([answer.model, answer.finish], ["grok-4.3", "stop"]);
      assert(answer.tokens.input > 0 && answer.tokens.output > 0);
      assertEquals(answer.tokens.thinking, 0);
      const list = parseBookList(answer.text, { maxBooks: 20 });
      assert(list.kind === "books" && list.books.length >= 5, answer.text);
      assertEquals(calls, ["xai"]);
      assertEquals(journal.count({ room: "xai", status: 200 }), 1);
    }));

  Deno.test(`createXai() asks every model for the least thinking it takes over ${api}`, () =>
    withSimulator(async ({ url }) => {
      for (
        const [model, thinks] of [
          ["grok-4.3", false],
          ["grok-4.7", true],
          ["grok-latest", true],
          ["grok-4.20-0309-reasoning", true],
          ["grok-4.20-0309-non-reasoning", false],
        ] as const
      ) {
        const answer = await xai(`${url}/xai`, { api, model }).ask();
        assertEquals([answer.finish, answer.tokens.thinking > 0], ["stop", thinks], model);
      }
    }));
}

Deno.test("createXai() sends prompt, schema and token limit as chat completions, and no sampling", () =>
  withXai([completion(EMPTY_LIST)], async (asked) => {
    await asked.ask();
    const [{ method, path, headers }] = asked.arrived as [typeof asked.arrived[0]];
    assertEquals([method, path], ["POST", "/v1/chat/completions"]);
    assertEquals(headers.get("authorization"), `Bearer ${SIMULATOR_KEY}`);
    const { prompt } = request();
    assertEquals(sentBody(asked), {
      model: "grok-4.3",
      max_completion_tokens: 16_384,
      reasoning_effort: "none",
      response_format: {
        type: "json_schema",
        json_schema: { name: "book_list", strict: true, schema: BOOK_LIST_SCHEMA },
      },
      messages: [
        { role: "system", content: prompt.system },
        { role: "user", content: prompt.user },
      ],
    });
  }));

Deno.test("createXai() sends the same over the Responses API, and leaves nothing there", () =>
  withXai([response("[]")], async (asked) => {
    await asked.ask();
    assertEquals(asked.arrived[0]?.path, "/v1/responses");
    const { prompt } = request();
    assertEquals(sentBody(asked), {
      model: "grok-4.3",
      max_output_tokens: 16_384,
      reasoning: { effort: "none" },
      store: false,
      include: ["reasoning.encrypted_content"],
      text: {
        format: { type: "json_schema", strict: true, name: "book_list", schema: BOOK_LIST_SCHEMA },
      },
      input: [
        { role: "system", content: prompt.system },
        { role: "user", content: [{ type: "input_text", text: prompt.user }] },
      ],
    });
  }, { api: "responses" }));

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
