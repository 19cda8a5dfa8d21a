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
  return answerSparql(sparql, {
    graph,
    searchItems: ({ search }) => search.startsWith("Salt") ? ["Q1"] : [],
  });
}

/** The rows as `variable=value` texts, without the beginnings of IRIs. */
function rows(sparql: string): string[] {
  return answer(sparql).bindings.map((binding) =>
    Object.entries(binding).map(([name, { value }]) => `${name}=${value.replace(/^.*\//, "")}`)
      .join(" ")
  );
}

Deno.test("answerSparql() crosses the authors of a book with its ISBNs", () => {
  const found = rows(`SELECT ?isbn ?a WHERE {
    VALUES ?t { "salt ledger"@en "Salt Ledger"@en }
    ?w rdfs:label|skos:altLabel ?t ; wdt:P50 ?a ; wdt:P747/wdt:P212 ?isbn }`);
  assertEquals(found.length, 4);
  assertEquals(found[0], "isbn=978-1-4028-9462-6 a=Q4");
});

Deno.test("answerSparql() takes a label only in its language and its spelling", () => {
  const find = (label: string) => rows(`SELECT ?w { ?w rdfs:label ${label} }`);
  assertEquals(find('"Das Salzbuch"@de'), ["w=Q1"]);
  assertEquals(find('"Das Salzbuch"@en'), []);
  assertEquals(find('"das salzbuch"@de'), []);
  assertEquals(find('"Das Salzbuch"'), []);
});

Deno.test("answerSparql() leaves a variable out of the rows in which it is unbound", () => {
  const found = answer(
    `SELECT ?w ?isbn { VALUES ?w { wd:Q1 wd:Q2 } OPTIONAL { ?w wdt:P212 ?isbn } }`,
  );
  assertEquals(Object.keys(found.bindings[0] ?? {}), ["w"]);
  assertEquals(found.bindings.length, 3);
  assertEquals(found.variables, ["w", "isbn"]);
});

Deno.test("answerSparql() hides deprecated statements from wdt: and shows them under p:", () => {
  assertEquals(rows('SELECT ?ed { ?ed wdt:P212 "978-0-00-000000-2" }'), []);
  assertEquals(
    rows(
      'SELECT ?ed ?rank { ?ed p:P212 ?s . ?s ps:P212 "978-0-00-000000-2" ; wikibase:rank ?rank }',
    ),
    ["ed=Q2 rank=ontology#DeprecatedRank"],
  );
});

Deno.test("answerSparql() shows a year as its first day, and its precision only on request", () => {
  const range = `FILTER(?d >= "2012-01-01T00:00:00Z"^^xsd:dateTime && ?d < "2012-02-01"^^xsd:date)`;
  assertEquals(rows(`SELECT ?w ?d { ?w wdt:P577 ?d ${range} }`), ["w=Q1 d=2012-01-01T00:00:00Z"]);
  assertEquals(rows("SELECT ?w { ?w p:P577/psv:P577 ?v }").length, 3);
  assertEquals(
    rows(`SELECT ?w { ?w p:P577/psv:P577 ?v . ?v wikibase:timePrecision ?p . FILTER(?p >= 10) }
      ORDER BY ?w`),
    ["w=Q2", "w=Q3"],
  );
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
    answerSparql(`SELECT ?o { ${where} }`, {
      graph: buildSparqlGraph([book]),
      searchItems: () => [],
    }).bindings.map(({ o }) => o?.value);
  assertEquals(find("wd:Q1 wdt:P577 ?o"), ["2012-03-01T00:00:00Z"]);
  assertEquals(find("wd:Q1 p:P577 ?s . ?s a wikibase:BestRank ; ps:P577 ?o"), [
    "2012-03-01T00:00:00Z",
  ]);
  assertEquals(find("wd:Q1 p:P577 ?s . ?s ps:P577 ?o").length, 3);
  assertEquals(find("wd:Q1 wdt:P50 ?o"), []);
  assertEquals(find("wd:Q1 p:P50 ?s . ?s ps:P50 ?o"), []);
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
    `SELECT ?v ?p { ?v wikibase:timeValue "2012-01-01T00:00:00Z"^^xsd:dateTime ;
       wikibase:timePrecision ?p } ORDER BY ?p`,
    { graph: shared, searchItems: () => [] },
  );
  assertEquals(bindings.map(({ p }) => p?.value), ["9", "11"]);
});

