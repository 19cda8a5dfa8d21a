import { assert, assertEquals, assertMatch, assertRejects } from "@std/assert";
import { systemClock } from "../../src/clock.ts";
import { AppError } from "../../src/errors.ts";
import { buildCatalogue } from "../../src/simulator/books/catalogue.ts";
import { readCatalogueFiles } from "../../src/simulator/books/catalogue_files.ts";
import type { FaultRule } from "../../src/simulator/faults/faults.ts";
import { NO_ODDITIES } from "../../src/simulator/faults/oddities.ts";
import { type SimulatorOptions, startSimulator } from "../../src/simulator/simulator.ts";
import { catalogueRow, editionRow, withDataDirectory } from "./data_directory.ts";
import { createManualClock } from "./manual_clock.ts";
import {
  askXai,
  generate,
  getIsbndb,
  getOpenLibrary,
  send,
  withSimulator,
} from "./with_simulator.ts";

const SHIPPED = new URL("../../src/simulator/data/editions.jsonl", import.meta.url);
/** Every two-hundredth ISBN of the shipped editions. */
const ISBNS = (await Deno.readTextFile(SHIPPED)).trim().split("\n")
  .filter((_, line) => line % 200 === 0)
  .map((line): string => JSON.parse(line).isbn13);

/** Lets pending callbacks run until `isReached` holds, without waiting for time to pass. */
async function untilTrue(isReached: () => boolean): Promise<void> {
  while (!isReached()) await new Promise((resolve) => setImmediate(resolve));
}

Deno.test("startSimulator() refuses a port that is taken", async () => {
  await withSimulator({}, async ({ url }) => {
    const port = Number(new URL(url).port);
    const error = await assertRejects(() => startSimulator({ clock: systemClock, port }), AppError);
    assertEquals(error.code, "PORT_IN_USE");
    assertMatch(error.message, new RegExp(`Port ${port} `));
  });
});

Deno.test("startSimulator() serves another directory of the same format", async () => {
  const files = {
    "catalogue.jsonl": [catalogueRow({ id: "w1", title: "Salt", isbn13: ["9781402894626"] })],
    "editions.jsonl": [editionRow({ isbn13: "9781402894633", title: "Pepper", work: "k1" })],
  };
  await withDataDirectory(files, async (dataDir) => {
    await withSimulator({ dataDir }, async (simulator) => {
      const { json } = await send(`${simulator.url}/_simulator`);
      assertEquals(json.catalogue, { work_count: 2, edition_count: 2, month_count: 1 });
      assertEquals((await getIsbndb(simulator, "/books/pepper")).json.total, 1);
      assertEquals((await getIsbndb(simulator, "/books/gone")).status, 404);
      const fault = { service: "gemini", kind: "unknown_titles" };
      const refused = await send(`${simulator.url}/_simulator/faults`, {
        method: "POST",
        body: JSON.stringify(fault),
      });
      assertEquals(refused.status, 400);
    });
  });
});

Deno.test("startSimulator() gives a service the books it is given, and the others none", async () => {
  const files = {
    "catalogue.jsonl": [catalogueRow({ id: "w1", title: "Salt", isbn13: ["9781402894626"] })],
    "editions.jsonl": [editionRow({ isbn13: "9781402894633", title: "Pepper", work: "k1" })],
  };
  await withDataDirectory(files, async (dataDir) => {
    const isbndb = buildCatalogue(await readCatalogueFiles(dataDir));
    await withSimulator({ books: { isbndb } }, async (simulator) => {
      assertEquals((await getIsbndb(simulator, "/books/pepper")).json.total, 1);
      assertEquals((await getOpenLibrary(simulator, "/search.json?q=pepper")).json.numFound, 0);
      assertEquals(simulator.years, null);
    });
  });
});

Deno.test("startSimulator() refuses a directory without a catalogue", async () => {
  await withDataDirectory({}, async (dataDir) => {
    const error = await assertRejects(
      () => startSimulator({ clock: systemClock, dataDir }),
      AppError,
    );
    assertEquals(error.code, "CATALOGUE_UNREADABLE");
  });
});

