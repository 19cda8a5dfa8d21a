// About gemini/, openai_compatible/, xai/
import { assert, assertEquals } from "@std/assert";
import { parseBookList } from "../../../src/domain/answers/parse_book_list.ts";
import { AppError } from "../../../src/errors.ts";
import type { HttpOptions } from "../../../src/providers/http/http.ts";
import { seededRandom } from "../../../src/simulator/faults/random.ts";
import { mutatedFetch, record } from "../recorded_wire.ts";
import {
  type Asked,
  endpoint,
  gemini,
  request,
  withSimulatedModels,
  xai,
} from "./model_harness.ts";

/** Changed answers each client is given; FUZZ=10000 for a thorough run. */
const ROUNDS = Number(Deno.env.get("FUZZ") ?? 2_500);

/** How many answers are changed: some are left as they are, so that later requests come about. */
const CHANGED_SHARE = 0.8;

/** Escapes that only NUL and halves of surrogate pairs need: the database takes neither. */
const UNSTORABLE = /\\u(?:0000|d[89a-f]\w\w)/i;

/** The most the database's columns for tokens hold. */
const MAX_TOKENS = 2 ** 31 - 1;

const CLIENTS: Readonly<Record<string, (url: string, http: Partial<HttpOptions>) => Asked>> = {
  "gemini": (url, http) => gemini(`${url}/gemini`, http),
  "xai over chat completions": (url, http) => xai(`${url}/xai`, { ...http, model: "grok-4.7" }),
  "xai over responses": (url, http) =>
    xai(`${url}/xai`, { ...http, model: "grok-4.7", api: "responses" }),
  "openai_compatible": (url, http) => endpoint(`${url}/openai_compatible/v1`, http),
};

for (const [name, at] of Object.entries(CLIENTS)) {
  Deno.test(`${name} gives a typed answer or a provider's error for ${ROUNDS} spoilt answers`, () =>
    withSimulatedModels(async ({ url }) => {
      const ask = (wire: typeof fetch) =>
        at(url, { maxRetries: 1, concurrency: 1, fetch: wire }).ask(undefined, request(5));
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
