import { assert, assertEquals, assertFalse } from "@std/assert";
import {
  earlierEditionsQuery,
  monthQuery,
  toEarlierLanguages,
  toFinds,
} from "../../../src/providers/generators/wikidata_month_query.ts";
import { rowsSchema } from "../../../src/providers/wikidata_rows.ts";

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
    assertFalse(/rdfs:label|SERVICE|P279/.test(query));
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