Deno.test("Simulator knows in every service the books its generator names", async () => {
  await withSimulator({}, async (simulator) => {
    const answer = await generate(simulator, { prompt: "Up to 20 books of June 2012" });
    const { books } = JSON.parse(answer.json.candidates[0].content.parts[0].text);
    for (const { title, author } of books) {
      const main = title.split(": ")[0];
      const wanted = new URLSearchParams({
        title: main,
        author,
        fields: "key,editions,editions.isbn",
      });
      const { json } = await getOpenLibrary(simulator, `/search.json?${wanted}`);
      assert(json.numFound > 0, `Open Library lacks ${title}`);
      const text = new URLSearchParams({ text: main, author });
      assertEquals((await getIsbndb(simulator, `/search/books?${text}`)).status, 200, title);
    }
  });
});

Deno.test("Simulator gives each service its own part of the data unless told otherwise", async () => {
  const known = async (options: Partial<SimulatorOptions>) => {
    let held: boolean[] = [];
    await withSimulator(options, async (simulator) => {
      const answers = await Promise.all(ISBNS.flatMap((isbn) => [
        getOpenLibrary(simulator, `/isbn/${isbn}.json`),
        getIsbndb(simulator, `/book/${isbn}`),
      ]));
      held = answers.map(({ status }) => status < 400);
    });
    return held;
  };
  const full = await known({ coverage: "full" });
  const realistic = await known({ coverage: "realistic" });
  assert(full.every(Boolean));
  assert(realistic.includes(false) && realistic.includes(true));
  assertEquals(await known({ coverage: "realistic" }), realistic);
});

Deno.test("Simulator errs as its oddities say, notes it and knows what was made up", async () => {
  const oddities = { ...NO_ODDITIES, inventedShare: 0.5, forms: { "503": 1 } };
  await withSimulator({ oddities }, async (simulator) => {
    assertEquals((await askXai(simulator)).status, 503);
    const answer = await askXai(simulator, { prompt: "Up to 20 books of March 2012 as JSON" });
    const told: { title: string; author: string }[] = JSON.parse(
      answer.json.choices[0].message.content.replaceAll("```json", "").replaceAll("```", ""),
    )
      .books;
    const invented = told.filter((book) => simulator.isInvented(book));
    assert(invented.length > 3 && invented.length < told.length, `${invented.length} invented`);
    assertEquals(simulator.journal.entries().map(({ fault }) => fault), ["503", undefined]);
    simulator.faults.add({ service: "gemini", kind: "500", times: 1 });
    assertEquals((await generate(simulator, {})).status, 500);
    assertEquals((await generate(simulator, {})).status, 503);
    assertEquals((await generate(simulator, {})).status, 200);
  });
});

Deno.test("Simulator is watched and steered over HTTP", async () => {
  await withSimulator({}, async (simulator) => {
    const control = `${simulator.url}/_simulator`;
    const post = (body: unknown) =>
      send(`${control}/faults`, { method: "POST", body: JSON.stringify(body) });
    const rules: FaultRule[] = [
      { service: "isbndb", kind: "500", times: 1 },
      { service: "open_library", kind: "429" },
    ];
    assertEquals((await post(rules)).status, 201);
    assertEquals((await getIsbndb(simulator, "/books/gone")).status, 500);
    assertEquals((await getOpenLibrary(simulator, "/search.json?title=gone")).status, 429);
    const { entries } = (await send(`${control}/journal?service=isbndb`)).json;
    assertEquals(
      entries.map(({ seq, status, fault }: Record<string, unknown>) => [seq, status, fault]),
      [
        [1, 500, "500"],
      ],
    );
    assertEquals((await send(`${control}/journal?since=1`)).json.entries.length, 1);
    const { faults } = (await send(`${control}/faults`)).json;
    assertEquals(faults.map(({ hits }: { hits: number }) => hits), [1, 1]);
    assertEquals((await send(`${control}/faults`, { method: "DELETE" })).status, 204);
    assertEquals((await getOpenLibrary(simulator, "/search.json?title=gone")).status, 200);
    assertEquals((await send(`${control}/journal`, { method: "DELETE" })).status, 204);
    assertEquals((await send(`${control}/journal`)).json.entries, []);
  });
});

