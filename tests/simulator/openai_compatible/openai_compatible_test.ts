import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { BOOK_LIST_SCHEMA } from "../../../src/domain/generation/prompt.ts";
import type { FaultRule } from "../../../src/simulator/faults/faults.ts";
import {
  LOCAL_MODEL,
  type StructuredOutput,
} from "../../../src/simulator/openai_compatible/openai_compatible.ts";
import { type Answer, askLocal, send, withSimulator } from "../with_simulator.ts";

const JSON_SCHEMA = {
  response_format: {
    type: "json_schema",
    json_schema: { name: "books", schema: BOOK_LIST_SCHEMA },
  },
};
const JSON_OBJECT = { response_format: { type: "json_object" } };

function textOf({ json }: Answer): string {
  return json.choices[0].message.content;
}

Deno.test("createOpenAiCompatibleService() keeps to the schema with any key and with none", async () => {
  await withSimulator({}, async (simulator) => {
    for (const headers of [{}, { authorization: "Bearer anything" }]) {
      const answer = await askLocal(simulator, { body: JSON_SCHEMA, headers });
      assertEquals(answer.status, 200);
      assertEquals(JSON.parse(textOf(answer)).books.length, 5);
      // OpenAI API reference, "The chat completion object": what every one bears.
      const { id, object, created, model, choices: [choice] } = answer.json;
      assertEquals([typeof id, object, typeof created], ["string", "chat.completion", "number"]);
      assertEquals([model, choice.index, choice.finish_reason], [LOCAL_MODEL, 0, "stop"]);
      assertEquals([choice.message.role, choice.message.refusal], ["assistant", null]);
      assertEquals(answer.json.usage.completion_tokens_details.reasoning_tokens, 0);
    }
    assertEquals(simulator.journal.count({ service: "openai_compatible", month: "2012-03" }), 2);
  });
});

Deno.test("createOpenAiCompatibleService() asks for its key when it has one", async () => {
  await withSimulator({ plans: { openai_compatible: { key: "sk-1" } } }, async (simulator) => {
    const { status, json } = await askLocal(simulator);
    assertEquals([status, json.error.code], [401, "invalid_api_key"]);
    const right = await askLocal(simulator, { headers: { authorization: "Bearer sk-1" } });
    assertEquals(right.status, 200);
  });
});

