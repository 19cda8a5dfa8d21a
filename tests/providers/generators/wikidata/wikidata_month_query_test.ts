import { assert, assertEquals, assertFalse } from "@std/assert";
import {
  earlierEditionsQuery,
  monthQuery,
  toEarlierLanguages,
  toFinds,
} from "../../../../src/providers/generators/wikidata/wikidata_month_query.ts";
import { rowsSchema } from "../../../../src/providers/wikidata/wikidata_rows.ts";

const uri = (id: string) => ({ type: "uri", value: `http://www.wikidata.org/entity/${id}` });
const literal = (value: string) => ({ type: "literal", value });

function rows(...bindings: readonly Record<string, unknown>[]) {
  return rowsSchema.parse({ results: { bindings } });
}

Deno.test("monthQuery() lists the days of the month, no more and no fewer", () => {
  const daysIn = (year: number, month: number) =>
    [...monthQuery({ year, month }).matchAll(/VALUES \?day \{ (.*) \}/g)]
      .flatMap(([, days = ""]) => days.split(" "));
  assertEquals(daysIn(2012, 2).length, 29);
  assertEquals(daysIn(2013, 2).length, 28);
  const december = daysIn(2012, 12);
  assertEquals(december.length, 31);
  assertEquals(december[0], '"2012-12-01T00:00:00Z"^^xsd:dateTime');
  assertEquals(december.at(-1), '"2012-12-31T00:00:00Z"^^xsd:dateTime');
});

Deno.test("monthQuery() is bounded, reads no names and fits into an address", () => {
  const month = { year: 2012, month: 3 };
  const works = Array.from({ length: 50 }, (_, index) => `Q${130_000_000 + index}`);
  for (const query of [monthQuery(month), earlierEditionsQuery(works, month)]) {
    assert(/\nLIMIT \d+$/.test(query));
    assertFalse(/rdfs:label|P279/.test(query));
    // What only Blazegraph knows.
    assertFalse(/\bhint:|\bbd:|\bmwapi:|\bSERVICE\b|\bWITH\b|\bINCLUDE\b/.test(query));
    assert(new URLSearchParams({ query }).toString().length < 7_000);
  }
});

Deno.test("toFinds() gathers rows by work, best known first, then by number", () => {
  const found = toFinds(rows(
    { item: uri("Q30"), links: literal("2") },
    { item: uri("Q12"), work: uri("Q9"), links: literal("7") },
    { item: uri("Q100"), links: literal("2") },
    { item: uri("Q13"), work: uri("Q9"), links: literal("7") },
    { item: uri("Q9"), links: literal("7") },
    { item: uri("Q4"), links: literal("2") },
    { item: uri("Q5") },
  ));
  assertEquals(found.map(({ id, sitelinks }) => [id, sitelinks]), [
    ["Q9", 7],
    ["Q4", 2],
    ["Q30", 2],
    ["Q100", 2],
    ["Q5", 0],
  ]);
  assertEquals(found[0]?.edition_ids, ["Q12", "Q13"]);
});

Deno.test("toFinds() takes an unknown work for none and drops rows without an item", () => {
  const genid = { type: "uri", value: "http://www.wikidata.org/.well-known/genid/abc" };
  const found = toFinds(rows(
    { item: uri("Q1"), work: genid, links: literal("many") },
    { item: uri("Q2"), work: { type: "bnode", value: "t1" }, links: literal("1") },
    { item: genid, links: literal("9") },
    { links: literal("9") },
    { item: uri("P31"), links: literal("9") },
  ));
  assertEquals(found, [
    { id: "Q2", edition_ids: [], sitelinks: 1 },
    { id: "Q1", edition_ids: [], sitelinks: 0 },
  ]);
});

Deno.test("toEarlierLanguages() keeps that an edition's language is not known", () => {
  const found = toEarlierLanguages(rows(
    { work: uri("Q1"), language: uri("Q1860") },
    { work: uri("Q1"), language: uri("Q150") },
    { work: uri("Q2") },
    { language: uri("Q1860") },
  ));
  assertEquals([...found].map(([work, languages]) => [work, [...languages]]), [
    ["Q1", ["Q1860", "Q150"]],
    ["Q2", [null]],
  ]);
});

/** Source of the prefixes: Wikibase RDF dump format, "Prefixes used". */
const PREFIXES = `PREFIX p: <http://www.wikidata.org/prop/>
PREFIX psv: <http://www.wikidata.org/prop/statement/value/>
PREFIX schema: <http://schema.org/>
PREFIX wd: <http://www.wikidata.org/entity/>
PREFIX wdt: <http://www.wikidata.org/prop/direct/>
PREFIX wikibase: <http://wikiba.se/ontology#>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
`;

