import { assert, assertEquals } from "@std/assert";
import { fileURLToPath } from "node:url";
import { buildCatalogue } from "../../../src/simulator/books/catalogue.ts";
import { readCatalogueFiles } from "../../../src/simulator/books/catalogue_files.ts";
import { wikidataService } from "../../../src/simulator/wikidata/wikidata.ts";
import { holdingOf } from "../../../src/simulator/books/coverage.ts";
import { readIsbn } from "../../../src/simulator/books/isbn_forms.ts";
import { openLibraryKeys } from "../../../src/simulator/open_library/open_library_keys.ts";
import { wikidataItems } from "../../../src/simulator/wikidata/wikidata_items.ts";
import { truthy, type WikidataItem } from "../../../src/simulator/wikidata/wikidata_statements.ts";

const SHIPPED = fileURLToPath(new URL("../../../src/simulator/data", import.meta.url));
const catalogue = buildCatalogue(await readCatalogueFiles(SHIPPED));
const keys = openLibraryKeys(catalogue);
const items = wikidataItems(holdingOf(catalogue, wikidataService), { keys, isRealistic: true });
const itemById = new Map(items.map((item) => [item.id, item]));

function textsOf(item: WikidataItem, property: string): string[] {
  return truthy(item.statements).flatMap(({ property: name, value }) =>
    name === property && value.kind === "string" ? [value.text] : []
  );
}

function linksOf(item: WikidataItem, property: string): string[] {
  return item.statements.flatMap(({ property: name, value }) =>
    name === property && value.kind === "item" ? [value.id] : []
  );
}

Deno.test("wikidataItems() gives every item an identifier of its own", () => {
  assertEquals(itemById.size, items.length);
});

Deno.test("wikidataItems() writes ISBNs with hyphens but for a minority, and only those of the data", () => {
  const isbns = items.flatMap((item) => textsOf(item, "P212"));
  const plain = isbns.filter((isbn) => !isbn.includes("-"));
  assert(plain.length > 0 && plain.length < isbns.length * 0.15, `${plain.length} plain`);
  for (const isbn of isbns) assert(catalogue.isbns.has(readIsbn(isbn) ?? ""), isbn);
});

Deno.test("wikidataItems() puts ISBNs on works here and on editions there", () => {
  const withIsbn = items.filter((item) => textsOf(item, "P212").length > 0);
  const editions = withIsbn.filter((item) => linksOf(item, "P31").includes("Q3331189"));
  assert(editions.length > 100 && editions.length < withIsbn.length - 100);
  for (const edition of editions) {
    const [work] = linksOf(edition, "P629");
    assert(work !== undefined && itemById.has(work), edition.id);
  }
});

Deno.test("wikidataItems() links only to editions, people and publishers that are there", () => {
  for (const item of items) {
    for (const property of ["P50", "P123", "P747", "P629", "P407"]) {
      for (const id of linksOf(item, property)) assert(itemById.has(id), `${item.id} ${id}`);
    }
  }
});

Deno.test("wikidataItems() names authors by item or by text, and dates to year, month or day", () => {
  const byItem = items.filter((item) => linksOf(item, "P50").length > 0).length;
  const byText = items.filter((item) => textsOf(item, "P2093").length > 0).length;
  assert(byItem > byText && byText > 500, `${byItem} and ${byText}`);
  const lengths = new Set(
    items.flatMap(({ statements }) =>
      statements.flatMap(({ value }) => value.kind === "date" ? [value.date.length] : [])
    ),
  );
  assertEquals(lengths, new Set([4, 7, 10]));
});

Deno.test("wikidataItems() bridges works to the keys Open Library files them under", () => {
  const openLibrary = new Set([...keys.works.values(), ...keys.editions.values()]);
  const bridges = items.flatMap((item) => textsOf(item, "P648"));
  assert(bridges.length > 3_000 && bridges.every((key) => openLibrary.has(key)));
});

Deno.test("wikidataItems() puts several authors into one name here and there", () => {
  const names = items.flatMap((item) => textsOf(item, "P2093"));
  const joint = names.filter((name) => name.includes(" and "));
  assert(joint.length > 5 && joint.length < names.length * 0.2, `${joint.length}/${names.length}`);
});
