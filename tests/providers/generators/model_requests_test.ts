// About gemini/, openai_compatible/, xai/
import { assertEquals } from "@std/assert";
import type { GeneratorRequest, Prompt } from "../../../src/domain/generation/generator.ts";
import { BOOK_LIST_SCHEMA } from "../../../src/domain/generation/prompt.ts";
import { SIMULATOR_KEY } from "../../../src/simulator/simulator.ts";
import { type Arrived, serveFixtures } from "../fixture_server.ts";
import {
  candidate,
  completion,
  EMPTY_LIST,
  endpoint,
  gemini,
  request,
  xai,
} from "./model_harness.ts";

const { prompt: PLAIN } = request();
const ODD = 'Say "books", \\ and / in\nJSON:\t{"ключ": [👩‍🚀, "‮"]} <think> & %2F ?key=x #';
const LONG = "Every word of a long question is sent. ".repeat(5_000);

/** The question of a month, one of odd characters, and one that is far too long: none is changed. */
const PROMPTS: readonly Prompt[] = [
  PLAIN,
  { ...PLAIN, system: ODD, user: ODD },
  { ...PLAIN, system: LONG, user: LONG },
];

type Ask = (signal?: AbortSignal, changes?: Partial<GeneratorRequest>) => Promise<unknown>;

/** What arrives of each of the questions at a server that gives `answer`. */
async function arrivals(
  answer: Response,
  asking: (url: string) => { readonly ask: Ask },
): Promise<readonly Arrived[]> {
  await using server = serveFixtures(answer);
  const { ask } = asking(server.url);
  for (const prompt of PROMPTS) await ask(undefined, { prompt });
  return server.arrived;
}

/** The headers a client chooses; the others are the runtime's own. */
function chosenHeaders({ headers }: Arrived): Record<string, string> {
  const runtime = ["host", "content-length", "accept-encoding", "accept-language"];
  return Object.fromEntries([...headers].filter(([name]) => !runtime.includes(name)));
}

const COMMON_HEADERS = {
  accept: "application/json",
  "content-type": "application/json",
  // No service is shown the runtime's name, which changes with every upgrade.
  "user-agent": "AlexandriaBackfill/1.0",
};

// OpenAI API reference, "Create chat completion": response_format; `strict` holds the model to the schema
// (guide "Structured outputs"). xAI, vLLM, Ollama and OpenRouter document the same form.
const CHAT_FORMAT = {
  type: "json_schema",
  json_schema: { name: "book_list", strict: true, schema: BOOK_LIST_SCHEMA },
};

Deno.test("createGemini() sends these requests and no others", async () => {
  const answer = candidate({ content: { parts: [{ text: "[]" }] }, finishReason: "STOP" });
  const arrived = await arrivals(answer, (url) => gemini(url));
  assertEquals(arrived.length, PROMPTS.length);
  for (const [index, one] of arrived.entries()) {
    const { system, user } = PROMPTS[index]!;
    assertEquals(
      [one.method, one.path],
      // Gemini API reference, "Generating content": the method is part of the path; no query.
      ["POST", "/v1beta/models/gemini-3.5-flash-lite:generateContent"],
    );
    assertEquals(chosenHeaders(one), {
      ...COMMON_HEADERS,
      // "Using Gemini API keys": the header; `?key=` would end up in logs.
      "x-goog-api-key": SIMULATOR_KEY,
    });
    assertEquals(JSON.parse(one.body), {
      // googleapis, generative_service.proto: GenerateContentRequest; Content.role is absent or "user".
      systemInstruction: { parts: [{ text: system }] },
      contents: [{ role: "user", parts: [{ text: user }] }],
      // Same file, GenerationConfig; temperature, topP and topK are deprecated since 2026-07-21.
      generationConfig: {
        responseMimeType: "application/json",
        maxOutputTokens: 16_384,
        // Same file: of JSON Schema the fields it lists, additionalProperties among them.
        responseJsonSchema: BOOK_LIST_SCHEMA,
      },
    });
  }
});

