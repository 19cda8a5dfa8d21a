import { assertEquals, assertExists, assertFalse, assertRejects } from "@std/assert";
import { parseBookList } from "../../../src/domain/answers/parse_book_list.ts";
import { AppError } from "../../../src/errors.ts";
import type { HttpOptions } from "../../../src/providers/http/http.ts";
import type { FaultKind } from "../../../src/simulator/faults/faults.ts";
import { SERVICES } from "../../../src/simulator/services.ts";
import { SIMULATOR_KEY } from "../../../src/simulator/simulator.ts";
import { type Answer, htmlPage, serveFixtures, silence } from "../fixture_server.ts";
import {
  type Asked,
  candidate,
  completion,
  EMPTY_LIST,
  endpoint,
  failure,
  gemini,
  withSimulatedModels,
  xai,
} from "./model_harness.ts";

interface ModelClient {
  readonly service: "gemini" | "xai" | "openai_compatible";
  readonly at: (url: string, options?: Partial<HttpOptions>) => Asked;
  /** An answer that names no book. */
  readonly good: Response;
  /** Answers with neither a text nor a reason for its absence, or with neither where they belong. */
  readonly empty: readonly unknown[];
}

const CHAT = {
  good: completion(EMPTY_LIST),
  empty: [{ choices: [] }, { choices: [{ message: {} }] }, { choices: "none" }],
};

const CLIENTS: Readonly<Record<string, ModelClient>> = {
  "createGemini()": {
    service: "gemini",
    at: gemini,
    good: candidate({ content: { parts: [{ text: "[]" }] }, finishReason: "STOP" }),
    empty: [{ candidates: [] }, { candidates: [{}] }, { candidates: 3 }],
  },
  "createXai() over chat_completions": { service: "xai", at: xai, ...CHAT },
  "createXai() over responses": {
    service: "xai",
    at: (url, options) => xai(url, { ...options, api: "responses" }),
    good: Response.json({ status: "completed", output: [] }),
    empty: [{ object: "response", status: "completed" }, { output: [] }, { output: "none" }],
  },
  "createOpenAiCompatible()": {
    service: "openai_compatible",
    at: (url, options) => endpoint(`${url}/v1`, options),
    ...CHAT,
  },
};

/**
 * What becomes of each fault, with every client that asks a service which has it: a code without
 * `PROVIDER_`; or an answer's end and, where that says more, what its text is read as.
 */
const OUTCOMES: Readonly<Partial<Record<FaultKind, string>>> = {
  "403": "KEY_REFUSED",
  "429": "RATE_LIMITED",
  "500": "UNAVAILABLE",
  "503": "UNAVAILABLE",
  timeout: "TIMEOUT",
  broken_json: "BAD_ANSWER",
  empty: "stop books",
  html: "BAD_ANSWER",
  bad_content: "stop unusable",
  no_parts: "length unusable",
  truncated: "length books",
  safety: "refused",
  refusal: "stop refusal",
  refusal_prose: "stop refusal",
  fenced: "stop books",
  surrounded: "stop books",
  bare_array: "stop books",
  other_key: "stop books",
  wrong_types: "stop books",
  duplicates: "stop books",
  over_limit: "stop books",
  misdated: "stop books",
  unknown_titles: "stop books",
  key_refused: "KEY_REFUSED",
  retired_model: "REJECTED_REQUEST",
  blocked: "refused",
  recitation: "refused",
  refusal_field: "refused",
  quota: "QUOTA_SPENT",
  error_body: "UNAVAILABLE",
  error_choice: "UNAVAILABLE",
  credits_spent: "OUT_OF_CREDIT",
  no_credits: "OUT_OF_CREDIT",
  location_refused: "REJECTED_REQUEST",
  wrong_address: "REJECTED_REQUEST",
  malformed: "stop books",
  draft_first: "stop books",
  json_lines: "stop books",
};

