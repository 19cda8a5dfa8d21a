import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { BOOK_LIST_SCHEMA } from "../../../src/domain/generation/prompt.ts";
import type { FaultRule } from "../../../src/simulator/faults/faults.ts";
import { SIMULATOR_KEY } from "../../../src/simulator/simulator.ts";
import { createManualClock } from "../manual_clock.ts";
import { type Answer, askXai, send, withSimulator } from "../with_simulator.ts";

const SCHEMA_FORMAT = {
  type: "json_schema",
  json_schema: { name: "book_list", strict: true, schema: BOOK_LIST_SCHEMA },
};
const BODY = { response_format: SCHEMA_FORMAT };

function titlesOf(text: string): string[] {
  return JSON.parse(text).books.map(({ title }: { title: string }) => title);
}

function chatText({ json }: Answer): string {
  return json.choices[0].message.content;
}

Deno.test("createXaiService() answers chat completions in the schema asked for", async () => {
  await withSimulator({}, async (simulator) => {
    const answer = await askXai(simulator, {
      prompt: "Up to 3 books first published in June 2012",
      body: BODY,
    });
    assertEquals(answer.status, 200);
    assertEquals(titlesOf(chatText(answer)).length, 3);
    assert(titlesOf(chatText(answer)).includes("Gone Girl"));
    const [choice] = answer.json.choices;
    assertEquals([choice.finish_reason, choice.message.refusal], ["stop", null]);
    assertEquals([answer.json.object, answer.json.model], ["chat.completion", "grok-4.3"]);
    const [entry] = simulator.journal.entries();
    assertEquals([entry?.service, entry?.month, entry?.path], [
      "xai",
      "2012-06",
      "/v1/chat/completions",
    ]);
  });
});

Deno.test("createXaiService() counts reasoning beside the completion, and none at effort none", async () => {
  await withSimulator({}, async (simulator) => {
    const { usage } = (await askXai(simulator, { body: BODY })).json;
    const reasoning = usage.completion_tokens_details.reasoning_tokens;
    assert(reasoning > usage.completion_tokens);
    assertEquals(usage.total_tokens, usage.prompt_tokens + usage.completion_tokens + reasoning);
    const quick = await askXai(simulator, { body: { ...BODY, reasoning_effort: "none" } });
    assertEquals(quick.json.usage.completion_tokens_details.reasoning_tokens, 0);
    assertEquals(quick.json.usage.completion_tokens, usage.completion_tokens);
    const other = await askXai(simulator, { model: "grok-4.20-non-reasoning", body: BODY });
    assertEquals(other.json.usage.completion_tokens_details.reasoning_tokens, 0);
  });
});

Deno.test("createXaiService() takes reasoning out of the cap before the text", async () => {
  await withSimulator({}, async (simulator) => {
    const none = await askXai(simulator, { body: { ...BODY, max_completion_tokens: 50 } });
    assertEquals([none.json.choices[0].finish_reason, chatText(none)], ["length", ""]);
    const cut = await askXai(simulator, { body: { ...BODY, max_completion_tokens: 300 } });
    const { completion_tokens, completion_tokens_details } = cut.json.usage;
    assertEquals(completion_tokens + completion_tokens_details.reasoning_tokens, 300);
    assertStringIncludes(chatText(await askXai(simulator, { body: BODY })), chatText(cut));
  });
});

Deno.test("createXaiService() says the same through the Responses API", async () => {
  await withSimulator({}, async (simulator) => {
    const chat = await askXai(simulator, { body: BODY });
    const { json } = await askXai(simulator, {
      path: "responses",
      body: { text: { format: { type: "json_schema", ...SCHEMA_FORMAT.json_schema } } },
    });
    assertEquals([json.object, json.status, json.incomplete_details], [
      "response",
      "completed",
      null,
    ]);
    const [reasoning, message] = json.output;
    assertEquals([reasoning.type, message.type, message.role], [
      "reasoning",
      "message",
      "assistant",
    ]);
    // xAI API reference, "Responses": what every response and every item of it bears.
    assertEquals([typeof json.id, typeof json.created_at], ["string", "number"]);
    for (const { id, status } of [reasoning, message]) {
      assertEquals([typeof id, status], ["string", "completed"]);
    }
    assertEquals(reasoning.summary, []);
    assertEquals(message.content[0].type, "output_text");
    assertEquals(message.content[0].text, chatText(chat));
    const { output_tokens, output_tokens_details } = json.usage;
    assertEquals(
      output_tokens,
      chat.json.usage.completion_tokens + output_tokens_details.reasoning_tokens,
    );
  });
});

