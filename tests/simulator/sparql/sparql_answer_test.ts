import { assertEquals, assertThrows } from "@std/assert";
import { answerSparql } from "../../../src/simulator/sparql/sparql_answer.ts";
import { buildSparqlGraph } from "../../../src/simulator/sparql/sparql_graph.ts";
import { SparqlTimeout } from "../../../src/simulator/sparql/sparql_matching.ts";
import {
  links,
  statement,
  texts,
  type WikidataItem,
} from "../../../src/simulator/wikidata/wikidata_statements.ts";

function item(id: string, fields: Partial<WikidataItem>): WikidataItem {
  return {
    id,
    labels: {},
    aliases: {},
    descriptions: {},
    statements: [],
    sitelinks: 0,
    ...fields,
  };
}

const ITEMS: readonly WikidataItem[] = [
  item("Q1", {
    labels: { en: "The Salt Ledger", de: "Das Salzbuch" },
    aliases: { en: ["Salt Ledger"] },
    sitelinks: 9,
    statements: [
      ...links("P31", ["Q7725634"]),
      ...links("P50", ["Q4", "Q5"]),
      ...links("P747", ["Q2"]),
      statement("P577", { kind: "date", date: "2012" }),
    ],
  }),
  item("Q2", {
    statements: [
      ...links("P31", ["Q3331189"]),
      ...links("P629", ["Q1"]),
      ...texts("P212", ["978-1-4028-9462-6", "978-1-4028-9463-3"]),
      {
        property: "P212",
        value: { kind: "string", text: "978-0-00-000000-2" },
        rank: "deprecated",
      },
      statement("P577", { kind: "date", date: "2012-03-12" }),
    ],
  }),
  item("Q3", {
    labels: { en: "Winter Arithmetic" },
    sitelinks: 4,
    statements: [
      ...links("P31", ["Q571"]),
      ...texts("P2093", ["Ada Frost"]),
      statement("P577", { kind: "date", date: "2012-03" }),
    ],
  }),
  item("Q4", { labels: { mul: "Mara Quill" } }),
  item("Q5", { labels: { en: "Jon Doe" } }),
  item("Q7725634", { statements: links("P279", ["Q47461344"]) }),
];

const graph = buildSparqlGraph(ITEMS);

function answer(sparql: string) {
  return answerSparql(sparql, { graph });
}

/** The rows as `variable=value` texts, without the beginnings of IRIs. */
function rows(sparql: string): string[] {
  return answer(sparql).bindings.map((binding) =>
    Object.entries(binding).map(([name, { value }]) => `${name}=${value.replace(/^.*\//, "")}`)
      .join(" ")
  );
}

Deno.test("answerSparql() leaves a variable out of the rows in which it is unbound", () => {
  const found = answer(
    `SELECT ?w ?isbn WHERE { VALUES ?w { wd:Q1 wd:Q2 } OPTIONAL { ?w wdt:P212 ?isbn } }`,
  );
  assertEquals(Object.keys(found.bindings[0] ?? {}), ["w"]);
  assertEquals(found.bindings.length, 3);
  assertEquals(found.variables, ["w", "isbn"]);
});

Deno.test("answerSparql() hides deprecated statements from wdt:", () => {
  assertEquals(rows('SELECT ?ed WHERE { ?ed wdt:P212 "978-0-00-000000-2" }'), []);
  assertEquals(rows('SELECT ?ed WHERE { ?ed wdt:P212 "978-1-4028-9462-6" }'), ["ed=Q2"]);
});

Deno.test("answerSparql() shows a year as its first day, and its precision only on request", () => {
  const early = 'FILTER(?d < "2012-02-01T00:00:00Z"^^xsd:dateTime)';
  assertEquals(rows(`SELECT ?w ?d WHERE { ?w wdt:P577 ?d ${early} }`), [
    "w=Q1 d=2012-01-01T00:00:00Z",
  ]);
  assertEquals(rows("SELECT ?w WHERE { ?w p:P577 ?s . ?s psv:P577 ?v }").length, 3);
  assertEquals(
    rows(`SELECT ?w WHERE { ?w p:P577 ?s . ?s psv:P577 ?v . ?v wikibase:timePrecision ?p .
      FILTER(?p >= 10) } ORDER BY ?w`),
    ["w=Q2", "w=Q3"],
  );
});

Deno.test("answerSparql() combines conditions, of which an unknown one counts as false", () => {
  const where = "?w wdt:P31 ?c . OPTIONAL { ?w wdt:P212 ?isbn }";
  const found = (condition: string) =>
    rows(`SELECT DISTINCT ?w WHERE { ${where} FILTER(${condition}) } ORDER BY ?w`);
  assertEquals(found("!BOUND(?isbn)"), ["w=Q1", "w=Q3"]);
  assertEquals(found("?c IN (wd:Q571, wd:Q3331189)"), ["w=Q2", "w=Q3"]);
  assertEquals(found("!BOUND(?isbn) && ?c IN (wd:Q571)"), ["w=Q3"]);
  assertEquals(found("BOUND(?isbn) || ?c IN (wd:Q571)"), ["w=Q2", "w=Q3"]);
  assertEquals(found('?isbn < "z"'), ["w=Q2"]);
});