Deno.test("Simulator says what is wrong with a fault or a journal question", async () => {
  await withSimulator({}, async (simulator) => {
    const control = `${simulator.url}/_simulator`;
    for (const body of ["{half", "{}", '{"service":"kitchen","kind":"500"}', "[]"]) {
      const { status, json } = await send(`${control}/faults`, { method: "POST", body });
      assertEquals(status, 400, body);
      assert(json.error.length > 0);
    }
    assertEquals((await send(`${control}/journal?service=kitchen`)).status, 400);
    assertEquals((await send(`${control}/journal?since=soon`)).status, 400);
    assertEquals(simulator.faults.list(), []);
  });
});

Deno.test("Simulator takes the latency of its service before it answers", async () => {
  const clock = createManualClock();
  const latency = { isbndb: { min_ms: 100, max_ms: 100 } };
  await withSimulator({ clock, latency }, async (simulator) => {
    assertEquals((await getOpenLibrary(simulator, "/search.json?title=gone")).status, 200);
    const pending = getIsbndb(simulator, "/books/gone");
    await untilTrue(() => clock.sleepers === 1);
    clock.advance(99);
    assertEquals(simulator.journal.entries({ service: "isbndb" })[0]?.status, null);
    clock.advance(1);
    assertEquals((await pending).status, 200);
    assertEquals(clock.sleepers, 0);
  });
});

Deno.test("Simulator holds a timed-out request until its client gives up", async () => {
  const clock = createManualClock();
  await withSimulator({ clock }, async (simulator) => {
    simulator.faults.add({ service: "open_library", kind: "timeout", times: 1 });
    const client = new AbortController();
    const pending = fetch(`${simulator.url}/open_library/search.json?title=gone`, {
      signal: client.signal,
    });
    await untilTrue(() => clock.sleepers === 1);
    client.abort();
    await assertRejects(() => pending);
    await untilTrue(() => simulator.journal.entries()[0]?.status !== null);
    const [entry] = simulator.journal.entries();
    assertEquals([entry?.status, entry?.answered, entry?.fault], [499, false, "timeout"]);
    assertEquals(clock.sleepers, 0);
  });
});

Deno.test("Simulator close() ends held requests and the journal file is whole", async () => {
  const clock = createManualClock();
  const journalFile = await Deno.makeTempFile();
  const options: SimulatorOptions = { clock, journalFile };
  try {
    const simulator = await startSimulator(options);
    simulator.faults.add({ service: "open_library", kind: "timeout" });
    const held = getOpenLibrary(simulator, "/search.json?title=gone");
    await untilTrue(() => clock.sleepers === 1);
    await Promise.all([simulator.close(), held]);
    assertEquals((await held).status, 504);
    assertEquals(clock.sleepers, 0);
    const [line] = (await Deno.readTextFile(journalFile)).trim().split("\n");
    assertEquals(JSON.parse(line ?? "").fault, "timeout");
  } finally {
    await Deno.remove(journalFile);
  }
});

Deno.test("Simulator notes that an answer was handed over", async () => {
  await withSimulator({}, async (simulator) => {
    await getIsbndb(simulator, "/books/gone");
    await untilTrue(() => simulator.journal.entries()[0]?.answered === true);
    assertEquals(simulator.journal.count({ service: "isbndb", status: 200 }), 1);
  });
});

Deno.test("Simulator keeps keys out of the journal", async () => {
  await withSimulator({}, async (simulator) => {
    await send(`${simulator.url}/gemini/v1beta/models/x:generateContent?key=secret&alt=json`, {
      method: "POST",
      body: "{}",
    });
    assertEquals(simulator.journal.entries()[0]?.path, "/v1beta/models/x:generateContent?alt=json");
  });
});
