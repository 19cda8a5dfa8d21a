import { assertEquals, assertMatch, assertThrows } from "@std/assert";
import fc from "fast-check";
import { parseSparql } from "../../../src/simulator/sparql/sparql_query.ts";
import { SparqlError, tokenizeSparql } from "../../../src/simulator/sparql/sparql_tokens.ts";

Deno.test("tokenizeSparql() writes full and own names as the graph does", () => {
  const texts = tokenizeSparql(`PREFIX direct: <http://www.wikidata.org/prop/direct/>
    direct:P31 <http://www.wikidata.org/prop/statement/value/P577> <urn:x> # a comment
    "say \\"salt\\""@EN '12'^^<http://www.w3.org/2001/XMLSchema#integer> 7`).map(({ text }) =>
    text
  );
  assertEquals(texts, [
    "wdt:P31",
    "psv:P577",
    "<urn:x>",
    '"say "salt""@en',
    '"12"^^xsd:integer',
    '"7"^^xsd:integer',
  ]);
});

Deno.test("parseSparql() multiplies out brackets in property paths", () => {
  const { where } = parseSparql("SELECT * WHERE { ?w ^wdt:P629?/(wdt:P212|wdt:P957) ?isbn }");
  const [triple] = where;
  const spelt = triple?.kind === "triple"
    ? triple.path.map((steps) =>
      steps.map(({ isInverse, property, times }) => `${isInverse ? "^" : ""}${property}${times}`)
    )
    : [];
  assertEquals(spelt, [["^wdt:P629?", "wdt:P212"], ["^wdt:P629?", "wdt:P957"]]);
});

Deno.test("parseSparql() shares a subject by semicolon and a property by comma", () => {
  const { where } = parseSparql("SELECT ?w { ?w wdt:P31 wd:Q571, wd:Q8261 ; wdt:P577 ?d ; . }");
  assertEquals(
    where.map((part) => part.kind === "triple" ? part.object : part.kind),
    ["wd:Q571", "wd:Q8261", "?d"],
  );
});

Deno.test("parseSparql() reads grouping, order and limits", () => {
  const query = parseSparql(
    `SELECT DISTINCT ?w (SAMPLE(?d) AS ?date) WHERE { ?w wdt:P577 ?d } GROUP BY ?w
     ORDER BY DESC(?date) ?w OFFSET 5 LIMIT 10`,
  );
  assertEquals([query.isDistinct, query.limit, query.offset], [true, 10, 5]);
  assertEquals(query.groupBy, ["?w"]);
  assertEquals(query.orderBy.map(({ isDescending }) => isDescending), [true, false]);
  assertEquals(query.selected?.map(({ variable }) => variable), ["?w", "?date"]);
});

Deno.test("parseSparql() says what it cannot read", () => {
  const cases: [string, RegExp][] = [
    ["ASK { ?w wdt:P31 wd:Q571 }", /"ASK" where "SELECT" was expected/],
    ["SELECT WHERE { ?w wdt:P31 ?c }", /without variables/],
    ["SELECT ?w WHERE { ?w wdt:P31 ?c", /<EOF>/],
    ["SELECT ?w WHERE { ?w ?p ?c }", /where a property was expected/],
    ["SELECT ?w WHERE { ?w wdt:P31 ?c } HAVING (?c > 1)", /after the end/],
  ];
  for (const [text, why] of cases) {
    assertMatch(assertThrows(() => parseSparql(text), SparqlError).message, why);
  }
});

Deno.test("parseSparql() reads a query or throws a SparqlError, whatever it is given", () => {
  const words = fc.constantFrom(
    ..."SELECT WHERE { } ( ) ?w ?x . ; , | / ^ * wdt:P31 wd:Q571 VALUES OPTIONAL FILTER UNION BIND AS"
      .split(" "),
    '"Salt"@en',
    "ORDER BY",
    "LIMIT 5",
    "=",
    "!",
  );
  fc.assert(
    fc.property(fc.array(words, { maxLength: 25 }), (parts) => {
      try {
        parseSparql(parts.join(" "));
      } catch (error) {
        if (!(error instanceof SparqlError)) throw error;
      }
    }),
    { numRuns: 500 },
  );
});

Deno.test("parseSparql() reads a sub-select with its own order and limit", () => {
  const { where, limit } = parseSparql(
    `SELECT ?w WHERE { { SELECT DISTINCT ?w WHERE { ?w wdt:P577 ?d } ORDER BY ?d LIMIT 7 }
     ?w wdt:P31 wd:Q571 } LIMIT 3`,
  );
  const [inner, triple] = where;
  assertEquals([inner?.kind, triple?.kind, limit], ["select", "triple", 3]);
  assertEquals(inner?.kind === "select" && [inner.query.limit, inner.query.isDistinct], [7, true]);
});

Deno.test("parseSparql() wants prefixes declared where the engine knows none", () => {
  const declared = "PREFIX wdt: <http://www.wikidata.org/prop/direct/> SELECT ?w { ?w wdt:P577 ?d ";
  const engine = { engine: "qlever" } as const;
  assertEquals(parseSparql(`${declared} }`, engine).where.length, 1);
  for (
    const rest of ["; wdt:P31 wd:Q571 }", 'FILTER(?d < "2012-01-01T00:00:00Z"^^xsd:dateTime) }']
  ) {
    assertThrows(() => parseSparql(declared + rest, engine), SparqlError, "not registered");
    parseSparql(declared + rest);
  }
});