Deno.test("answerSparql() names items in the languages asked for, else by their identifier", () => {
  const named = (languages: string) =>
    rows(`SELECT ?aLabel { wd:Q1 wdt:P50 ?a .
      SERVICE wikibase:label { bd:serviceParam wikibase:language "${languages}" } } ORDER BY ?a`);
  assertEquals(named("en"), ["aLabel=Q4", "aLabel=Jon Doe"]);
  assertEquals(named("[AUTO_LANGUAGE],en,mul"), ["aLabel=Mara Quill", "aLabel=Jon Doe"]);
});

Deno.test("answerSparql() follows classes, alternatives and unions", () => {
  assertEquals(rows("SELECT ?w { ?w wdt:P31/wdt:P279* wd:Q47461344 }"), ["w=Q1"]);
  assertEquals(
    rows("SELECT ?w { { ?w wdt:P31 wd:Q571 } UNION { ?w wdt:P31 wd:Q7725634 } } ORDER BY DESC(?w)"),
    ["w=Q3", "w=Q1"],
  );
  assertEquals(rows("SELECT ?n { wd:Q3 (wdt:P50/rdfs:label)|wdt:P2093 ?n }"), ["n=Ada Frost"]);
});

Deno.test("answerSparql() groups, counts and joins texts", () => {
  const sparql = `SELECT ?ed (GROUP_CONCAT(DISTINCT ?isbn; separator="|") AS ?isbns)
    (COUNT(?isbn) AS ?n) { ?ed wdt:P212 ?isbn } GROUP BY ?ed`;
  assertEquals(rows(sparql), ["ed=Q2 isbns=978-1-4028-9462-6|978-1-4028-9463-3 n=2"]);
});

Deno.test("answerSparql() orders by number, cuts and keeps rows apart when told to", () => {
  const sparql = "SELECT ?w ?n { ?w wikibase:sitelinks ?n . FILTER(?n > 3) } ORDER BY DESC(?n)";
  assertEquals(rows(`${sparql} LIMIT 1`), ["w=Q1 n=9"]);
  assertEquals(rows(`${sparql} LIMIT 1 OFFSET 1`), ["w=Q3 n=4"]);
  assertEquals(rows("SELECT DISTINCT ?c { ?x wdt:P577 ?d BIND(YEAR(?d) AS ?c) }"), ["c=2012"]);
});

Deno.test("answerSparql() searches by the service, and scans no names without it", () => {
  const search = (text: string) =>
    rows(`SELECT ?w { SERVICE wikibase:mwapi {
      bd:serviceParam wikibase:endpoint "www.wikidata.org" ; wikibase:api "EntitySearch" ;
        mwapi:search "${text}" ; mwapi:language "en" .
      ?w wikibase:apiOutputItem mwapi:item . }
      ?w wdt:P31 wd:Q7725634 }`);
  assertEquals(search("Salt Led"), ["w=Q1"]);
  assertEquals(search("Pepper"), []);
  assertThrows(
    () => answer('SELECT ?w { ?w rdfs:label ?l FILTER(STRSTARTS(?l, "Salt")) }'),
    SparqlTimeout,
  );
});

Deno.test("answerSparql() takes longer the more there is to look at", () => {
  const one = answer("SELECT ?c { wd:Q1 wdt:P31 ?c }").seconds;
  const all = answer("SELECT ?x ?c { ?x wdt:P31 ?c }").seconds;
  assertEquals(all > one, true);
});

Deno.test("answerSparql() joins what a sub-select selects, and nothing else of it", () => {
  const books = 'SELECT ?w WHERE { ?w wdt:P577 ?d . FILTER(?d >= "2012-03-01"^^xsd:date) }';
  assertEquals(rows(`SELECT * WHERE { { ${books} LIMIT 9 } ?w wdt:P31 ?d } ORDER BY ?w`), [
    "w=Q2 d=Q3331189",
    "w=Q3 d=Q571",
  ]);
  const famous = "SELECT ?w WHERE { ?w wikibase:sitelinks ?n } ORDER BY DESC(?n) LIMIT 1";
  assertEquals(rows(`SELECT ?w ?d WHERE { { ${famous} } ?w wdt:P577 ?d }`).length, 1);
  assertEquals(rows(`SELECT ?w WHERE { { ${famous} } UNION { ${books} } } ORDER BY ?w`), [
    "w=Q1",
    "w=Q2",
    "w=Q3",
  ]);
});

Deno.test("answerSparql() runs a sub-select before the triples when it has a limit", () => {
  const inner = "{ SELECT ?w WHERE { VALUES ?w { wd:Q2 } } LIMIT 1 }";
  const first = answer(`SELECT ?w ?c { ${inner} ?w wdt:P31 ?c }`).seconds;
  const last = answer(`SELECT ?w ?c { ${inner.replace("LIMIT 1", "")} ?w wdt:P31 ?c }`).seconds;
  assertEquals(last > first, true);
});
