// About wikidata.ts
import { assert, assertEquals, assertRejects } from "@std/assert";
import { fileURLToPath } from "node:url";
import { systemClock } from "../../../../src/clock.ts";
import { monthFromIndex, monthIndex } from "../../../../src/domain/months/month.ts";
import { AppError } from "../../../../src/errors.ts";
import { buildCatalogue } from "../../../../src/simulator/books/catalogue.ts";
import { readCatalogueFiles } from "../../../../src/simulator/books/catalogue_files.ts";
import { wikidataService } from "../../../../src/simulator/wikidata/wikidata.ts";
import { holdingOf } from "../../../../src/simulator/books/coverage.ts";
import {
  type Simulator,
  type SimulatorOptions,
  startSimulator,
} from "../../../../src/simulator/simulator.ts";
import { manualClock } from "../../manual_clock.ts";
import { client, request } from "../wikidata_harness.ts";

async function withSimulator(
  options: Partial<SimulatorOptions>,
  test: (simulator: Simulator) => Promise<void>,
): Promise<void> {
  const simulator = await startSimulator({ clock: systemClock, ...options });
  try {
    await test(simulator);
  } finally {
    await simulator.close();
  }
}

const YEAR_2012 = Array.from({ length: 12 }, (_, index) => ({ year: 2012, month: index + 1 }));

Deno.test("createWikidataGenerator() names books for every month of 2012, in three or four requests", () =>
  withSimulator({}, async ({ url, journal }) => {
    const { list, calls } = client(`${url}/wikidata`);
    for (const month of YEAR_2012) {
      const before = calls.length;
      assert((await list(request(month))).length >= 2, `${month.month}`);
      const used = calls.length - before;
      assert(used === 3 || used === 4, `${used} requests for month ${month.month}`);
    }
    assertEquals(journal.count({ service: "wikidata", status: 200 }), calls.length);
    assertEquals(journal.entries()[0]?.month, "2012-01");
  }));

Deno.test("createWikidataGenerator() names only books of the catalogue, in their month", async () => {
  const dataDir = fileURLToPath(new URL("../../../../src/simulator/data", import.meta.url));
  const { works } = holdingOf(buildCatalogue(await readCatalogueFiles(dataDir)), wikidataService);
  const key = (title: string, author: string) => `${title}\n${author}`.toLowerCase();
  const known = new Map<string, Set<string>>();
  for (const { title, authors, firstPublished, editions } of works) {
    const dates = [firstPublished, ...editions.map(({ published }) => published)];
    // The record of an edition may name more people than that of its work.
    for (const names of [authors, ...editions.map((edition) => edition.authors)]) {
      for (const name of [title, ...editions.map((edition) => edition.title)]) {
        // Of items at most five; of names in one text, all.
        for (const named of [names.slice(0, 5), names]) {
          const book = key(name, named.toSorted().join("; "));
          const months = known.get(book) ?? new Set();
          known.set(book, months);
          for (const date of dates) if (date !== null) months.add(date.slice(0, 7));
        }
      }
    }
  }
  await withSimulator({ coverage: "realistic" }, async ({ url }) => {
    const { list } = client(`${url}/wikidata`);
    const first = monthIndex({ year: 2000, month: 1 });
    let count = 0;
    for (let index = first; index < first + 300; index += 7) {
      const month = monthFromIndex(index);
      const name = `${month.year}-${String(month.month).padStart(2, "0")}`;
      for (const { title, author } of await list(request(month))) {
        const months = known.get(key(title, author.split(/; | and /).toSorted().join("; ")));
        assert(months?.has(name), `${title} by ${author} in ${name}`);
        count++;
      }
    }
    assert(count > 100, `${count} books`);
  });
});

Deno.test("createWikidataGenerator() gives the same list each time it is asked", () =>
  withSimulator({}, async ({ url }) => {
    const answers = await Promise.all(
      [1, 2].map(() => client(`${url}/wikidata`).ask(request({ year: 2012, month: 9 }))),
    );
    assertEquals(answers[0], answers[1]);
  }));

Deno.test("createWikidataGenerator() keeps to Wikimedia's limits through two years of months", () => {
  const clock = manualClock();
  return withSimulator({ clock, enforceRates: true }, async ({ url, journal }) => {
    const { ask } = client(`${url}/wikidata`, { clock, ratePerSecond: 1 });
    const first = monthIndex({ year: 2012, month: 1 });
    for (let index = first; index < first + 24; index++) await ask(request(monthFromIndex(index)));
    assertEquals(journal.count({ service: "wikidata" }), journal.count({ status: 200 }));
    assert(journal.count({ status: 200 }) > 60);
  });
});

Deno.test("createWikidataGenerator() is throttled by the simulator when it names no contact", () =>
  withSimulator({}, async ({ url }) => {
    const { ask } = client(`${url}/wikidata`, { contact: "" });
    const error = await assertRejects(() => ask(), AppError);
    assertEquals(error.code, "PROVIDER_RATE_LIMITED");
  }));

Deno.test("createWikidataGenerator() survives every fault the simulator plays", () =>
  withSimulator({}, async ({ url, faults }) => {
    const { ask, list, clock } = client(`${url}/wikidata`);
    const service = "wikidata";
    const kinds = ["429", "403", "500", "503", "broken_json", "html", "bad_content"] as const;
    for (const kind of [...kinds, "error_body"] as const) {
      faults.clear();
      faults.add({ service, kind });
      const error = await assertRejects(() => ask(), AppError);
      assert(error.code.startsWith("PROVIDER_"), `${kind}: ${error.code}`);
      clock.advance(2 * 86_400_000);
    }
    faults.clear();
    faults.add({ service, kind: "503", times: 1 });
    assert((await list()).length > 0);
    faults.add({ service, kind: "empty", times: 1 });
    assertEquals(await list(), []);
  }));
