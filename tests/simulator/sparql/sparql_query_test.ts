import { assertEquals, assertMatch, assertThrows } from "@std/assert";
import fc from "fast-check";
import { parseSparql } from "../../../src/simulator/sparql/sparql_query.ts";
import { SparqlError, tokenizeSparql } from "../../../src/simulator/sparql/sparql_tokens.ts";

Deno.test("tokenizeSparql() writes full and own names as the graph does", () => {
  const texts = tokenizeSparql(`PREFIX direct: <http://www.wikidata.org/prop/direct/>
    direct:P31 <http://www.wikidata.org/prop/statement/value/P577> <urn:x>
    "12"^^<http://www.w3.org/2001/XMLSchema#integer> 7`).map(({ text }) => text);
  assertEquals(texts, ["wdt:P31", "psv:P577", "<urn:x>", '"12"^^xsd:integer', '"7"^^xsd:integer']);
});

Deno.test("parseSparql() shares a subject by semicolon", () => {
  const { where } = parseSparql("SELECT ?w WHERE { ?w a wd:Q571 ; wdt:P577 ?d . }");
  assertEquals(where, [
    { kind: "triple", subject: "?w", property: "rdf:type", object: "wd:Q571" },
    { kind: "triple", subject: "?w", property: "wdt:P577", object: "?d" },
  ]);
});

Deno.test("parseSparql() reads what is selected, order and limit", () => {
  const query = parseSparql(
    `SELECT DISTINCT ?w (COALESCE(?d, 0) AS ?date) WHERE { ?w wdt:P577 ?d }
     ORDER BY DESC(?date) ?w LIMIT 10`,
  );
  assertEquals([query.isDistinct, query.limit], [true, 10]);
  assertEquals(query.orderBy.map(({ isDescending }) => isDescending), [true, false]);
  assertEquals(query.selected.map(({ variable }) => variable), ["?w", "?date"]);
});

Deno.test("parseSparql() says what it cannot read", () => {
  const cases: [string, RegExp][] = [
    ["ASK { ?w wdt:P31 wd:Q571 }", /"ASK" where "SELECT" was expected/],
    ["SELECT WHERE { ?w wdt:P31 ?c }", /without variables/],
    ["SELECT ?w WHERE { ?w wdt:P31 ?c", /<EOF>/],
    ["SELECT ?w WHERE { ?w ?p ?c }", /where a property was expected/],
    ["SELECT ?w WHERE { ?w wdt:P31 ?c } HAVING (?c < 1)", /after the end/],
    ["SELECT ?w WHERE { ?w wdt:P31|wdt:P279 ?c }", /"\|" where a variable or a value/],
    ["SELECT ?w WHERE { { ?w wdt:P31 ?c } UNION { ?w wdt:P279 ?c } }", /a group within a group/],
  ];
  for (const [text, why] of cases) {
    assertMatch(assertThrows(() => parseSparql(text), SparqlError).message, why);
  }
});

Deno.test("parseSparql() reads a query or throws a SparqlError, whatever it is given", () => {
  const words = fc.constantFrom(
    ..."SELECT WHERE { } ( ) ?w ?x . ; , | / ^ * wdt:P31 wd:Q571 VALUES OPTIONAL FILTER AS"
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
  const declared =
    "PREFIX wdt: <http://www.wikidata.org/prop/direct/> SELECT ?w WHERE { ?w wdt:P577 ?d ";
  const engine = { engine: "qlever" } as const;
  assertEquals(parseSparql(`${declared} }`, engine).where.length, 1);
  for (
    const rest of ["; wdt:P31 wd:Q571 }", 'FILTER(?d < "2012-01-01T00:00:00Z"^^xsd:dateTime) }']
  ) {
    assertThrows(() => parseSparql(declared + rest, engine), SparqlError, "not registered");
    parseSparql(declared + rest);
  }
});
