import { stableHash } from "../faults/random.ts";
import {
  precisionOf,
  type WikidataItem,
  type WikidataStatement,
  type WikidataValue,
} from "./wikidata_statements.ts";

/** The API writes the unknown parts of a date as 00, unlike the query service. */
function timeOf(date: string): string {
  const [year = "", month = "00", day = "00"] = date.split("-");
  return `+${year}-${month}-${day}T00:00:00Z`;
}

function dataValue(value: WikidataValue): { type: string; value: unknown } | null {
  switch (value.kind) {
    case "string":
      return { type: "string", value: value.text };
    case "item":
      return {
        type: "wikibase-entityid",
        value: { "entity-type": "item", "numeric-id": Number(value.id.slice(1)), id: value.id },
      };
    case "title":
      return {
        type: "monolingualtext",
        value: { text: value.text, language: value.language },
      };
    case "amount":
      return { type: "quantity", value: { amount: `+${value.amount}`, unit: "1" } };
    case "date":
      return {
        type: "time",
        value: {
          time: timeOf(value.date),
          timezone: 0,
          before: 0,
          after: 0,
          precision: precisionOf(value.date),
          calendarmodel: "http://www.wikidata.org/entity/Q1985727",
        },
      };
    case "somevalue":
    case "novalue":
      return null;
  }
}

const DATATYPES: Readonly<Record<WikidataValue["kind"], string>> = {
  string: "external-id",
  item: "wikibase-item",
  title: "monolingualtext",
  amount: "quantity",
  date: "time",
  somevalue: "time",
  novalue: "time",
};

/** Qualifiers as the API sends them; absent when there are none. */
function qualifiersOf({ statedAs }: WikidataStatement) {
  if (statedAs === undefined) return {};
  const datavalue = { type: "string", value: statedAs };
  const snak = { snaktype: "value", property: "P1932", datavalue, datatype: "string" };
  return { qualifiers: { P1932: [snak] }, "qualifiers-order": ["P1932"] };
}

function claim(
  statement: WikidataStatement,
  { id, position }: { id: string; position: number },
) {
  const { property, value, rank } = statement;
  const datavalue = dataValue(value);
  const hash = stableHash(`${id} ${property} ${position}`).toString(16).padStart(8, "0");
  return {
    mainsnak: {
      snaktype: value.kind === "novalue" || value.kind === "somevalue" ? value.kind : "value",
      property,
      ...(datavalue === null ? {} : { datavalue }),
      datatype: DATATYPES[value.kind],
    },
    type: "statement",
    ...qualifiersOf(statement),
    id: `${id}$${hash}-0000-4000-8000-${hash}0000`,
    rank,
  };
}

function claimsOf({ id, statements }: WikidataItem): Record<string, unknown[]> {
  const claims: Record<string, unknown[]> = {};
  statements.forEach((statement, position) => {
    (claims[statement.property] ??= []).push(claim(statement, { id, position }));
  });
  return claims;
}

/** What is asked of entities. */
export interface EntityParts {
  readonly props: readonly string[];
  /** Null for all languages. */
  readonly languages: readonly string[] | null;
}

function inLanguages<T, U>(
  values: Readonly<Record<string, T>>,
  { languages, write }: {
    languages: readonly string[] | null;
    write: (value: T, language: string) => U;
  },
): Record<string, U> | never[] {
  const kept = Object.entries(values)
    .filter(([language]) => languages === null || languages.includes(language))
    .map(([language, value]) => [language, write(value, language)] as const);
  // PHP, in which the API is written, has one empty value for lists and maps.
  return kept.length === 0 ? [] : Object.fromEntries(kept);
}

/** An item as `wbgetentities` sends it. */
export function entityRecord(item: WikidataItem, { props, languages }: EntityParts) {
  const has = (prop: string): boolean => props.includes(prop);
  const term = (value: string, language: string) => ({ language, value });
  const claims = claimsOf(item);
  return {
    type: "item",
    id: item.id,
    ...(has("info") ? { ns: 0, title: item.id, pageid: pageIdOf(item), lastrevid: 1 } : {}),
    ...(has("labels") ? { labels: inLanguages(item.labels, { languages, write: term }) } : {}),
    ...(has("descriptions")
      ? { descriptions: inLanguages(item.descriptions, { languages, write: term }) }
      : {}),
    ...(has("aliases")
      ? {
        aliases: inLanguages(item.aliases, {
          languages,
          write: (values, language) => values.map((value) => term(value, language)),
        }),
      }
      : {}),
    ...(has("claims") ? { claims: Object.keys(claims).length === 0 ? [] : claims } : {}),
  };
}

/** The number of the page an item stands on. */
export function pageIdOf({ id }: WikidataItem): number {
  return 1_000_000 + stableHash(`page:${id}`) % 130_000_000;
}
