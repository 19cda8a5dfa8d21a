import { readExpression, type SparqlExpression } from "./sparql_expressions.ts";
import type { QueryEngine } from "./query_engine.ts";
import { SparqlError, SparqlReader, tokenizeSparql } from "./sparql_tokens.ts";

/** A part of a graph pattern. */
export type SparqlPart =
  | {
    readonly kind: "triple";
    readonly subject: string;
    readonly property: string;
    readonly object: string;
  }
  | { readonly kind: "values"; readonly variable: string; readonly values: readonly string[] }
  | { readonly kind: "optional"; readonly group: SparqlGroup }
  | { readonly kind: "filter"; readonly condition: SparqlExpression }
  /** A sub-select, which knows nothing of the variables around it. */
  | { readonly kind: "select"; readonly query: SparqlQuery };

/** Parts that must hold together. */
export type SparqlGroup = readonly SparqlPart[];

/** A SELECT query or sub-select. */
export interface SparqlQuery {
  readonly isDistinct: boolean;
  /** `value` is there for `(expression AS ?variable)`. */
  readonly selected: readonly { variable: string; value: SparqlExpression | null }[];
  readonly where: SparqlGroup;
  readonly orderBy: readonly { value: SparqlExpression; isDescending: boolean }[];
  readonly limit: number;
}

/**
 * Reads the part of SPARQL in which this program asks for books: triples, VALUES of one variable,
 * OPTIONAL, FILTER, sub-selects, order and limits. Throws `SparqlError` for anything else, so that a
 * query which needs more is noticed.
 */
export function parseSparql(
  text: string,
  { engine }: { readonly engine: QueryEngine } = { engine: "blazegraph" },
): SparqlQuery {
  const reader = new SparqlReader(tokenizeSparql(text, { engine }));
  const query = readSelect(reader);
  const rest = reader.peek();
  if (rest) throw new SparqlError(`Encountered "${rest.text}" after the end of the query`);
  return query;
}

function readSelect(reader: SparqlReader): SparqlQuery {
  reader.expect("SELECT");
  const isDistinct = reader.skip("DISTINCT");
  const selected = readSelected(reader);
  reader.expect("WHERE");
  const where = readGroup(reader);
  const orderBy = readOrder(reader);
  const limit = reader.skip("LIMIT") ? Number(reader.node().split('"')[1]) : Infinity;
  return { isDistinct, selected, where, orderBy, limit };
}

function readSelected(reader: SparqlReader): SparqlQuery["selected"] {
  const selected: { variable: string; value: SparqlExpression | null }[] = [];
  while (true) {
    if (reader.peek()?.kind === "variable") {
      selected.push({ variable: reader.next().text, value: null });
    } else if (reader.skip("(")) {
      const value = readExpression(reader);
      reader.expect("AS");
      selected.push({ variable: reader.node(), value });
      reader.expect(")");
    } else {
      break;
    }
  }
  if (selected.length === 0) throw new SparqlError("Encountered a SELECT without variables");
  return selected;
}

function readOrder(reader: SparqlReader): SparqlQuery["orderBy"] {
  const order: { value: SparqlExpression; isDescending: boolean }[] = [];
  if (!reader.skip("ORDER")) return order;
  reader.expect("BY");
  const ends = ["LIMIT", "}"];
  while (reader.peek() && !ends.includes(reader.peek()?.text.toUpperCase() ?? "")) {
    const isDescending = reader.skip("DESC");
    order.push({ value: readExpression(reader), isDescending });
  }
  return order;
}

function readGroup(reader: SparqlReader): SparqlGroup {
  reader.expect("{");
  if (reader.peek()?.text.toUpperCase() === "SELECT") {
    const query = readSelect(reader);
    reader.expect("}");
    return [{ kind: "select", query }];
  }
  const parts: SparqlPart[] = [];
  while (!reader.skip("}")) {
    if (!reader.skip(".")) parts.push(...readPart(reader));
  }
  return parts;
}

function readPart(reader: SparqlReader): readonly SparqlPart[] {
  if (reader.skip("OPTIONAL")) return [{ kind: "optional", group: readGroup(reader) }];
  if (reader.skip("VALUES")) return [readValues(reader)];
  if (reader.skip("FILTER")) return [{ kind: "filter", condition: readExpression(reader) }];
  if (reader.peek()?.text !== "{") return readTriples(reader);
  const group = readGroup(reader);
  if (group[0]?.kind !== "select") throw new SparqlError("Encountered a group within a group");
  return group;
}

function readValues(reader: SparqlReader): SparqlPart {
  const variable = reader.node();
  reader.expect("{");
  const values: string[] = [];
  while (!reader.skip("}")) values.push(reader.node());
  return { kind: "values", variable, values };
}

/** `subject property object ; property object`. */
function readTriples(reader: SparqlReader): SparqlPart[] {
  const subject = reader.node();
  const parts: SparqlPart[] = [];
  do {
    const property = readProperty(reader);
    parts.push({ kind: "triple", subject, property, object: reader.node() });
  } while (reader.skip(";"));
  return parts;
}

function readProperty(reader: SparqlReader): string {
  const token = reader.next();
  if (token.kind === "word" && token.text === "a") return "rdf:type";
  if (token.kind === "term") return token.text;
  throw new SparqlError(`Encountered "${token.text}" where a property was expected`);
}
