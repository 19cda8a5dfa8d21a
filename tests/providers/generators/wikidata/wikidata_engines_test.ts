// About wikidata_month_query.ts
import { assert, assertEquals, assertThrows } from "@std/assert";
import { fileURLToPath } from "node:url";
import { Store } from "oxigraph";
import { systemClock } from "../../../../src/clock.ts";
import { monthFromIndex, monthIndex } from "../../../../src/domain/months/month.ts";
import {
  earlierEditionsQuery,
  monthQuery,
} from "../../../../src/providers/generators/wikidata/wikidata_month_query.ts";
import { buildCatalogue } from "../../../../src/simulator/books/catalogue.ts";
import { readCatalogueFiles } from "../../../../src/simulator/books/catalogue_files.ts";
import { wikidataService } from "../../../../src/simulator/wikidata/wikidata.ts";
import { holdingOf } from "../../../../src/simulator/books/coverage.ts";
import { openLibraryKeys } from "../../../../src/simulator/open_library/open_library_keys.ts";
import type { QueryEngine } from "../../../../src/simulator/sparql/query_engine.ts";
import { startSimulator } from "../../../../src/simulator/simulator.ts";
import { answerSparql } from "../../../../src/simulator/sparql/sparql_answer.ts";
import {
  buildSparqlGraph,
  type SparqlGraph,
} from "../../../../src/simulator/sparql/sparql_graph.ts";
import { expandName } from "../../../../src/simulator/sparql/sparql_tokens.ts";
import { indexWikidata } from "../../../../src/simulator/wikidata/wikidata_index.ts";
import type { WikidataItem } from "../../../../src/simulator/wikidata/wikidata_statements.ts";
import { client, request } from "../wikidata_harness.ts";

const ENGINES: readonly QueryEngine[] = ["blazegraph", "qlever"];

/** The properties our queries ask for. */
const ASKED = ["P31", "P407", "P577", "P629"];

/** The shipped books without what no query asks for, which only takes time to load. */
async function shippedItems(): Promise<readonly WikidataItem[]> {
  const dataDir = fileURLToPath(new URL("../../../../src/simulator/data", import.meta.url));
  const catalogue = buildCatalogue(await readCatalogueFiles(dataDir));
  const keys = openLibraryKeys(catalogue);
  const { items } = indexWikidata(holdingOf(catalogue, wikidataService), {
    keys,
    isRealistic: true,
  });
  return items.map((item) => ({
    ...item,
    labels: {},
    aliases: {},
    descriptions: {},
    statements: item.statements.filter(({ property }) => ASKED.includes(property)),
  }));
}

const LITERAL = /^"([\s\S]*)"(?:@([\w-]+)|\^\^(\S+))?$/;

/** A term of the simulator's graph as N-Triples writes it. */
function toNTriples(term: string): string {
  const [, text, language, datatype] = LITERAL.exec(term) ?? [];
  if (text === undefined) return term.startsWith("<") ? term : `<${expandName(term)}>`;
  const quoted = JSON.stringify(text);
  if (language !== undefined) return `${quoted}@${language}`;
  return datatype === undefined ? quoted : `${quoted}^^<${expandName(datatype)}>`;
}

/** The same triples in an engine that is not ours and knows nothing but the standard. */
function standardEngine({ forward }: SparqlGraph): Store {
  const lines = [...forward].flatMap(([property, subjects]) =>
    [...subjects].flatMap(([subject, objects]) =>
      objects.map((object) => `${[subject, property, object].map(toNTriples).join(" ")} .`)
    )
  );
  const store = new Store();
  store.load(lines.join("\n"), { format: "application/n-triples" });
  return store;
}

interface Solution {
  entries(): IterableIterator<[string, { readonly value: string }]>;
}

/** Rows with the plain values of their variables, in an order of their own. */
function standardRows(store: Store, query: string): readonly string[] {
  const solutions = store.query(query) as readonly Solution[];
  return solutions.map((solution) =>
    JSON.stringify([...solution.entries()].map(([name, { value }]) => [name, value]).toSorted())
  ).toSorted();
}

function simulatedRows(
  query: string,
  { graph, engine }: { graph: SparqlGraph; engine: QueryEngine },
): readonly string[] {
  const { bindings } = answerSparql(query, { graph, engine });
  return bindings.map((binding) =>
    JSON.stringify(Object.entries(binding).map(([name, { value }]) => [name, value]).toSorted())
  ).toSorted();
}

const FIRST = monthIndex({ year: 2012, month: 1 });
const MONTHS = Array.from({ length: 6 }, (_, index) => monthFromIndex(FIRST + index * 3));

Deno.test("every query is standard SPARQL, and an engine that is not ours finds the same rows", async () => {
  const items = await shippedItems();
  for (const engine of ENGINES) {
    const graph = buildSparqlGraph(items, { engine });
    const store = standardEngine(graph);
    for (const month of MONTHS) {
      const query = monthQuery(month);
      const rows = standardRows(store, query);
      assert(rows.length > 2 && rows.length < 200, `${rows.length} rows in ${month.month}`);
      assertEquals(simulatedRows(query, { graph, engine }), rows);
      assert(rows.some((row) => !row.includes('["links","0"]')), "articles are counted");
      const works = rows.flatMap((row) => /"work","[^"]*\/(Q\d+)"/.exec(row)?.[1] ?? []);
      const earlier = earlierEditionsQuery(works, month);
      assertEquals(simulatedRows(earlier, { graph, engine }), standardRows(store, earlier));
    }
  }
});

Deno.test("an engine that keeps to the standard refuses a query without its prefixes", () => {
  const store = new Store();
  const month = { year: 2012, month: 3 };
  for (const query of [monthQuery(month), earlierEditionsQuery(["Q1"], month)]) {
    assertEquals(standardRows(store, query), []);
    assertThrows(() => store.query(query.replace(/^PREFIX wdt:.*\n/m, "")));
  }
});

Deno.test("createWikidataGenerator() names the same books whichever engine answers", async () => {
  const lists = await Promise.all(ENGINES.map(async (queryEngine) => {
    const simulator = await startSimulator({
      clock: systemClock,
      plans: { wikidata: { queryEngine } },
    });
    try {
      const { list } = client(`${simulator.url}/wikidata`);
      const books = [];
      for (const month of MONTHS) books.push(...await list(request(month)));
      return books;
    } finally {
      await simulator.close();
    }
  }));
  assert(lists[0]!.length > 20, `${lists[0]!.length} books`);
  assertEquals(lists[1], lists[0]);
});