/** Parts of a query, each with its place of origin beside it, on one line. */
function inOneLine(query: string): string {
  return query.replace(/\s+/g, " ").trim();
}

Deno.test("monthQuery() asks for this", () => {
  const days = Array.from({ length: 28 }, (_, index) => {
    const day = String(index + 1).padStart(2, "0");
    return `"2013-02-${day}T00:00:00Z"^^xsd:dateTime`;
  });
  const query = inOneLine(monthQuery({ year: 2013, month: 2 }));
  const parts = [
    PREFIXES,
    "SELECT DISTINCT ?item ?work",
    "(COALESCE(?fame, ?fame_of_page, ?own, ?own_of_page, 0) AS ?links) WHERE { {",
    // The value nodes of the month's days. Dates stand at midnight, UTC (RDF dump format, "Time").
    "SELECT DISTINCT ?item WHERE { { SELECT ?moment WHERE {",
    `VALUES ?day { ${days.join(" ")} } ?moment wikibase:timeValue ?day .`,
    // Blazegraph runs first what has a limit (`ASTSparql11SubqueryOptimizer`).
    "} LIMIT 1000000 }",
    // 10 is a month, 11 a day (RDF dump format, `wikibase:timePrecision`).
    "?moment wikibase:timePrecision ?precision . FILTER(?precision >= 10)",
    // Statements of the best rank with such a publication date (P577), and their items.
    "?dated psv:P577 ?moment ; a wikibase:BestRank . ?item p:P577 ?dated . } LIMIT 1000000 }",
    // Instances (P31) of book classes.
    "?item wdt:P31 ?class . FILTER(?class IN (wd:Q571, wd:Q7725634, wd:Q47461344, wd:Q8261,",
  ];
  const rest = [
    // Articles: on the item in the query service, on its page in dumps ("WDQS data differences").
    "OPTIONAL { ?item wikibase:sitelinks ?own . }",
    "OPTIONAL { ?page schema:about ?item ; wikibase:sitelinks ?own_of_page . }",
    // The work of an edition (P629), and whether it is from an earlier year.
    "OPTIONAL { ?item wdt:P629 ?work . OPTIONAL { ?work wikibase:sitelinks ?fame . }",
    "OPTIONAL { ?page_of_work schema:about ?work ; wikibase:sitelinks ?fame_of_page . }",
    'OPTIONAL { ?work wdt:P577 ?earlier . FILTER(?earlier < "2013-01-01T00:00:00Z"^^xsd:dateTime) } }',
    // In English or one of its varieties (P407).
    "OPTIONAL { ?item wdt:P407 ?english . FILTER(?english IN (wd:Q1860, wd:Q7976, wd:Q7979)) }",
    "FILTER(!BOUND(?earlier) || BOUND(?english)) } ORDER BY DESC(?links) ?item LIMIT 200",
  ];
  const [start, end] = [parts, rest].map((some) => inOneLine(some.join(" ")));
  assertEquals(query.slice(0, start!.length), start);
  assertEquals(query.slice(-end!.length), end);
  assert(/^( wd:Q\d+,?)+\)\) $/.test(query.slice(start!.length, -end!.length)), "classes alone");
});

Deno.test("earlierEditionsQuery() asks for this", () => {
  const query = earlierEditionsQuery(["Q1", "Q2"], { year: 2013, month: 2 });
  assertEquals(
    inOneLine(query),
    inOneLine([
      PREFIXES,
      "SELECT DISTINCT ?work ?language WHERE {",
      // The editions of the works (P629), before anything else is looked at.
      "{ SELECT ?work ?edition WHERE { VALUES ?work { wd:Q1 wd:Q2 } ?edition wdt:P629 ?work . }",
      "LIMIT 1000000 }",
      "?edition p:P577 ?dated . ?dated a wikibase:BestRank ; psv:P577 ?moment .",
      "?moment wikibase:timeValue ?day ; wikibase:timePrecision ?precision .",
      // A date known to the year stands as its first day.
      'FILTER(?day < "2013-02-01T00:00:00Z"^^xsd:dateTime && (?precision >= 10 ||',
      '?day < "2013-01-01T00:00:00Z"^^xsd:dateTime))',
      "OPTIONAL { ?edition wdt:P407 ?language . } } LIMIT 5000",
    ].join(" ")),
  );
});
