import { fileURLToPath } from "node:url";
import { buildCatalogue } from "../../src/simulator/books/catalogue.ts";
import { readCatalogueFiles } from "../../src/simulator/books/catalogue_files.ts";

/** The catalogue the simulator is shipped with. */
export const shippedCatalogue = buildCatalogue(
  await readCatalogueFiles(fileURLToPath(new URL("../../src/simulator/data", import.meta.url))),
);