Deno.test("createOpenAiCompatibleService() offers the forms of answer its plan says", async () => {
  const cases: [StructuredOutput, number, number][] = [
    ["json_schema", 200, 200],
    ["json_object", 400, 200],
    ["none", 400, 400],
    ["ignored", 200, 200],
  ];
  for (const [structured, schemaStatus, objectStatus] of cases) {
    await withSimulator({ plans: { openai_compatible: { structured } } }, async (simulator) => {
      const schema = await askLocal(simulator, { body: JSON_SCHEMA });
      const object = await askLocal(simulator, { body: JSON_OBJECT });
      assertEquals([schema.status, object.status], [schemaStatus, objectStatus], structured);
      if (schemaStatus === 400) {
        assertMatch(schema.json.error.message, /response_format.*'json_schema' is not supported/);
      }
      assertMatch(textOf(await askLocal(simulator)), /^```json\n\{"books":\[/);
    });
  }
});

Deno.test("createOpenAiCompatibleService() ignores the schema where its plan says so", async () => {
  await withSimulator(
    { plans: { openai_compatible: { structured: "ignored" } } },
    async (simulator) => {
      const schema = { type: "object", properties: { list: { type: "array" } } };
      const format = { type: "json_schema", json_schema: { name: "x", schema } };
      const answer = await askLocal(simulator, { body: { response_format: format } });
      assertMatch(textOf(answer), /^```json\n\{"books":\[/);
    },
  );
});

Deno.test("createOpenAiCompatibleService() has the models it was given and no other", async () => {
  await withSimulator(
    { plans: { openai_compatible: { models: ["mistral-8b"] } } },
    async (simulator) => {
      const { status, json } = await askLocal(simulator);
      assertEquals([status, json.error.message], [404, `model '${LOCAL_MODEL}' not found`]);
      assertEquals((await askLocal(simulator, { model: "mistral-8b" })).status, 200);
      const list = await send(`${simulator.url}/openai_compatible/v1/models`);
      assertEquals(list.json.data.map(({ id }: { id: string }) => id), ["mistral-8b"]);
    },
  );
});

Deno.test("createOpenAiCompatibleService() says what is wrong with a body", async () => {
  await withSimulator({}, async (simulator) => {
    const cases: [Record<string, unknown>, string][] = [
      [{ messages: "x" }, "messages"],
      [{ max_tokens: -1 }, "max_tokens"],
      [{ stream: true }, "stream"],
    ];
    for (const [body, why] of cases) {
      const { status, json } = await askLocal(simulator, { body });
      assertEquals(status, 400, why);
      assertStringIncludes(json.error.message, why);
    }
    assertEquals((await send(`${simulator.url}/openai_compatible/v1/none`)).status, 404);
  });
});

Deno.test("createOpenAiCompatibleService() shows its errors as OpenAI's object", async () => {
  const cases: [FaultRule["kind"], number, RegExp][] = [
    ["403", 403, /moderation/],
    ["429", 429, /Rate limit/],
    ["500", 500, /error/],
    ["503", 503, /available/],
    ["key_refused", 401, /Incorrect API key/],
    ["retired_model", 404, /^model 'llama-4-small' not found$/],
    ["credits_spent", 402, /Insufficient credits/],
    ["quota", 429, /tokens per day \(TPD\).*Please try again in 1h53m57s\.$/],
    ["location_refused", 403, /territory not supported/],
    ["error_body", 200, /Provider returned error/],
  ];
  await withSimulator({}, async (simulator) => {
    for (const [kind, status, message] of cases) {
      simulator.faults.add({ service: "openai_compatible", kind, times: 1 });
      const answer = await askLocal(simulator);
      assertEquals(answer.status, status, kind);
      assertEquals(Object.keys(answer.json), ["error"]);
      assertMatch(answer.json.error.message, message);
      assertEquals(textOf(await askLocal(simulator)).length > 0, true);
    }
  });
});

Deno.test("createOpenAiCompatibleService() hides an error in the choice, and a wait in a header", async () => {
  await withSimulator({}, async (simulator) => {
    simulator.faults.add({ service: "openai_compatible", kind: "error_choice", times: 1 });
    const { status, json } = await askLocal(simulator);
    const [choice] = json.choices;
    assertEquals([status, choice.finish_reason, choice.error.code], [200, "error", 502]);
    const wait = { kind: "429", times: 1, retry_after_seconds: 9 } as const;
    simulator.faults.add({ service: "openai_compatible", ...wait });
    assertEquals((await askLocal(simulator)).headers.get("retry-after"), "9");
  });
});

Deno.test("createOpenAiCompatibleService() counts thinking within the completion's tokens", async () => {
  const usageOf = async (thinks: boolean) => {
    let usage: Answer["json"];
    await withSimulator({ plans: { openai_compatible: { thinks } } }, async (simulator) => {
      usage = (await askLocal(simulator, { body: JSON_SCHEMA })).json.usage;
    });
    return usage;
  };
  const [quick, slow] = [await usageOf(false), await usageOf(true)];
  const { reasoning_tokens } = slow.completion_tokens_details;
  assertEquals(slow.completion_tokens, quick.completion_tokens + reasoning_tokens);
  assertEquals(slow.total_tokens, slow.prompt_tokens + slow.completion_tokens);
  assertEquals(reasoning_tokens > 0, true);
});

Deno.test("createOpenAiCompatibleService() refuses what goes beyond its context or a minute", async () => {
  const refusal = async (plan: object, max_tokens?: number) => {
    let answer: [number, string] = [0, ""];
    await withSimulator({ plans: { openai_compatible: plan } }, async (simulator) => {
      const { status, json } = await askLocal(simulator, { body: { max_tokens } });
      answer = [status, json.error?.message ?? ""];
    });
    return answer;
  };
  const [status, message] = await refusal({ contextTokens: 4_096 }, 4_096);
  assertEquals(status, 400);
  assertMatch(message, /maximum context length is 4096 tokens.* 4096 in the completion\)/);
  assertEquals(await refusal({ contextTokens: 4_096 }, 2_000), [200, ""]);
  assertEquals(await refusal({ contextTokens: 4_096 }), [200, ""]);
  const [minuteStatus, minute] = await refusal({ tokensPerMinute: 6_000 }, 16_384);
  assertEquals(minuteStatus, 413);
  assertMatch(minute, /tokens per minute \(TPM\): Limit 6000, Requested 16\d\d\d,/);
  assertEquals(await refusal({ tokensPerMinute: 6_000 }, 5_000), [200, ""]);
});

Deno.test("createOpenAiCompatibleService() can be a server without the path that is asked", async () => {
  await withSimulator({}, async (simulator) => {
    simulator.faults.add({ service: "openai_compatible", kind: "wrong_address", times: 1 });
    const { status, json } = await askLocal(simulator);
    assertEquals(status, 200);
    assertMatch(json.error, /^Unexpected endpoint or method/);
  });
});
