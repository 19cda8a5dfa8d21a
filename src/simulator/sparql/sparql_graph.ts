import type { QueryEngine } from "./query_engine.ts";
import { literal } from "./sparql_tokens.ts";
import {
  precisionOf,
  truthy,
  type WikidataItem,
  type WikidataStatement,
  type WikidataValue,
} from "../wikidata/wikidata_statements.ts";

type Neighbours = ReadonlyMap<string, readonly string[]>;

/**
 * Items as the query service sees them: terms joined by the properties that this program asks for. Of
 * names there are none.
 */
export interface SparqlGraph {
  /** Property to subjects to objects. */
  readonly forward: ReadonlyMap<string, Neighbours>;
  /** Property to objects to subjects. */
  readonly backward: ReadonlyMap<string, Neighbours>;
}

interface Building {
  readonly forward: Map<string, Map<string, string[]>>;
  readonly backward: Map<string, Map<string, string[]>>;
}

function push(
  maps: Map<string, Map<string, string[]>>,
  { property, from, to }: { property: string; from: string; to: string },
): void {
  let neighbours = maps.get(property);
  if (!neighbours) maps.set(property, neighbours = new Map());
  const known = neighbours.get(from);
  if (known) known.push(to);
  else neighbours.set(from, [to]);
}

function add(
  building: Building,
  { subject, property, object }: { subject: string; property: string; object: string },
): void {
  push(building.forward, { property, from: subject, to: object });
  push(building.backward, { property, from: object, to: subject });
}

/** The query service has no dates of a month or a year: it fills them up with the first day. */
function momentOf(date: string): string {
  const [year = "", month = "01", day = "01"] = date.split("-");
  return literal(`${year}-${month}-${day}T00:00:00Z`, { datatype: "xsd:dateTime" });
}

/** The term of a value; null for "none", which is no term. */
function termOf(value: WikidataValue, key: string): string | null {
  switch (value.kind) {
    case "string":
      return literal(value.text);
    case "item":
      return `wd:${value.id}`;
    case "title":
      return literal(value.text, { language: value.language });
    case "amount":
      return literal(String(value.amount), { datatype: "xsd:decimal" });
    case "date":
      return momentOf(value.date);
    case "somevalue":
      return `<http://www.wikidata.org/.well-known/genid/${key}>`;
    case "novalue":
      return null;
  }
}

/** The node of a date, which all statements with this date share. */
function dateNode(building: Building, date: string): string {
  const node = `value:${date}`;
  if (building.forward.get("wikibase:timeValue")?.has(node)) return node;
  add(building, { subject: node, property: "wikibase:timeValue", object: momentOf(date) });
  const precision = literal(String(precisionOf(date)), { datatype: "xsd:integer" });
  add(building, { subject: node, property: "wikibase:timePrecision", object: precision });
  return node;
}

/** The way of `p:P577/psv:P577/wikibase:timePrecision`, which alone tells a year from its first day. */
function addStatementNode(
  building: Building,
  { subject, statement, node, isBest }: {
    subject: string;
    statement: WikidataStatement;
    node: string;
    isBest: boolean;
  },
): void {
  const { property, value } = statement;
  const link = (from: string, name: string, object: string): void =>
    add(building, { subject: from, property: name, object });
  link(subject, `p:${property}`, node);
  if (isBest) link(node, "rdf:type", "wikibase:BestRank");
  if (value.kind === "date") link(node, `psv:${property}`, dateNode(building, value.date));
}

/** The node of an item's page; in the query service there is none, and the item stands for it. */
function pageNode(building: Building, item: WikidataItem): string {
  const page = `<https://www.wikidata.org/wiki/Special:EntityData/${item.id}>`;
  add(building, { subject: page, property: "schema:about", object: `wd:${item.id}` });
  return page;
}

function addItem(
  building: Building,
  { item, engine }: { item: WikidataItem; engine: QueryEngine },
): void {
  const subject = `wd:${item.id}`;
  const link = (property: string, object: string): void =>
    add(building, { subject, property, object });
  const counted = engine === "qlever" ? pageNode(building, item) : subject;
  add(building, {
    subject: counted,
    property: "wikibase:sitelinks",
    object: literal(String(item.sitelinks), { datatype: "xsd:integer" }),
  });
  const best = new Set(truthy(item.statements));
  for (const { property, value } of best) {
    const term = termOf(value, `${item.id}${property}`);
    if (term !== null) link(`wdt:${property}`, term);
  }
  item.statements.forEach((statement, position) => {
    const node = `statement:${item.id}-${position}`;
    addStatementNode(building, { subject, statement, node, isBest: best.has(statement) });
  });
}

/** Builds the graph of some items. */
export function buildSparqlGraph(
  items: readonly WikidataItem[],
  { engine }: { readonly engine: QueryEngine } = { engine: "blazegraph" },
): SparqlGraph {
  const building: Building = { forward: new Map(), backward: new Map() };
  for (const item of items) addItem(building, { item, engine });
  return building;
}
