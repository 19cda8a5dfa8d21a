import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import type { FaultRule } from "../../../src/simulator/faults/faults.ts";
import type { Simulator } from "../../../src/simulator/simulator.ts";
import { createManualClock } from "../manual_clock.ts";
import { type Answer, generate, withSimulator } from "../with_simulator.ts";

function textOf(answer: Answer): string {
  return answer.json.candidates[0].content.parts[0].text;
}

function booksOf(answer: Answer): { title: string; author: string; month: number | null }[] {
  return JSON.parse(textOf(answer)).books;
}

async function withFault(
  kind: FaultRule["kind"],
  body: (answer: Answer, simulator: Simulator) => void | Promise<void>,
): Promise<void> {
  await withSimulator({}, async (simulator) => {
    simulator.faults.add({ service: "gemini", kind, times: 1 });
    await body(await generate(simulator, {}), simulator);
    assertEquals(simulator.journal.entries()[0]?.fault, kind);
    assertEquals(booksOf(await generate(simulator, {})).length, 5);
  });
}

Deno.test("createGeminiService() lists the month's most notable works, at most as many as asked", async () => {
  await withSimulator({}, async (simulator) => {
    const few = await generate(simulator, { prompt: "Up to 3 books first published in June 2012" });
    const many = await generate(simulator, {
      prompt: "Up to 99 books first published in June 2012",
    });
    assertEquals(few.status, 200);
    assertEquals(booksOf(few).length, 3);
    assertEquals(booksOf(many).slice(0, 3), booksOf(few));
    assert(booksOf(many).length > 3);
    assert(
      booksOf(many).some(({ title, author, month }) =>
        title === "Gone Girl" && author === "Gillian Flynn" && month === 6
      ),
    );
    assertEquals(simulator.journal.entries()[0]?.month, "2012-06");
  });
});

Deno.test("createGeminiService() names a work with its subtitle and without its series", async () => {
  await withSimulator({}, async (simulator) => {
    const answer = await generate(simulator, { prompt: "Up to 50 books of January 2004" });
    const titles = booksOf(answer).map(({ title }) => title);
    assert(titles.includes("New Spring: The Novel"), titles.join("; "));
  });
});

Deno.test("createGeminiService() answers an empty list for a month it knows nothing of", async () => {
  await withSimulator({}, async (simulator) => {
    for (const prompt of ["Books of May 2024", "Name some books"]) {
      assertEquals(booksOf(await generate(simulator, { prompt })), []);
    }
  });
});

Deno.test("createGeminiService() counts tokens and tells model, finish and thought signature", async () => {
  await withSimulator({}, async (simulator) => {
    const { json } = await generate(simulator, {});
    const [candidate] = json.candidates;
    assertEquals(candidate.finishReason, "STOP");
    assert(candidate.content.parts[0].thoughtSignature.length > 0);
    assertEquals(json.modelVersion, "gemini-3.5-flash-lite");
    const usage = json.usageMetadata;
    assertEquals(
      usage.totalTokenCount,
      usage.promptTokenCount + usage.candidatesTokenCount + usage.thoughtsTokenCount,
    );
    assertEquals(
      usage.promptTokenCount,
      Math.ceil("Up to 5 notable books of March 2012".length / 4),
    );
  });
});