Deno.test("createXaiService() ends a response that found no space for text as incomplete", async () => {
  await withSimulator({}, async (simulator) => {
    const { json } = await askXai(simulator, {
      path: "responses",
      body: {
        max_output_tokens: 50,
        input: "Books of March 2012",
        instructions: "Real books only",
      },
    });
    assertEquals(json.status, "incomplete");
    assertEquals(json.incomplete_details, { reason: "max_output_tokens" });
    assertEquals(json.output.map(({ type }: { type: string }) => type), ["reasoning"]);
    assertEquals(json.usage.output_tokens, 50);
  });
});

Deno.test("createXaiService() refuses keys as xAI does, with a text as error", async () => {
  await withSimulator({ plans: { xai: { key: "xai-secret" } } }, async (simulator) => {
    const wrong = await askXai(simulator);
    assertEquals([wrong.status, typeof wrong.json.error], [400, "string"]);
    assertMatch(wrong.json.error, /^Incorrect API key provided: si\*\*\*ey/);
    const none = await askXai(simulator, { headers: { authorization: "" } });
    assertEquals([none.status, typeof none.json.error], [401, "string"]);
    const right = await askXai(simulator, { headers: { authorization: "Bearer xai-secret" } });
    assertEquals(right.status, 200);
    assertEquals((await send(`${simulator.url}/xai/v1/models`)).status, 401);
  });
});

Deno.test("createXaiService() refuses what its models do not take", async () => {
  const strict = (extra: Record<string, unknown>) => ({
    response_format: {
      type: "json_schema",
      json_schema: { name: "x", schema: { type: "object", properties: { books: extra } } },
    },
  });
  const cases: [Parameters<typeof askXai>[1], number, string][] = [
    [{ model: "grok-4-1-fast-non-reasoning" }, 404, "grok-4-1-fast-non-reasoning does not exist"],
    [{ model: "grok-9" }, 404, "grok-9 does not exist"],
    [{ body: { presence_penalty: 0 } }, 400, "does not support parameter presencePenalty"],
    [{ body: { frequency_penalty: 1 } }, 400, "does not support parameter frequencyPenalty"],
    [{ body: { stop: ["x"] } }, 400, "does not support parameter stop"],
    [{ body: { reasoning_effort: "xhigh" } }, 400, "takes none, low, medium, high"],
    [
      { model: "grok-4.7", body: { reasoning_effort: "none" } },
      400,
      "grok-4.7 takes low, medium, high, xhigh",
    ],
    [
      { model: "grok-4.20-reasoning-latest", body: { reasoning_effort: "low" } },
      400,
      "does not support parameter reasoningEffort",
    ],
    [
      { model: "grok-4.20-0309-reasoning", body: { reasoning_effort: "low" } },
      400,
      "does not support parameter reasoningEffort",
    ],
    [{ body: strict({ type: "array", maxItems: 20 }) }, 400, '"maxItems"'],
    [{ body: strict({ type: "array", items: { allOf: [] } }) }, 400, '"allOf"'],
    [{ body: { messages: [] } }, 422, "messages"],
    [{ body: { messages: [{ role: "robot", content: "x" }] } }, 422, "messages.0.role"],
    [{ body: { response_format: { type: "yaml" } } }, 422, "response_format"],
    [{ body: { response_format: { type: "json_schema" } } }, 422, "json_schema"],
    [{ body: { max_completion_tokens: 0 } }, 422, "max_completion_tokens"],
    [{ path: "responses", body: { input: 7 } }, 422, "input"],
    [{ headers: { "content-type": "text/plain" } }, 415, "application/json"],
  ];
  await withSimulator({}, async (simulator) => {
    for (const [options, status, why] of cases) {
      const answer = await askXai(simulator, options);
      assertEquals(answer.status, status, why);
      assertStringIncludes(answer.text.replaceAll("\\", ""), why);
    }
    const stop = { model: "grok-4.20-non-reasoning", body: { stop: ["x"] } };
    assertEquals((await askXai(simulator, stop)).status, 200);
  });
});

