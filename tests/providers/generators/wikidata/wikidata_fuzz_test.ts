// About wikidata_month_books.ts
import { assert, assertEquals } from "@std/assert";
import { parseBookList } from "../../../../src/domain/answers/parse_book_list.ts";
import { AppError } from "../../../../src/errors.ts";
import { seededRandom } from "../../../../src/simulator/faults/random.ts";
import { systemClock } from "../../../../src/clock.ts";
import { startSimulator } from "../../../../src/simulator/simulator.ts";
import { mutatedFetch, record } from "../../recorded_wire.ts";
import { client, request } from "../wikidata_harness.ts";

/** Changed answers the client is given; FUZZ=10000 for a thorough run. */
const ROUNDS = Math.ceil(Number(Deno.env.get("FUZZ") ?? 2_500) / 5);

/** How many answers are changed: some are left as they are, so that later requests come about. */
const CHANGED_SHARE = 0.5;

/** Escapes that only NUL and halves of surrogate pairs need: the database takes neither. */
const UNSTORABLE = /\\u(?:0000|d[89a-f]\w\w)/i;

Deno.test(`wikidata names books or gives a provider's error for ${ROUNDS} spoilt answers`, async () => {
  const simulator = await startSimulator({ clock: systemClock });
  try {
    // A month in which editions decide, so that every kind of request is made.
    const month = { year: 2012, month: 9 };
    const maxBooks = 12;
    const ask = (wire: typeof fetch) =>
      client(`${simulator.url}/wikidata`, { fetch: wire }).ask(request(month, maxBooks));
    let requests = 0;
    const recording = await record(async (wire) => {
      const { text } = await ask((input, init) => {
        requests++;
        return wire(input, init);
      });
      const list = parseBookList(text, { maxBooks });
      assert(list.kind === "books" && list.books.length > 5);
    });
    assertEquals(requests, 4);
    let whole = 0;
    let errors = 0;
    for (let round = 0; round < ROUNDS; round++) {
      const random = seededRandom(round);
      try {
        const answer = await ask(mutatedFetch(recording, { random, share: CHANGED_SHARE }));
        assertEquals([answer.model, answer.finish], ["month-query-2", "stop"], `round ${round}`);
        assert(!UNSTORABLE.test(answer.text), `round ${round}: unstorable text`);
        const list = parseBookList(answer.text, { maxBooks });
        // A title of two thousand letters is a statement's right and the list's to refuse.
        if (list.kind === "unusable") continue;
        assert(list.kind === "books", `round ${round}: ${answer.text}`);
        assertEquals(list.dropped.over_limit, 0, `round ${round}`);
        if (list.books.length > 5) whole++;
      } catch (error) {
        assert(error instanceof AppError, `round ${round}: ${error}`);
        assert(error.code.startsWith("PROVIDER_"), `round ${round}: ${error.code}`);
        errors++;
      }
    }
    // A fuzz that only ever breaks everything, or nothing, proves nothing.
    assert(whole > ROUNDS / 20 && errors > ROUNDS / 20, `${whole} lists, ${errors} errors`);
  } finally {
    await simulator.close();
  }
});