Deno.test("createXai() sends these requests as chat completions and no others", async () => {
  const arrived = await arrivals(completion(EMPTY_LIST), (url) => xai(url));
  assertEquals(arrived.length, PROMPTS.length);
  for (const [index, one] of arrived.entries()) {
    const { system, user } = PROMPTS[index]!;
    // xAI API reference, "Chat completions"; no query.
    assertEquals([one.method, one.path], ["POST", "/v1/chat/completions"]);
    // Same page, "Authentication".
    assertEquals(chosenHeaders(one), {
      ...COMMON_HEADERS,
      authorization: `Bearer ${SIMULATOR_KEY}`,
    });
    assertEquals(JSON.parse(one.body), {
      model: "grok-4.3",
      messages: [{ role: "system", content: system }, { role: "user", content: user }],
      // Same page: `max_tokens` is deprecated in favour of this.
      max_completion_tokens: 16_384,
      // xAI docs, "Reasoning": grok-4.3 alone takes "none".
      reasoning_effort: "none",
      // xAI docs, "Structured outputs".
      response_format: CHAT_FORMAT,
    });
  }
});

Deno.test("createXai() sends these requests over the Responses API and no others", async () => {
  const answer = Response.json({
    object: "response",
    status: "completed",
    output: [{ type: "message", content: [{ type: "output_text", text: "[]" }] }],
  });
  const arrived = await arrivals(answer, (url) => xai(url, { api: "responses" }));
  assertEquals(arrived.length, PROMPTS.length);
  for (const [index, one] of arrived.entries()) {
    const { system, user } = PROMPTS[index]!;
    // xAI API reference, "Responses"; no query.
    assertEquals([one.method, one.path], ["POST", "/v1/responses"]);
    assertEquals(chosenHeaders(one), {
      ...COMMON_HEADERS,
      authorization: `Bearer ${SIMULATOR_KEY}`,
    });
    assertEquals(JSON.parse(one.body), {
      model: "grok-4.3",
      input: [
        { role: "system", content: system },
        { role: "user", content: [{ type: "input_text", text: user }] },
      ],
      max_output_tokens: 16_384,
      reasoning: { effort: "none" },
      // Same page: what is asked is kept for 30 days unless this says no …
      store: false,
      // … and what is not kept there can only be gone on with from what comes back.
      include: ["reasoning.encrypted_content"],
      text: {
        format: { type: "json_schema", strict: true, name: "book_list", schema: BOOK_LIST_SCHEMA },
      },
    });
  }
});

Deno.test("createOpenAiCompatible() sends these requests and no others", async () => {
  const arrived = await arrivals(completion(EMPTY_LIST), (url) => endpoint(`${url}/v1`));
  assertEquals(arrived.length, PROMPTS.length);
  for (const [index, one] of arrived.entries()) {
    const { system, user } = PROMPTS[index]!;
    // OpenAI API reference, "Create chat completion"; no query.
    assertEquals([one.method, one.path], ["POST", "/v1/chat/completions"]);
    // A server of one's own has no key: no Authorization header at all.
    assertEquals(chosenHeaders(one), COMMON_HEADERS);
    assertEquals(JSON.parse(one.body), {
      model: "llama-4-small",
      messages: [{ role: "system", content: system }, { role: "user", content: user }],
      // OpenAI's newer models want `max_completion_tokens` and say so; Ollama's documentation of its
      // compatibility, and most others, know this one only.
      max_tokens: 16_384,
      response_format: CHAT_FORMAT,
    });
  }
});

Deno.test("createOpenAiCompatible() sends OpenRouter what it alone knows", async () => {
  const arrived = await arrivals(
    completion(EMPTY_LIST),
    (url) =>
      endpoint("https://openrouter.ai/api/v1", {
        apiKey: "or-key",
        contact: "https://books.example",
        fetch: (input, init) => fetch(String(input).replace("https://openrouter.ai", url), init),
      }),
  );
  for (const one of arrived) {
    assertEquals([one.method, one.path], ["POST", "/api/v1/chat/completions"]);
    assertEquals(chosenHeaders(one), {
      ...COMMON_HEADERS,
      authorization: "Bearer or-key",
      // OpenRouter docs, "App attribution".
      "http-referer": "https://books.example",
      "x-title": "Alexandria Backfill",
    });
    // OpenRouter docs, "Provider routing": only providers that keep to all that is asked.
    assertEquals(JSON.parse(one.body).provider, { require_parameters: true });
  }
});
