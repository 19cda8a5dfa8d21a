// About simulator.ts
import { assertEquals, assertMatch } from "@std/assert";
import { RESOLVER_NAMES } from "../../src/domain/providers/provider_names.ts";
import type { SimulatedWork } from "../../src/simulator/books/catalogue.ts";
import type { SimulatorOptions } from "../../src/simulator/simulator.ts";
import { catalogueRow, editionRow, withDataDirectory } from "./data_directory.ts";
import { getIsbndb, getOpenLibrary, send, withSimulator } from "./with_simulator.ts";

/** A work that keeps count of how often its titles were read, which nobody but an index does. */
function watchedWork() {
  let readCount = 0;
  const read = () => {
    readCount++;
    return "Winter Arithmetic";
  };
  const edition = {
    isbn13: "9781402894640",
    get rawTitle() {
      return read();
    },
    get title() {
      return read();
    },
    subtitle: null,
    authors: ["Mara Quill"],
    publisher: null,
    published: "2014",
    pages: null,
    language: "en",
    format: null,
  };
  const work: SimulatedWork = {
    id: "watched",
    get title() {
      return read();
    },
    subtitle: null,
    authors: edition.authors,
    firstPublished: null,
    notability: null,
    editions: [edition],
  };
  return { work, isRead: () => readCount > 0 };
}

Deno.test("startSimulator() adds works to those of a service, and to no other service", async () => {
  const added = { open_library: [watchedWork().work] };
  await withSimulator({ added }, async (simulator) => {
    const search = "/search.json?title=winter+arithmetic&fields=key,editions,editions.isbn";
    const { docs } = (await getOpenLibrary(simulator, search)).json;
    assertEquals(docs.length, 1);
    assertMatch(docs[0].key, /^.works.OL\d+W$/);
    assertEquals(docs[0].editions.docs[0].isbn.includes("9781402894640"), true);
    assertEquals((await getIsbndb(simulator, "/book/9781402894640")).status, 404);
    const { json } = await send(`${simulator.url}/_simulator`);
    assertEquals(json.catalogue.month_count > 200, true, "the shipped works are still there");
  });
});

Deno.test("startSimulator() indexes a directory's data before it listens, and shipped data when asked", async () => {
  const files = {
    "catalogue.jsonl": [catalogueRow({ id: "w1", title: "Salt", isbn13: ["9781402894626"] })],
    "editions.jsonl": [editionRow({ isbn13: "9781402894633", title: "Pepper", work: "k1" })],
  };
  await withDataDirectory(files, async (dataDir) => {
    for (const service of RESOLVER_NAMES) {
      const isRead = async (options: Partial<SimulatorOptions>) => {
        const watched = watchedWork();
        let isReadFirst = false;
        await withSimulator({ added: { [service]: [watched.work] }, ...options }, () => {
          isReadFirst = watched.isRead();
          return Promise.resolve();
        });
        return isReadFirst;
      };
      assertEquals(await isRead({ dataDir }), true, service);
      assertEquals(await isRead({ dataDir, isPrepared: false }), false, service);
      assertEquals(await isRead({}), false, service);
    }
  });
});