Deno.test("createGeminiService() fences the list when no JSON was asked for", async () => {
  await withSimulator({}, async (simulator) => {
    const answer = await generate(simulator, { body: { generationConfig: {} } });
    assertMatch(textOf(answer), /^```json\n\{"books":\[/);
  });
});

Deno.test("createGeminiService() spends the output budget on thinking first, then cuts the text", async () => {
  await withSimulator({}, async (simulator) => {
    const none = await generate(simulator, { config: { maxOutputTokens: 20 } });
    assertEquals(none.json.candidates[0].finishReason, "MAX_TOKENS");
    assertEquals(none.json.candidates[0].content, { role: "model" });
    assertEquals(none.json.usageMetadata.thoughtsTokenCount, 20);
    const cut = await generate(simulator, { config: { maxOutputTokens: 400 } });
    assertEquals(cut.json.candidates[0].finishReason, "MAX_TOKENS");
    const { thoughtsTokenCount, candidatesTokenCount } = cut.json.usageMetadata;
    assertEquals(thoughtsTokenCount + candidatesTokenCount, 400);
    assertStringIncludes(textOf(await generate(simulator, {})), textOf(cut));
  });
});

Deno.test("createGeminiService() refuses keys as Google does", async () => {
  await withSimulator({ plans: { gemini: { key: "secret" } } }, async (simulator) => {
    const wrong = await generate(simulator, {});
    assertEquals(wrong.status, 400);
    assertEquals(wrong.json.error.details[0].reason, "API_KEY_INVALID");
    const missing = await generate(simulator, { headers: { "x-goog-api-key": "" } });
    assertEquals([missing.status, missing.json.error.status], [403, "PERMISSION_DENIED"]);
    const right = await generate(simulator, { headers: { "x-goog-api-key": "secret" } });
    assertEquals(right.status, 200);
  });
});

Deno.test("createGeminiService() does not know retired and invented models", async () => {
  await withSimulator({}, async (simulator) => {
    for (const model of ["gemini-9-flash", "gemini-2.5-flash-lite"]) {
      const { status, json } = await generate(simulator, { model });
      assertEquals([status, json.error.status], [404, "NOT_FOUND"]);
      assertStringIncludes(json.error.message, model);
    }
  });
});

Deno.test("createGeminiService() routes 2.5 to newer models from December 2026 on", async () => {
  const versions: string[] = [];
  for (const start of ["2026-11-30T23:59:59Z", "2026-12-01T00:00:00Z"]) {
    await withSimulator({ clock: createManualClock(start) }, async (simulator) => {
      versions.push((await generate(simulator, { model: "gemini-2.5-flash" })).json.modelVersion);
    });
  }
  assertEquals(versions, ["gemini-2.5-flash", "gemini-3.5-flash-lite"]);
});

Deno.test("createGeminiService() refuses what the real request type has no place for", async () => {
  const books = { type: "object", properties: { title: { type: "string" } } };
  const cases: [Record<string, unknown>, string][] = [
    [
      { responseSchema: { ...books, additionalProperties: false } },
      'Unknown name "additionalProperties"',
    ],
    [{ responseSchema: { type: "array", items: { $ref: "#/x" } } }, 'Unknown name "$ref"'],
    [
      { responseSchema: { type: "object", properties: { a: { type: ["string", "null"] } } } },
      "cannot start list",
    ],
    [{ responseSchema: books, responseJsonSchema: books }, "Only one of"],
    [{ responseSchema: books, responseMimeType: "text/plain" }, "application/json"],
    [{ responseJsonSchema: { ...books, pattern: "x" } }, '"pattern"'],
    [{ responseFormat: {} }, "Unknown name \"responseFormat\" at 'generation_config'"],
    [{ maxOutputTokens: "many" }, "generation_config.max_output_tokens"],
  ];
  await withSimulator({}, async (simulator) => {
    for (const [config, why] of cases) {
      const { status, json } = await generate(simulator, { config });
      assertEquals([status, json.error?.status], [400, "INVALID_ARGUMENT"], why);
      assertStringIncludes(json.error.message, why);
    }
    const unknown = await generate(simulator, { body: { messages: [] } });
    assertStringIncludes(unknown.json.error.message, 'Unknown name "messages": Cannot find field.');
    const thinking = { thinkingConfig: { thinkingLevel: "minimal" } };
    const level = await generate(simulator, { config: thinking, model: "gemini-3.8-flash" });
    assertEquals(level.status, 400);
  });
});

Deno.test("createGeminiService() accepts snake case and a JSON schema with null unions", async () => {
  const schema = {
    type: "object",
    additionalProperties: false,
    required: ["books"],
    properties: {
      books: {
        type: "array",
        items: {
          type: "object",
          properties: { title: { type: "string" }, month: { type: ["integer", "null"] } },
        },
      },
    },
  };
  await withSimulator({}, async (simulator) => {
    const answer = await generate(simulator, {
      body: {
        system_instruction: { parts: [{ text: "Real books only." }] },
        generationConfig: undefined,
        generation_config: { response_mime_type: "application/json", response_json_schema: schema },
      },
    });
    assertEquals(Object.keys(booksOf(answer)[0] ?? {}), ["title", "month"]);
  });
});

Deno.test("createGeminiService() shows 429 with a wait in the body, which for the day means nothing", async () => {
  await withSimulator({}, async (simulator) => {
    simulator.faults.add({ service: "gemini", kind: "429", times: 1, retry_after_seconds: 7 });
    simulator.faults.add({ service: "gemini", kind: "quota", times: 1 });
    const minute = await generate(simulator, {});
    const day = await generate(simulator, {});
    assertEquals([minute.status, day.status], [429, 429]);
    const [failure, , retry] = minute.json.error.details;
    assertStringIncludes(failure.violations[0].quotaId, "PerMinute");
    assertEquals(retry.retryDelay, "7s");
    assertStringIncludes(day.json.error.details[0].violations[0].quotaId, "PerDay");
    assertEquals(day.json.error.details.at(-1).retryDelay, "34s");
  });
});

Deno.test("createGeminiService() shows its errors in Google's words", async () => {
  const cases = [
    ["403", 403, "PERMISSION_DENIED"],
    ["500", 500, "INTERNAL"],
    ["503", 503, "UNAVAILABLE"],
    ["key_refused", 400, "INVALID_ARGUMENT"],
    ["retired_model", 404, "NOT_FOUND"],
    ["credits_spent", 429, "RESOURCE_EXHAUSTED"],
    ["location_refused", 400, "FAILED_PRECONDITION"],
  ] as const;
  for (const [kind, code, status] of cases) {
    await withFault(kind, ({ status: httpStatus, json: { error } }) => {
      assertEquals([httpStatus, error.code, error.status], [code, code, status]);
      if (kind === "key_refused") assertEquals(error.details[0].reason, "API_KEY_INVALID");
    });
  }
});

Deno.test("createGeminiService() has space for parts once the cap is large enough", async () => {
  await withSimulator({}, async (simulator) => {
    simulator.faults.add({ service: "gemini", kind: "no_parts", below_tokens: 16_000 });
    const small = await generate(simulator, { config: { maxOutputTokens: 8_000 } });
    assertEquals(small.json.candidates[0].content.parts, undefined);
    const large = await generate(simulator, { config: { maxOutputTokens: 16_000 } });
    assertEquals(booksOf(large).length, 5);
  });
});

Deno.test("createGeminiService() plays the ways a model disappoints", async () => {
  await withFault("empty", (answer) => assertEquals(booksOf(answer), []));
  await withFault("refusal", (answer) => assertMatch(textOf(answer), /^\{"error":"Unable to/));
  await withFault("bad_content", (answer) => assertMatch(textOf(answer), /^[A-Z][^{[]+$/));
  await withFault(
    "fenced",
    (answer) => assertMatch(textOf(answer), /^Here is[^]*```json\n\{"books":\[\{/),
  );
  await withFault("no_parts", (answer) => {
    assertEquals(answer.json.candidates[0].finishReason, "MAX_TOKENS");
    assertEquals(answer.json.candidates[0].content.parts, undefined);
    assertEquals(answer.json.usageMetadata.candidatesTokenCount, undefined);
  });
  await withFault("recitation", (answer) => {
    assertEquals(answer.json.candidates[0].finishReason, "RECITATION");
    assertEquals(answer.json.candidates[0].content.parts, undefined);
  });
  await withFault("safety", (answer) => {
    assertEquals(answer.json.candidates[0].finishReason, "SAFETY");
    assertEquals(answer.json.candidates[0].content.parts, undefined);
  });
  await withFault("blocked", (answer) => {
    assertEquals(answer.json.candidates, undefined);
    assertEquals(answer.json.promptFeedback.blockReason, "PROHIBITED_CONTENT");
  });
  await withFault("truncated", async (answer, simulator) => {
    assertEquals(answer.json.candidates[0].finishReason, "MAX_TOKENS");
    const whole = textOf(await generate(simulator, {}));
    assert(whole.startsWith(textOf(answer)) && whole.length > textOf(answer).length);
  });
  await withFault("html", (answer) => assertMatch(answer.text, /^<html>/));
});

Deno.test("createGeminiService() can name books that no service knows", async () => {
  await withSimulator({}, async (simulator) => {
    simulator.faults.add({ service: "gemini", kind: "unknown_titles", month: "2012-03" });
    const answer = await generate(simulator, {});
    const real = await generate(simulator, { prompt: "Up to 5 books of April 2012" });
    assertEquals(booksOf(answer).length, 5);
    assertEquals(simulator.journal.entries().map(({ fault }) => fault), [
      "unknown_titles",
      undefined,
    ]);
    assert(booksOf(real).length > 0);
  });
});

Deno.test("createGeminiService() enforces the free tier for each model when told to", async () => {
  const clock = createManualClock();
  await withSimulator({ clock, enforceRates: true }, async (simulator) => {
    const statuses: number[] = [];
    for (let call = 0; call < 16; call++) statuses.push((await generate(simulator, {})).status);
    assertEquals(statuses, [...new Array(15).fill(200), 429]);
    assertEquals((await generate(simulator, { model: "gemini-3.8-flash" })).status, 200);
    clock.advance(4_000);
    assertEquals((await generate(simulator, {})).status, 200);
  });
});
