import { assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { AppError } from "../../../src/errors.ts";
import { readCatalogueFiles } from "../../../src/simulator/books/catalogue_files.ts";
import { catalogueRow, editionRow, withDataDirectory } from "../data_directory.ts";

const CATALOGUE = [catalogueRow({ id: "w1", title: "Salt", isbn13: ["9781402894626"] })];
const EDITIONS = [editionRow({ isbn13: "9781402894626", title: "Salt", work: "k1" })];

async function refusal(files: Parameters<typeof withDataDirectory>[0]): Promise<string> {
  let message = "";
  await withDataDirectory(files, async (dir) => {
    const error = await assertRejects(() => readCatalogueFiles(dir), AppError);
    assertEquals(error.code, "CATALOGUE_UNREADABLE");
    message = error.message;
  });
  return message;
}

Deno.test("readCatalogueFiles() does without light novels and benchmark", async () => {
  await withDataDirectory(
    { "catalogue.jsonl": CATALOGUE, "editions.jsonl": EDITIONS },
    async (dir) => {
      const files = await readCatalogueFiles(dir);
      assertEquals(files.catalogue[0]?.title, "Salt");
      assertEquals(files.editions.length, 1);
      assertEquals(files.lightNovels, []);
      assertEquals(files.benchmark, []);
    },
  );
});

Deno.test("readCatalogueFiles() names the file that is missing", async () => {
  const message = await refusal({ "catalogue.jsonl": CATALOGUE });
  assertStringIncludes(message, "editions.jsonl is missing");
});

Deno.test("readCatalogueFiles() names the line that is not JSON", async () => {
  const message = await refusal({
    "catalogue.jsonl": CATALOGUE,
    "editions.jsonl": [...EDITIONS, "", "{half"],
  });
  assertStringIncludes(message, "editions.jsonl line 3 is not JSON");
});

Deno.test("readCatalogueFiles() names the field that is wrong", async () => {
  const wrongDigit = editionRow({ isbn13: "9781402894620", title: "Salt", work: "k1" });
  const message = await refusal({ "catalogue.jsonl": CATALOGUE, "editions.jsonl": [wrongDigit] });
  assertStringIncludes(message, "editions.jsonl line 1: isbn13: expected a valid ISBN-13");
  const noMonth = { ...CATALOGUE[0], first_published: "2012-13" };
  const other = await refusal({ "catalogue.jsonl": [noMonth], "editions.jsonl": EDITIONS });
  assertStringIncludes(other, "catalogue.jsonl line 1: first_published: expected YYYY-MM");
});

Deno.test("readCatalogueFiles() refuses an empty required file", async () => {
  const message = await refusal({ "catalogue.jsonl": [], "editions.jsonl": EDITIONS });
  assertStringIncludes(message, "catalogue.jsonl holds no rows");
});
