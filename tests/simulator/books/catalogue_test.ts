import { assert, assertEquals, assertExists } from "@std/assert";
import { fileURLToPath } from "node:url";
import { buildCatalogue, type Catalogue } from "../../../src/simulator/books/catalogue.ts";
import { readCatalogueFiles } from "../../../src/simulator/books/catalogue_files.ts";
import { catalogueRow, editionRow, withDataDirectory } from "../data_directory.ts";

const SHIPPED = fileURLToPath(new URL("../../../src/simulator/data", import.meta.url));

async function catalogueOf(
  catalogue: Record<string, unknown>[],
  editions: Record<string, unknown>[],
): Promise<Catalogue> {
  let built: Catalogue | undefined;
  await withDataDirectory(
    { "catalogue.jsonl": catalogue, "editions.jsonl": editions },
    async (dir) => {
      built = buildCatalogue(await readCatalogueFiles(dir));
    },
  );
  assertExists(built);
  return built;
}

Deno.test("buildCatalogue() puts a notable work and its editions together by a shared ISBN", async () => {
  const { works, isbns } = await catalogueOf(
    [catalogueRow({
      id: "w1",
      title: "Salt",
      isbn13: ["9781402894626", "9781402894633"],
      pages: 352,
    })],
    [
      editionRow({
        isbn13: "9781402894640",
        title: "Salt (Sea, #1)",
        work: "k1",
        published: "2019",
      }),
      editionRow({ isbn13: "9781402894626", title: "Salt (Sea, #1)", work: "k1" }),
    ],
  );
  assertEquals(works.length, 1);
  const [work] = works;
  assertEquals(work?.firstPublished, "2012-03");
  assertEquals(
    work?.editions.map(({ isbn13, published, pages }) => ({ isbn13, published, pages })),
    [
      { isbn13: "9781402894640", published: "2019", pages: null },
      { isbn13: "9781402894626", published: "2012-03", pages: 352 },
      { isbn13: "9781402894633", published: null, pages: null },
    ],
  );
  assertEquals(isbns.get("9781402894633"), { work: 0, edition: 2 });
});

Deno.test("buildCatalogue() does not merge two works because one row carries both ISBNs", async () => {
  const { works } = await catalogueOf(
    [catalogueRow({ id: "w1", title: "Assassin", isbn13: ["9781402894626", "9781402894633"] })],
    [
      editionRow({ isbn13: "9781402894633", title: "Kill (Rapp, #2)", work: "k2" }),
      editionRow({ isbn13: "9781402894626", title: "Assassin (Rapp, #1)", work: "k1" }),
    ],
  );
  assertEquals(
    works.map(({ title, firstPublished }) => ({ title, firstPublished })),
    [{ title: "Kill", firstPublished: null }, { title: "Assassin", firstPublished: "2012-03" }],
  );
});

Deno.test("buildCatalogue() orders a month by notability", async () => {
  const { worksByMonth } = await catalogueOf(
    [
      catalogueRow({ id: "w1", title: "Lesser", isbn13: ["9781402894626"], notability: 1 }),
      catalogueRow({ id: "w2", title: "Greater", isbn13: ["9781402894633"], notability: 9 }),
    ],
    [editionRow({ isbn13: "9781402894640", title: "Other", work: "k1" })],
  );
  assertEquals(worksByMonth.get("2012-03")?.map(({ title }) => title), ["Greater", "Lesser"]);
  assertEquals(worksByMonth.get("2012-04"), undefined);
});

Deno.test("buildCatalogue() loses no ISBN and no notable work of the shipped data", async () => {
  const files = await readCatalogueFiles(SHIPPED);
  const { works, isbns, worksByMonth, unknownBooks } = buildCatalogue(files);
  const rows = [...files.editions, ...files.lightNovels];
  for (const { isbn13 } of rows) assert(isbns.has(isbn13), `${isbn13} is lost`);
  for (const { isbn13 } of files.catalogue) {
    for (const isbn of isbn13) assert(isbns.has(isbn), `${isbn} is lost`);
  }
  const inMonths = [...worksByMonth.values()].reduce((sum, month) => sum + month.length, 0);
  assertEquals(inMonths, files.catalogue.length);
  assertEquals(works.filter((work) => work.firstPublished !== null).length, inMonths);
  assertEquals(works.filter((work) => work.editions.length === 0), []);
  assert(unknownBooks.length > 100);
  const noAuthor = works.filter((work) => work.authors.length === 0);
  assert(noAuthor.every((work) => work.id.startsWith("ln-")));
});