Deno.test("answerSparql() calls the statements best that wdt: shows, and no others", () => {
  const dated = (date: string, rank: "preferred" | "normal" | "deprecated") => (
    { property: "P577", value: { kind: "date", date }, rank } as const
  );
  const book = item("Q1", {
    statements: [
      dated("2011", "normal"),
      dated("2012-03", "preferred"),
      dated("2013", "deprecated"),
      { property: "P50", value: { kind: "novalue" }, rank: "normal" },
      ...links("P31", ["Q571"]),
    ],
  });
  const find = (where: string) =>
    answerSparql(`SELECT ?o WHERE { ${where} }`, {
      graph: buildSparqlGraph([book]),
    }).bindings.map(({ o }) => o?.value);
  assertEquals(find("wd:Q1 wdt:P577 ?o"), ["2012-03-01T00:00:00Z"]);
  assertEquals(
    find("wd:Q1 p:P577 ?s . ?s a wikibase:BestRank ; psv:P577 ?v . ?v wikibase:timeValue ?o"),
    [
      "2012-03-01T00:00:00Z",
    ],
  );
  assertEquals(find("wd:Q1 p:P577 ?o").length, 3);
  assertEquals(find("wd:Q1 wdt:P50 ?o"), []);
  assertEquals(find("wd:Q1 p:P50 ?o").length, 1);
});

Deno.test("answerSparql() lets all statements of one date share its node", () => {
  const dated = (id: string, date: string) =>
    item(id, { statements: [statement("P577", { kind: "date", date })] });
  const shared = buildSparqlGraph([
    dated("Q1", "2012-01-01"),
    dated("Q2", "2012-01-01"),
    dated("Q3", "2012"),
  ]);
  const { bindings } = answerSparql(
    `SELECT ?v ?p WHERE { ?v wikibase:timeValue "2012-01-01T00:00:00Z"^^xsd:dateTime ;
       wikibase:timePrecision ?p } ORDER BY ?p`,
    { graph: shared },
  );
  assertEquals(bindings.map(({ p }) => p?.value), ["9", "11"]);
});

Deno.test("answerSparql() orders by number, cuts and keeps rows apart when told to", () => {
  const sparql =
    "SELECT ?w ?n WHERE { ?w wikibase:sitelinks ?n . FILTER(?n >= 4) } ORDER BY DESC(?n)";
  assertEquals(rows(sparql), ["w=Q1 n=9", "w=Q3 n=4"]);
  assertEquals(rows(`${sparql} LIMIT 1`), ["w=Q1 n=9"]);
  const first = "(COALESCE(?nothing, ?d) AS ?first)";
  assertEquals(rows(`SELECT DISTINCT ${first} WHERE { wd:Q2 wdt:P577 ?d . wd:Q2 wdt:P212 ?i }`), [
    "first=2012-03-12T00:00:00Z",
  ]);
});

Deno.test("answerSparql() scans no names", () => {
  assertThrows(() => answer("SELECT ?w WHERE { ?w rdfs:label ?l }"), SparqlTimeout);
});

Deno.test("answerSparql() takes longer the more there is to look at", () => {
  const one = answer("SELECT ?c WHERE { wd:Q1 wdt:P31 ?c }").seconds;
  const all = answer("SELECT ?x ?c WHERE { ?x wdt:P31 ?c }").seconds;
  assertEquals(all > one, true);
});

Deno.test("answerSparql() joins what a sub-select selects, and nothing else of it", () => {
  const books =
    'SELECT ?w WHERE { ?w wdt:P577 ?d . FILTER(?d >= "2012-03-01T00:00:00Z"^^xsd:dateTime) }';
  assertEquals(rows(`SELECT ?w ?d WHERE { { ${books} LIMIT 9 } ?w wdt:P31 ?d } ORDER BY ?w`), [
    "w=Q2 d=Q3331189",
    "w=Q3 d=Q571",
  ]);
  const famous = "SELECT ?w WHERE { ?w wikibase:sitelinks ?n } ORDER BY DESC(?n) LIMIT 1";
  assertEquals(rows(`SELECT ?w ?d WHERE { { ${famous} } ?w wdt:P577 ?d }`).length, 1);
});

Deno.test("answerSparql() runs a sub-select before the triples when it has a limit", () => {
  const inner = "{ SELECT ?w WHERE { VALUES ?w { wd:Q2 } } LIMIT 1 }";
  const first = answer(`SELECT ?w ?c WHERE { ${inner} ?w wdt:P31 ?c }`).seconds;
  const last =
    answer(`SELECT ?w ?c WHERE { ${inner.replace("LIMIT 1", "")} ?w wdt:P31 ?c }`).seconds;
  assertEquals(last > first, true);
});