Deno.test("createXaiService() lists its models and knows no other path", async () => {
  await withSimulator({}, async (simulator) => {
    const headers = { authorization: `Bearer ${SIMULATOR_KEY}` };
    const { json } = await send(`${simulator.url}/xai/v1/models`, { headers });
    const ids = json.data.map(({ id }: { id: string }) => id);
    assert(ids.includes("grok-4.3") && !ids.includes("grok-3"));
    const lost = await send(`${simulator.url}/xai/v2/models`, { headers });
    assertEquals([lost.status, typeof lost.json.error], [404, "string"]);
    assertEquals((await send(`${simulator.url}/xai/v1/responses`, { headers })).status, 405);
  });
});

Deno.test("createXaiService() shows its errors as two texts, whichever goes wrong", async () => {
  const cases: [FaultRule["kind"], number, RegExp][] = [
    ["403", 403, /blocked/],
    ["429", 429, /Too many requests.*1800 requests per minute/],
    ["500", 500, /Internal/],
    ["503", 503, /capacity/],
    ["key_refused", 400, /Incorrect API key provided: si\*\*\*ey/],
    ["retired_model", 404, /The model grok-4\.3 does not exist/],
    ["credits_spent", 429, /used all available credits or reached its monthly spending limit/],
    ["no_credits", 403, /doesn't have any credits yet/],
  ];
  await withSimulator({}, async (simulator) => {
    for (const [kind, status, message] of cases) {
      simulator.faults.add({ service: "xai", kind, times: 1, month: "2012-03" });
      const other = await askXai(simulator, { prompt: "Books of April 2012" });
      assertEquals(other.status, 200, kind);
      const answer = await askXai(simulator);
      assertEquals(answer.status, status, kind);
      assertEquals(Object.keys(answer.json), ["code", "error"]);
      assertMatch(answer.json.error, message);
      assertEquals((await askXai(simulator)).status, 200, kind);
    }
  });
});

Deno.test("createXaiService() refuses in the message's own field, or filters the content", async () => {
  await withSimulator({}, async (simulator) => {
    const both = { service: "xai", times: 2 } as const;
    simulator.faults.add({ ...both, kind: "refusal_field" });
    const [{ message, finish_reason }] = (await askXai(simulator)).json.choices;
    assertEquals([message.content, finish_reason], [null, "stop"]);
    assertMatch(message.refusal, /^Unable/);
    const response = await askXai(simulator, { path: "responses" });
    assertEquals(response.json.output[1].content, [{ type: "refusal", refusal: message.refusal }]);
    simulator.faults.add({ ...both, kind: "safety" });
    const [choice] = (await askXai(simulator)).json.choices;
    assertEquals([choice.finish_reason, choice.message.content], ["content_filter", ""]);
    const filtered = await askXai(simulator, { path: "responses" });
    assertEquals(filtered.json.incomplete_details, { reason: "content_filter" });
  });
});

Deno.test("createXaiService() enforces a team's rate for each model when told to", async () => {
  const clock = createManualClock();
  await withSimulator({ clock, enforceRates: true }, async (simulator) => {
    const ask = () => askXai(simulator, { prompt: "No month" });
    const statuses = await Promise.all(Array.from({ length: 1_801 }, ask));
    assertEquals(statuses.filter(({ status }) => status === 429).length, 1);
    assertEquals((await askXai(simulator, { model: "grok-4.7" })).status, 200);
    clock.advance(1_000);
    assertEquals((await ask()).status, 200);
  });
});
