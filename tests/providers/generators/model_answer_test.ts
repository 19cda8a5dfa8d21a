import { assertEquals } from "@std/assert";
import type { TokenUsage } from "../../../src/domain/generation/generator.ts";
import type { Answer } from "../fixture_server.ts";
import { type Asked, failure, withEndpoint, withGemini, withXai } from "./model_harness.ts";

/** Text that looks like what is tidied around it. */
const TEXT =
  '```json\n{"books":[],"id":7,"usage":{"prompt_tokens":"9"},"__proto__":{}}\n``` — \u2028"ß😀"';

const NOTHING: TokenUsage = { input: 0, output: 0, thinking: 0 };

type Fields = Record<string, unknown>;

interface Around {
  /** Goes into every object of the body, together with things beside the answer. */
  readonly unread?: Fields;
  /** Why the model stopped. */
  readonly end?: unknown;
}

interface Api {
  readonly serve: (answers: Answer[], test: (asked: Asked) => Promise<void>) => Promise<void>;
  /** A body around what carries the text. */
  readonly body: (carrier: unknown, around?: Around) => Fields;
  readonly carrier: unknown;
  /** Carriers no text can be taken from. */
  readonly broken: readonly unknown[];
  readonly usageField: string;
  /** The fields of the counts that are billed. */
  readonly counts: (counts: Readonly<Record<keyof TokenUsage, unknown>>) => Fields;
  /** What nobody reads, in forms it should not have. */
  readonly unread: Fields;
}

function chat(serve: Api["serve"]): Api {
  return {
    serve,
    body: (content, { unread, end = "stop" } = {}) => ({
      ...unread,
      choices: [
        { ...unread, message: { ...unread, content }, finish_reason: end },
        ...(unread ? [{ index: 1, message: "not one" }] : []),
      ],
    }),
    carrier: TEXT,
    broken: [7, { text: TEXT }, [TEXT], [{ text: TEXT }]],
    usageField: "usage",
    counts: ({ input, output, thinking }) => ({
      prompt_tokens: input,
      completion_tokens: output,
      completion_tokens_details: { reasoning_tokens: thinking },
    }),
    unread: {
      id: 7,
      model: ["m"],
      created: "2026-11-15",
      role: "model",
      reasoning: { text: "Hm" },
      reasoning_content: 5,
      tool_calls: "none",
    },
  };
}

const APIS: Readonly<Record<string, Api>> = {
  "gemini": {
    serve: (answers, test) => withGemini(answers, test),
    body: (part, { unread, end = "STOP" } = {}) => ({
      ...unread,
      candidates: [
        {
          ...unread,
          content: { ...unread, parts: [{ ...unread, ...(part as Fields) }] },
          finishReason: end,
        },
        ...(unread ? ["not one"] : []),
      ],
    }),
    carrier: { text: TEXT },
    broken: [{ text: 7 }, { text: [TEXT] }, { text: TEXT, thought: "yes" }],
    usageField: "usageMetadata",
    counts: ({ input, output, thinking }) => ({
      promptTokenCount: input,
      candidatesTokenCount: output,
      thoughtsTokenCount: thinking,
    }),
    unread: {
      responseId: 7,
      modelVersion: 3,
      promptFeedback: "none",
      safetyRatings: "safe",
      finishMessage: { text: "done" },
      groundingMetadata: [],
      thoughtSignature: 5,
      role: 1,
    },
  },
  "xai over chat completions": chat((answers, test) => withXai(answers, test)),
  "xai over responses": {
    serve: (answers, test) => withXai(answers, test, { api: "responses" }),
    body: (part, { unread, end = "completed" } = {}) => ({
      object: "response",
      ...unread,
      status: end,
      output: [
        ...(unread ? [{ ...unread, type: "reasoning" }] : []),
        {
          id: "m",
          role: "assistant",
          status: "completed",
          ...unread,
          type: "message",
          content: [{ ...unread, type: "output_text", ...(part as Fields) }],
        },
      ],
    }),
    carrier: { text: TEXT },
    broken: [{ text: 7 }, { text: [TEXT] }, { text: TEXT, type: 7 }],
    usageField: "usage",
    counts: ({ input, output, thinking }) => ({
      input_tokens: input,
      output_tokens: output,
      output_tokens_details: { reasoning_tokens: thinking },
    }),
    unread: {
      id: 7,
      model: ["m"],
      created_at: "2026-11-15",
      object: 1,
      role: null,
      summary: "Hm",
      annotations: "none",
      logprobs: {},
      service_tier: 0,
      incomplete_details: [],
    },
  },
  "openai_compatible": chat((answers, test) => withEndpoint(answers, test)),
};

