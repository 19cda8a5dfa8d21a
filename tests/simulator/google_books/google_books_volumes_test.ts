import { assert, assertEquals, assertMatch } from "@std/assert";
import { fileURLToPath } from "node:url";
import { buildCatalogue } from "../../../src/simulator/books/catalogue.ts";
import { readCatalogueFiles } from "../../../src/simulator/books/catalogue_files.ts";
import {
  volumeRecord,
  volumesOf,
} from "../../../src/simulator/google_books/google_books_volumes.ts";

const SHIPPED = fileURLToPath(new URL("../../../src/simulator/data", import.meta.url));
const catalogue = buildCatalogue(await readCatalogueFiles(SHIPPED));

function recordOf(volume: Parameters<typeof volumeRecord>[0], isSearch: boolean) {
  const record = volumeRecord(volume, { isSearch, country: "US", origin: "https://books.test" });
  return record.volumeInfo as Record<string, unknown>;
}

Deno.test("volumesOf() gives every edition of the shipped data a volume with an identifier of its own", () => {
  const volumes = volumesOf(catalogue, { hasScans: false });
  assertEquals(volumes.length, catalogue.isbns.size);
  for (const { id } of volumes) assertMatch(id, /^[\w-]{12}$/);
});

Deno.test("volumesOf() adds scans of older editions, without ISBN, publisher and sure dates", () => {
  const scans = volumesOf(catalogue, { hasScans: true }).filter(({ isScan }) => isScan);
  assert(scans.length > 500 && scans.length < catalogue.isbns.size * 0.1);
  for (const scan of scans) {
    const { industryIdentifiers, publisher, publishedDate } = recordOf(scan, false);
    assertMatch(
      JSON.stringify(industryIdentifiers),
      /^\[{"type":"OTHER","identifier":"(?:UOM:39\d+|BL:A\d{10}|BSB:BSB\d{8}|PKEY:\d{13})"}\]$/,
    );
    assertEquals(publisher, undefined);
    if (publishedDate !== undefined) assertMatch(String(publishedDate), /^\d{4}\*?$/);
  }
  const all = JSON.stringify(scans.map((scan) => recordOf(scan, false)));
  for (const prefix of ["UOM:", "BL:", "BSB:", "PKEY:"]) assert(all.includes(prefix), prefix);
});

Deno.test("volumeRecord() is thinner in a search than behind its own address", () => {
  const volumes = volumesOf(catalogue, { hasScans: false });
  const thin = volumes.filter((volume) => !("industryIdentifiers" in recordOf(volume, true)));
  const share = thin.length / volumes.length;
  assert(share > 0.03 && share < 0.05, String(share));
  for (const volume of thin) assert("industryIdentifiers" in recordOf(volume, false));
});
