// About gemini/, openai_compatible/, xai/
import { assert, assertEquals } from "@std/assert";
import { parseBookList } from "../../../src/domain/answers/book_list.ts";
import type { Generator } from "../../../src/domain/generation/generator.ts";
import { AppError } from "../../../src/errors.ts";
import { createGemini } from "../../../src/providers/generators/gemini/gemini.ts";
import { createOpenAiCompatible } from "../../../src/providers/generators/openai_compatible/openai_compatible.ts";
import { createXai } from "../../../src/providers/generators/xai/xai.ts";
import type { HttpOptions } from "../../../src/providers/http/http.ts";
import { seededRandom } from "../../../src/simulator/faults/random.ts";
import { SIMULATOR_KEY } from "../../../src/simulator/simulator.ts";
import { manualClock } from "../manual_clock.ts";
import { mutatedFetch, record } from "../recorded_wire.ts";
import { request, withSimulator } from "./gemini_bench.ts";

/** Changed answers each client is given; FUZZ=10000 for a thorough run. */
const ROUNDS = Number(Deno.env.get("FUZZ") ?? 2_500);

/** How many answers are changed: some are left as they are, so that later requests come about. */
const CHANGED_SHARE = 0.8;

/** Escapes that only NUL and halves of surrogate pairs need: the database takes neither. */
const UNSTORABLE = /\\u(?:0000|d[89a-f]\w\w)/i;

/** The most the database's columns for tokens hold. */
const MAX_TOKENS = 2 ** 31 - 1;

const apiKey = SIMULATOR_KEY;

const MAKERS: Readonly<Record<string, (http: HttpOptions, url: string) => Generator>> = {
  "gemini": (http, url) =>
    createGemini({ ...http, apiKey, model: "gemini-3.5-flash-lite", baseUrl: `${url}/gemini` }),
  "xai over chat completions": (http, url) =>
    createXai({
      ...http,
      apiKey,
      model: "grok-4.7",
      api: "chat_completions",
      baseUrl: `${url}/xai`,
    }),
  "xai over responses": (http, url) =>
    createXai({ ...http, apiKey, model: "grok-4.7", api: "responses", baseUrl: `${url}/xai` }),
  "openai_compatible": (http, url) =>
    createOpenAiCompatible({
      ...http,
      apiKey,
      model: "llama-4-small",
      contact: null,
      baseUrl: `${url}/openai_compatible/v1`,
    }),
};

const context = { signal: new AbortController().signal, onCall: () => {} };

for (const [name, make] of Object.entries(MAKERS)) {
  Deno.test(`${name} gives a typed answer or a provider's error for ${ROUNDS} spoilt answers`, () =>
    withSimulator(async ({ url }) => {
      const ask = (wire: typeof fetch) =>
        make({
          baseUrl: url,
          timeoutMs: 5_000,
          maxRetries: 1,
          ratePerSecond: Infinity,
          concurrency: 1,
          clock: manualClock(),
          random: () => 0.5,
          fetch: wire,
        }, url).generate(request(5), context);
      const recording = await record(async (wire) => {
        assertEquals((await ask(wire)).finish, "stop");
      });
      let answers = 0;
      for (let round = 0; round < ROUNDS; round++) {
        const random = seededRandom(round);
        try {
          const answer = await ask(mutatedFetch(recording, { random, share: CHANGED_SHARE }));
          assert(["stop", "length", "refused", "other"].includes(answer.finish), `round ${round}`);
          assertEquals(typeof answer.text, "string", `round ${round}`);
          const { input, output, thinking } = answer.tokens;
          for (const count of [input, output, thinking]) {
            assert(Number.isInteger(count) && count >= 0 && count <= MAX_TOKENS, `round ${round}`);
          }
          assert(!UNSTORABLE.test(JSON.stringify(answer)), `round ${round}: unstorable text`);
          parseBookList(answer.text, { maxBooks: 5 });
          answers++;
        } catch (error) {
          assert(error instanceof AppError, `round ${round}: ${error}`);
          assert(error.code.startsWith("PROVIDER_"), `round ${round}: ${error.code}`);
        }
      }
      assert(answers > ROUNDS / 200 && answers < ROUNDS, `${answers} answers`);
    }));
}