/** `__proto__` as a key of its own, which a literal cannot have. */
const PROTO: Fields = JSON.parse('{"__proto__":{"id":1},"constructor":{"prototype":{}}}');

/** Counts nobody can read, each put in the place of every count. */
const UNREADABLE = ["many", "", "-5", "1e3", -5, 640.5, 1e300, [640], { n: 640 }, true];

/** The tokens of a good answer with such a usage. */
async function tokensOf({ serve, body, carrier, usageField }: Api, usage: unknown) {
  const tokens: TokenUsage[] = [];
  const answer = Response.json({ ...body(carrier), [usageField]: usage });
  await serve([answer], async ({ ask }) => {
    const given = await ask();
    assertEquals([given.text, given.finish], [TEXT, "stop"], JSON.stringify(usage));
    tokens.push(given.tokens);
  });
  return tokens[0] ?? NOTHING;
}

for (const [name, api] of Object.entries(APIS)) {
  const { serve, body, carrier, broken, usageField, counts, unread } = api;

  Deno.test(`${name}: a good answer is kept whatever is around it`, async () => {
    const each = Object.entries(unread).map(([field, value]) => ({ [field]: value }));
    for (const fields of [...each, unread, PROTO]) {
      const answer = {
        ...body(carrier, { unread: fields }),
        [usageField]: counts({ input: 9, output: 8, thinking: 0 }),
      };
      await serve([Response.json(answer)], async ({ ask }) => {
        const { text, finish, tokens } = await ask();
        assertEquals([text, finish], [TEXT, "stop"]);
        assertEquals(tokens, { input: 9, output: 8, thinking: 0 });
      });
    }
  });

  Deno.test(`${name}: the model is the one that says it answered, else the one asked`, async () => {
    const models = async (said: unknown) => {
      const models: string[] = [];
      const answer = { ...body(carrier), [name === "gemini" ? "modelVersion" : "model"]: said };
      await serve([Response.json(answer)], async ({ ask }) => {
        models.push((await ask()).model);
      });
      return models;
    };
    assertEquals(await models("a-model-0925"), ["a-model-0925"]);
    const asked = await models(undefined);
    for (const said of ["", "m".repeat(201), 7, null]) assertEquals(await models(said), asked);
  });

  Deno.test(`${name}: counts in quotes are counts`, async () => {
    const numbers = await tokensOf(api, counts({ input: 210, output: 640, thinking: 260 }));
    assertEquals([numbers.input, numbers.thinking], [210, 260]);
    assertEquals(
      await tokensOf(api, counts({ input: "210", output: "640", thinking: " 260 " })),
      numbers,
    );
  });

  Deno.test(`${name}: with a count that cannot be read nothing is counted, and no book is lost`, async () => {
    const good = { input: 210, output: 640, thinking: 260 };
    for (const count of UNREADABLE) {
      for (const field of ["input", "output", "thinking"]) {
        assertEquals(
          await tokensOf(api, counts({ ...good, [field]: count })),
          NOTHING,
          `${field}: ${count}`,
        );
      }
    }
    for (const usage of [null, 7, "unknown", [], [counts(good)], true]) {
      assertEquals(await tokensOf(api, usage), NOTHING, JSON.stringify(usage));
    }
  });

  Deno.test(`${name}: a count that is null is one nobody made`, async () => {
    assertEquals(await tokensOf(api, counts({ input: 210, output: null, thinking: null })), {
      ...NOTHING,
      input: 210,
    });
    assertEquals(
      await tokensOf(api, counts({ input: null, output: null, thinking: null })),
      NOTHING,
    );
  });

  Deno.test(`${name}: an end that cannot be read is no loss`, async () => {
    for (const end of [5, ["stop"], { reason: "stop" }]) {
      await serve([Response.json(body(carrier, { end }))], async ({ ask }) => {
        const { text, finish, finish_detail } = await ask();
        assertEquals([text, finish, finish_detail], [TEXT, "other", null]);
      });
    }
  });

  Deno.test(`${name}: an answer whose text cannot be read stays a bad one`, async () => {
    for (const spoilt of broken) {
      await serve([Response.json(body(spoilt))], async (asked) => {
        const { message } = await failure(asked, "PROVIDER_BAD_ANSWER");
        assertEquals(message.includes("unknown form"), true, message);
      });
    }
  });
}