/** What one service means by a status that means something else to the others. */
const OWN_OUTCOMES: Readonly<Partial<Record<string, Partial<Record<FaultKind, string>>>>> = {
  // The moderation of the question, and a key that may not be used from here.
  openai_compatible: { "403": "refused", location_refused: "KEY_REFUSED" },
};

async function outcomeOf({ ask }: Asked): Promise<string> {
  try {
    const { finish, text } = await ask();
    return finish === "refused"
      ? finish
      : `${finish} ${parseBookList(text, { maxBooks: 20 }).kind}`;
  } catch (error) {
    if (error instanceof AppError) return error.code.replace("PROVIDER_", "");
    throw error;
  }
}

for (const [name, { service, at, good, empty }] of Object.entries(CLIENTS)) {
  const withAnswers = async (
    answers: readonly Answer[],
    test: (asked: Asked) => Promise<void>,
    options: Partial<HttpOptions> = {},
  ): Promise<void> => {
    await using server = serveFixtures(...answers);
    await test(at(server.url, options));
  };

  Deno.test(`${name} calls an answer it cannot read a bad one, and does not pay for a second`, async () => {
    const bodies = [...empty, {}, [], "text"].map((body) => Response.json(body));
    const broken = [new Response('{"choices":['), htmlPage(200), new Response("")];
    for (const body of [...bodies, ...broken]) {
      await withAnswers([body], async (asked) => {
        await failure(asked, "PROVIDER_BAD_ANSWER");
        assertEquals(asked.calls.length, 1);
      });
    }
  });

  Deno.test(`${name} repeats server errors and counts each request`, async () => {
    const errors = [503, 502].map((status) => Response.json({ error: "at capacity" }, { status }));
    await withAnswers([errors[0]!, htmlPage(500), good], async (asked) => {
      assertEquals((await asked.ask()).finish, "stop");
      assertEquals(asked.calls.length, 3);
    });
    for (const trouble of [...errors, htmlPage(502)]) {
      await withAnswers([trouble], async (asked) => {
        await failure(asked, "PROVIDER_UNAVAILABLE");
        assertEquals(asked.calls.length, 3);
      });
    }
  });

  Deno.test(`${name} times out once, and rejects with the caller's reason when aborted`, async () => {
    await withAnswers([silence], async (asked) => {
      await failure(asked, "PROVIDER_TIMEOUT");
      assertEquals(asked.calls.length, 1);
    }, { timeoutMs: 30 });
    await withAnswers([silence], async ({ ask }) => {
      const controller = new AbortController();
      const reason = new Error("the job was cancelled");
      const asked = ask(controller.signal);
      controller.abort(reason);
      assertEquals(await assertRejects(() => asked), reason);
    });
  });

  Deno.test(`${name} copes with every fault the simulator plays`, () =>
    withSimulatedModels(async ({ url, faults }) => {
      for (const kind of SERVICES[service].faults) {
        faults.clear();
        faults.add({ service, kind });
        const timeoutMs = kind === "timeout" ? 30 : 5_000;
        const asked = at(`${url}/${service}`, { maxRetries: 1, timeoutMs });
        const expected = OWN_OUTCOMES[service]?.[kind] ?? OUTCOMES[kind];
        assertEquals(await outcomeOf(asked), expected, kind);
      }
    }));

  Deno.test(`${name} stops asking for what money, another key or another model can mend`, () =>
    withSimulatedModels(async ({ url, faults }) => {
      for (const kind of ["key_refused", "credits_spent", "retired_model"] as const) {
        faults.clear();
        faults.add({ service, kind });
        const asked = at(`${url}/${service}`);
        const error = await assertRejects(() => asked.ask(), AppError);
        assertExists(error.retryAt, kind);
        await assertRejects(() => asked.ask(), AppError);
        assertEquals(asked.calls.length, 1, kind);
        assertFalse(error.message.includes(SIMULATOR_KEY), "the key is a secret");
      }
    }));
}
