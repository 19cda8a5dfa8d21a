import { assert, assertEquals } from "@std/assert";
import { parseBookList } from "../../../../src/domain/answers/parse_book_list.ts";
import type { GeneratorAnswer } from "../../../../src/domain/generation/generator.ts";
import type { StructuredOutput } from "../../../../src/simulator/openai_compatible/openai_compatible.ts";
import { systemClock } from "../../../../src/clock.ts";
import { startSimulator } from "../../../../src/simulator/simulator.ts";
import { serveFixtures } from "../../fixture_server.ts";
import {
  type AskedServer,
  completion,
  EMPTY_LIST,
  endpoint,
  failure,
  sentBody,
  withEndpoint,
} from "../model_harness.ts";

function openAiError(status: number, message: string, fields = {}): Response {
  return Response.json({ error: { message, type: "invalid_request_error", ...fields } }, {
    status,
  });
}

const NO_SCHEMA = openAiError(400, "This response_format type is unavailable now");
const NO_JSON = openAiError(422, "Invalid input", { param: "response_format" });

/** The forms of answer asked for, one for each request. */
function formats(asked: AskedServer): unknown[] {
  return asked.arrived.map((_, index) => {
    const format = sentBody(asked, index)["response_format"];
    return format === undefined ? "text" : (format as { type: string }).type;
  });
}

Deno.test("createOpenAiCompatible() asks for less of a form until it is taken, and remembers", () =>
  withEndpoint([NO_SCHEMA, NO_JSON, completion(EMPTY_LIST)], async (asked) => {
    assertEquals((await asked.ask()).text, '{"books":[]}');
    await asked.ask();
    assertEquals(formats(asked), ["json_schema", "json_object", "text", "text"]);
    assertEquals(asked.calls.length, 4, "each request counts");
  }));

Deno.test("createOpenAiCompatible() knows the words by which servers decline a form", async () => {
  for (
    const declined of [
      openAiError(400, "This model does not support response format `json_schema`."),
      openAiError(400, "'response_format.type' must be 'json_object'"),
      openAiError(400, "Provider returned error", { metadata: { raw: "json_schema: no" } }),
      Response.json({ error: "the compiled grammar is too large" }, { status: 400 }),
      Response.json({ detail: [{ loc: ["body", "response_format"] }] }, { status: 422 }),
      openAiError(404, "No endpoints found that can handle the requested parameters."),
      Response.json({ error: { code: 400, message: "structured outputs are not supported" } }),
    ]
  ) {
    await withEndpoint([declined, completion(EMPTY_LIST)], async (asked) => {
      await asked.ask();
      assertEquals(formats(asked), ["json_schema", "json_object"]);
    });
  }
});

Deno.test("createOpenAiCompatible() gives up when not even text is taken", () =>
  withEndpoint([NO_SCHEMA], async (asked) => {
    await failure(asked, "PROVIDER_REJECTED_REQUEST");
    assertEquals(formats(asked), ["json_schema", "json_object", "text"]);
  }));

Deno.test("createOpenAiCompatible() learns once from two questions at the same time", async () => {
  let declined = 0;
  const answer = ({ body }: { body: string }) => {
    if (!body.includes('"json_schema"')) return completion(EMPTY_LIST);
    declined++;
    return NO_SCHEMA.clone();
  };
  await withEndpoint([answer], async (asked) => {
    await Promise.all([asked.ask(), asked.ask()]);
    assertEquals(declined, 2);
    assertEquals(formats(asked).slice(2), ["json_object", "json_object"]);
  });
});

Deno.test("createOpenAiCompatible() renames or leaves out a token limit that is not taken", async () => {
  const renamed = "Unsupported parameter: 'max_tokens'. Use 'max_completion_tokens' instead.";
  const tooLarge = "max_tokens is too large: 16384. This model supports at most 8192 tokens.";
  const limits = (asked: AskedServer) =>
    asked.arrived.map((_, index) =>
      Object.keys(sentBody(asked, index)).find((name) => name.startsWith("max_"))
    );
  await withEndpoint([openAiError(400, renamed), completion(EMPTY_LIST)], async (asked) => {
    await asked.ask();
    assertEquals(limits(asked), ["max_tokens", "max_completion_tokens"]);
    assertEquals(formats(asked), ["json_schema", "json_schema"]);
  });
  await withEndpoint([openAiError(400, tooLarge), completion(EMPTY_LIST)], async (asked) => {
    await asked.ask();
    assertEquals(limits(asked), ["max_tokens", undefined]);
  });
  await withEndpoint([openAiError(400, tooLarge)], async (asked) => {
    await failure(asked, "PROVIDER_REJECTED_REQUEST");
    assertEquals(asked.calls.length, 2);
  });
});

Deno.test("createOpenAiCompatible() limits every answer for which the limit is low enough to be taken", () =>
  withEndpoint([({ body }) => {
    const { max_tokens = 0 } = JSON.parse(body);
    return max_tokens > 8192
      ? openAiError(400, "max_tokens is too large. This model supports at most 8192 tokens.")
      : completion(EMPTY_LIST);
  }], async (asked) => {
    for (const max_output_tokens of [65_536, 4_000, 16_384, 8_192, 16_384]) {
      await asked.ask(undefined, { max_output_tokens });
    }
    const sent = asked.arrived.map((_, index) => sentBody(asked, index).max_tokens);
    assertEquals(sent, [65_536, undefined, 4_000, 16_384, undefined, 8_192, undefined]);
  }));

