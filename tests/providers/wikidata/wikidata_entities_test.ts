import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import {
  dateOf,
  entitiesSchema,
  type Entity,
} from "../../../src/providers/wikidata/wikidata_entities.ts";
import { claim, itemValue, labelled, timeValue } from "../resolvers/wikidata/wikidata_fixtures.ts";

function read(claims: unknown, fields: Record<string, unknown> = {}): Entity | undefined {
  return entitiesSchema.parse({ entities: { Q1: { id: "Q1", claims, ...fields } } })[0];
}

const UNKNOWN = { mainsnak: { snaktype: "somevalue" }, rank: "preferred" };
const NONE = { mainsnak: { snaktype: "novalue" }, rank: "normal" };

Deno.test("entitiesSchema reads statements of the best rank and never deprecated ones", () => {
  const good = claim("978-1-4028-9462-6");
  const preferred = claim("978-1-4028-9463-3", "preferred");
  const deprecated = claim("978-1-4028-9464-0", "deprecated");
  const table: readonly [unknown, readonly string[]][] = [
    [[good, deprecated], ["9781402894626"]],
    [[good, preferred, deprecated], ["9781402894633"]],
    [[deprecated], []],
    [[UNKNOWN, NONE, good], ["9781402894626"]],
    [[UNKNOWN], []],
    [[null, 7, {}, { mainsnak: null }, good], ["9781402894626"]],
    [{ 0: good }, []],
    [undefined, []],
  ];
  for (const [P212, expected] of table) {
    assertEquals(read({ P212 })?.isbns, expected, JSON.stringify(P212));
  }
});

Deno.test("entitiesSchema joins both forms of an ISBN, hyphenated or not", () => {
  const P212 = [claim("978-1-4028-9462-6"), claim("9781402894633")];
  const P957 = [claim("1-4028-9462-7"), claim("not one")];
  assertEquals(read({ P212, P957 })?.isbns, ["9781402894626", "9781402894633"]);
});

Deno.test("entitiesSchema takes empty maps that were sent as lists, and drops what is missing", () => {
  const empty = read([], { labels: [], aliases: [] });
  assertEquals([empty?.names, empty?.isbns, empty?.published], [[], [], null]);
  const all = { Q2: { id: "Q2", missing: "" }, Q3: null, Q4: { id: "x" }, Q5: { id: "Q5" } };
  assertEquals(entitiesSchema.parse({ entities: all }).map(({ id }) => id), ["Q5"]);
});

Deno.test("entitiesSchema gathers names, people, works and editions", () => {
  const entity = read({
    P1476: [claim({ text: "Salt", language: "en" })],
    P50: [itemValue("Q7"), itemValue("P7"), claim("Q8")],
    P2093: [claim("Mara Quill")],
    P629: [itemValue("Q2")],
    P747: [itemValue("Q3"), itemValue("Q4")],
    P407: [itemValue("Q188")],
    P1104: [claim({ amount: "+352" })],
  }, { ...labelled("The Salt Ledger"), aliases: { de: [{ value: "Salz" }, null] } });
  assert(entity !== undefined);
  assertEquals(entity.names, ["The Salt Ledger", "Salt", "Salz"]);
  assertEquals([entity.author_ids, entity.author_names], [["Q7"], ["Mara Quill"]]);
  assertEquals([entity.work_ids, entity.edition_ids], [["Q2"], ["Q3", "Q4"]]);
  assertEquals([entity.language, entity.pages], ["de", 352]);
});

Deno.test("entitiesSchema reads classes, forms, languages and titles with theirs", () => {
  const entity = read({
    P31: [itemValue("Q571"), itemValue("Q8261")],
    P7937: [itemValue("Q149537")],
    P407: [itemValue("Q188"), itemValue("Q99999999")],
    P1476: [claim({ text: "Salz", language: "de" }), claim({ text: "Salt" }), claim({})],
  });
  assertEquals(entity?.class_ids, ["Q571", "Q8261", "Q149537"]);
  assertEquals(entity?.language_ids, ["Q188", "Q99999999"]);
  assertEquals(entity?.titles, [
    { text: "Salz", language: "de" },
    { text: "Salt", language: "und" },
  ]);
});

Deno.test("entitiesSchema reads the name under which an author stands on a book", () => {
  const named = (id: string, P1932: unknown) => ({ ...itemValue(id), qualifiers: { P1932 } });
  const name = (value: unknown) => ({ snaktype: "value", datavalue: { value } });
  const P50 = [
    named("Q7", [name("Robert Galt"), name("R. G.")]),
    named("Q8", [{ snaktype: "somevalue" }]),
    named("Q9", "none"),
    { ...itemValue("Q10"), qualifiers: [] },
    { ...named("Q11", [name("Wrong")]), rank: "deprecated" },
  ];
  const entity = read({ P50 });
  assertEquals(entity?.author_ids, ["Q7", "Q8", "Q9", "Q10"]);
  assertEquals([...entity?.credited_names ?? []], [["Q7", "Robert Galt"]]);
});

Deno.test("entitiesSchema names a language only when it is the only one and known", () => {
  const english = itemValue("Q1860");
  assertEquals(read({ P407: [english, itemValue("Q7979")] })?.language, "en");
  assertEquals(read({ P407: [english, itemValue("Q188")] })?.language, null);
  assertEquals(read({ P407: [english, itemValue("Q99999999")] })?.language, null);
  assertEquals(read({ P407: [] })?.language, null);
});

Deno.test("dateOf() goes no further than the precision claimed", () => {
  const time = "+2012-06-05T00:00:00Z";
  assertEquals(dateOf({ time, precision: 11 }), { year: 2012, month: 6, day: 5 });
  assertEquals(dateOf({ time, precision: 10 }), { year: 2012, month: 6, day: null });
  assertEquals(dateOf({ time, precision: 9 }), { year: 2012, month: null, day: null });
  assertEquals([7, 8].map((precision) => dateOf({ time, precision })), [null, null]);
  const newYear = { time: "2012-01-01T00:00:00Z", precision: 11 };
  assertEquals(dateOf(newYear), { year: 2012, month: 1, day: 1 });
  const odd = ["-0050-01-01T00:00:00Z", "2012", "", "+99999-01-01T00:00:00Z"];
  assertEquals(odd.map((each) => dateOf({ time: each, precision: 11 })), odd.map(() => null));
});

Deno.test("entitiesSchema reads the dates of an item, whatever their rank and order", () => {
  const first = timeValue("2012-06-00", 10);
  const later = timeValue("2013-00-00", 9);
  fc.assert(fc.property(fc.shuffledSubarray([first, later, UNKNOWN, NONE]), (P577) => {
    const expected = P577.includes(first) ? 2012 : P577.includes(later) ? 2013 : undefined;
    assertEquals(read({ P577 })?.published?.year, expected);
  }));
});