Deno.test("createOpenAiCompatible() tells OpenRouter, and only it, who asks and what must be kept to", async () => {
  await using server = serveFixtures(NO_SCHEMA, NO_JSON, completion(EMPTY_LIST));
  const wire: typeof fetch = (input, init) =>
    fetch(String(input).replace("https://openrouter.ai", server.url), init);
  const asked = endpoint("https://openrouter.ai/api/v1", {
    apiKey: "or-key",
    contact: "https://books.example",
    fetch: wire,
  });
  await asked.ask();
  const [first] = server.arrived;
  assertEquals(first?.path, "/api/v1/chat/completions");
  assertEquals(first?.headers.get("authorization"), "Bearer or-key");
  assertEquals(first?.headers.get("x-title"), "Alexandria Backfill");
  assertEquals(first?.headers.get("http-referer"), "https://books.example");
  const required = { require_parameters: true };
  assertEquals(server.arrived.map(({ body }) => JSON.parse(body).provider), [
    required,
    required,
    undefined,
  ]);
  await withEndpoint([completion(EMPTY_LIST)], async ({ ask, arrived }) => {
    await ask();
    assertEquals(arrived[0]?.headers.get("x-title"), null);
    assertEquals(arrived[0]?.headers.get("http-referer"), null);
  }, { contact: "https://books.example" });
});

Deno.test("createOpenAiCompatible() returns the text as it came, with thinking counted once or nothing counted", async () => {
  const text = 'Gladly: {"books": [] }';
  const choice = { message: { role: "assistant", content: text, reasoning: "Hm" } };
  const tokens = (prompt_tokens: number, completion_tokens: number, reasoning_tokens: number) => ({
    prompt_tokens,
    completion_tokens,
    completion_tokens_details: { reasoning_tokens },
  });
  const table: readonly [unknown, GeneratorAnswer["tokens"]][] = [
    [undefined, { input: 0, output: 0, thinking: 0 }],
    [tokens(210, 900, 260), { input: 210, output: 640, thinking: 260 }],
    [{ ...tokens(210, 640, 260), total_tokens: 1110 }, { input: 210, output: 640, thinking: 260 }],
    [tokens(-5, 1e300, 0.5), { input: 0, output: 0, thinking: 0 }],
  ];
  for (const [usage, expected] of table) {
    await withEndpoint(
      [completion({ ...choice, finish_reason: "stop" }, usage)],
      async ({ ask }) => {
        const answer = await ask();
        assertEquals([answer.text, answer.finish, answer.model], [text, "stop", "llama-4-small"]);
        assertEquals(answer.tokens, expected);
      },
    );
  }
});

Deno.test("createOpenAiCompatible() joins a text in parts, without the thoughts among them", () => {
  const content = [
    { type: "thinking", thinking: [{ type: "text", text: "Hm" }], text: "Hm" },
    { type: "text", text: '{"books":' },
    { type: "text", text: "[]}" },
  ];
  return withEndpoint(
    [completion({ message: { content }, finish_reason: "stop" })],
    async (asked) => {
      assertEquals((await asked.ask()).text, '{"books":[]}');
    },
  );
});

Deno.test("createOpenAiCompatible() finds its endpoint under any spelling of the address", async () => {
  await using server = serveFixtures(completion(EMPTY_LIST));
  for (const spelling of ["http://LLM.example:80/V1/", "http://LLM.example:80/V1"]) {
    const asked = endpoint(spelling, {
      fetch: (input, init) => fetch(String(input).replace("http://llm.example", server.url), init),
    });
    assertEquals((await asked.ask()).finish, "stop");
  }
  const path = "/V1/chat/completions";
  assertEquals(server.arrived.map((one) => one.path), [path, path]);
});

Deno.test("createOpenAiCompatible() gets real books from the simulator, whatever form it offers", async () => {
  const expected: readonly [StructuredOutput, number][] = [
    ["json_schema", 1],
    ["json_object", 2],
    ["none", 3],
    ["ignored", 1],
  ];
  for (const [structured, requests] of expected) {
    const simulator = await startSimulator({
      clock: systemClock,
      plans: { openai_compatible: { structured } },
    });
    try {
      const asked = endpoint(`${simulator.url}/openai_compatible/v1`);
      const answer = await asked.ask();
      assertEquals([answer.finish, asked.calls.length], ["stop", requests], structured);
      assert(answer.tokens.input > 0 && answer.tokens.output > 0);
      const list = parseBookList(answer.text, { maxBooks: 20 });
      assert(list.kind === "books" && list.books.length >= 5, answer.text);
    } finally {
      await simulator.close();
    }
  }
});

Deno.test("createOpenAiCompatible() gets its books from a server with a small context or a small minute", async () => {
  for (
    const plan of [
      { contextTokens: 16_384 },
      { contextTokens: 8_192, thinks: true },
      { tokensPerMinute: 8_000 },
    ]
  ) {
    const simulator = await startSimulator({
      clock: systemClock,
      plans: { openai_compatible: plan },
    });
    try {
      const asked = endpoint(`${simulator.url}/openai_compatible/v1`);
      const { finish, text, tokens } = await asked.ask();
      assertEquals([finish, asked.calls.length], ["stop", 2], JSON.stringify(plan));
      assertEquals(tokens.thinking > 0, plan.thinks ?? false);
      assertEquals(parseBookList(text, { maxBooks: 20 }).kind, "books");
    } finally {
      await simulator.close();
    }
  }
});
