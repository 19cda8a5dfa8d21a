import { readExpression, type SparqlExpression } from "./sparql_expressions.ts";
import type { QueryEngine } from "./query_engine.ts";
import { SparqlError, SparqlReader, tokenizeSparql } from "./sparql_tokens.ts";

/** One property on the way from subject to object. */
export interface SparqlStep {
  readonly property: string;
  readonly isInverse: boolean;
  /** `?` may be skipped, `*` skipped or repeated, `+` repeated. */
  readonly times: "" | "?" | "*" | "+";
}

/** Ways from subject to object: any one of these sequences. */
export type SparqlPath = readonly (readonly SparqlStep[])[];

/** A part of a graph pattern. */
export type SparqlPart =
  | {
    readonly kind: "triple";
    readonly subject: string;
    readonly path: SparqlPath;
    readonly object: string;
  }
  | {
    readonly kind: "values";
    readonly variables: readonly string[];
    readonly rows: readonly (readonly (string | null)[])[];
  }
  | { readonly kind: "optional"; readonly group: SparqlGroup }
  | { readonly kind: "union"; readonly groups: readonly SparqlGroup[] }
  | { readonly kind: "filter"; readonly condition: SparqlExpression }
  | { readonly kind: "bind"; readonly value: SparqlExpression; readonly variable: string }
  | { readonly kind: "service"; readonly name: string; readonly group: SparqlGroup }
  /** A sub-select, which knows nothing of the variables around it. */
  | { readonly kind: "select"; readonly query: SparqlQuery };

/** Parts that must hold together. */
export type SparqlGroup = readonly SparqlPart[];

/** A SELECT query or sub-select. */
export interface SparqlQuery {
  readonly isDistinct: boolean;
  /** Null for `*`; `value` is there for `(expression AS ?variable)`. */
  readonly selected: readonly { variable: string; value: SparqlExpression | null }[] | null;
  readonly where: SparqlGroup;
  readonly groupBy: readonly string[];
  readonly orderBy: readonly { value: SparqlExpression; isDescending: boolean }[];
  readonly limit: number;
  readonly offset: number;
}

/**
 * Reads the part of SPARQL in which clients look for books: triples with property paths, VALUES, OPTIONAL,
 * UNION, FILTER, BIND, sub-selects, the label and search services, grouping, order and limits. Throws
 * `SparqlError` for anything else.
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
  const isDistinct = reader.skip("DISTINCT") || reader.skip("REDUCED");
  const selected = readSelected(reader);
  reader.skip("WHERE");
  const where = readGroup(reader);
  const groupBy: string[] = [];
  if (reader.skip("GROUP")) {
    reader.expect("BY");
    while (reader.peek()?.kind === "variable") groupBy.push(reader.next().text);
  }
  const orderBy = readOrder(reader);
  const limits = { LIMIT: Infinity, OFFSET: 0 };
  for (const _ of [1, 2]) {
    for (const name of ["LIMIT", "OFFSET"] as const) {
      if (reader.skip(name)) limits[name] = Number(reader.node().split('"')[1]);
    }
  }
  return {
    isDistinct,
    selected,
    where,
    groupBy,
    orderBy,
    limit: limits.LIMIT,
    offset: limits.OFFSET,
  };
}

function readSelected(reader: SparqlReader): SparqlQuery["selected"] {
  if (reader.skip("*")) return null;
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
  const ends = ["LIMIT", "OFFSET", "}"];
  while (reader.peek() && !ends.includes(reader.peek()?.text.toUpperCase() ?? "")) {
    const isDescending = reader.skip("DESC");
    if (!isDescending) reader.skip("ASC");
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

function readPart(reader: SparqlReader): SparqlPart[] {
  if (reader.skip("OPTIONAL")) return [{ kind: "optional", group: readGroup(reader) }];
  if (reader.skip("VALUES")) return [readValues(reader)];
  if (reader.skip("FILTER")) return [{ kind: "filter", condition: readExpression(reader) }];
  if (reader.skip("SERVICE")) {
    return [{ kind: "service", name: reader.node(), group: readGroup(reader) }];
  }
  if (reader.skip("BIND")) {
    reader.expect("(");
    const value = readExpression(reader);
    reader.expect("AS");
    const variable = reader.node();
    reader.expect(")");
    return [{ kind: "bind", value, variable }];
  }
  if (reader.peek()?.text === "{") {
    const first = readGroup(reader);
    const groups = [first];
    while (reader.skip("UNION")) groups.push(readGroup(reader));
    const isSubSelect = groups.length === 1 && first[0]?.kind === "select";
    return isSubSelect ? [...first] : [{ kind: "union", groups }];
  }
  return readTriples(reader);
}

function readValues(reader: SparqlReader): SparqlPart {
  const isList = reader.skip("(");
  const variables: string[] = [];
  while (reader.peek()?.kind === "variable") variables.push(reader.next().text);
  if (isList) reader.expect(")");
  reader.expect("{");
  const rows: (string | null)[][] = [];
  const value = (): string | null => reader.skip("UNDEF") ? null : reader.node();
  while (!reader.skip("}")) {
    if (isList) reader.expect("(");
    rows.push(variables.map(value));
    if (isList) reader.expect(")");
  }
  return { kind: "values", variables, rows };
}

/** `subject path object , object ; path object`. */
function readTriples(reader: SparqlReader): SparqlPart[] {
  const subject = reader.node();
  const parts: SparqlPart[] = [];
  do {
    // A semicolon may stand before the end of the statement, with nothing after it.
    if ([".", "}"].includes(reader.peek()?.text ?? "")) break;
    const path = readPath(reader);
    do parts.push({ kind: "triple", subject, path, object: reader.node() }); while (
      reader.skip(",")
    );
  } while (reader.skip(";"));
  return parts;
}

function readPath(reader: SparqlReader): SparqlPath {
  const ways = readSequence(reader);
  while (reader.skip("|")) ways.push(...readSequence(reader));
  return ways;
}

/** A bracket with alternatives multiplies the ways: `a/(b|c)` is `a/b` or `a/c`. */
function readSequence(reader: SparqlReader): SparqlStep[][] {
  let ways: SparqlStep[][] = [[]];
  do {
    const next = readSteps(reader);
    ways = ways.flatMap((way) => next.map((steps) => [...way, ...steps]));
  } while (reader.skip("/"));
  return ways;
}

function readSteps(reader: SparqlReader): SparqlStep[][] {
  const isInverse = reader.skip("^");
  if (reader.skip("(")) {
    const inside = readPath(reader).map((way) => [...way]);
    reader.expect(")");
    const times = readTimes(reader);
    if (times === "?") return [[], ...inside];
    if (times !== "" || isInverse) {
      throw new SparqlError("Encountered a repeated or inverted bracket in a property path");
    }
    return inside;
  }
  const token = reader.next();
  const property = token.kind === "word" && token.text === "a" ? "rdf:type" : token.text;
  if (token.kind !== "term" && property !== "rdf:type") {
    throw new SparqlError(`Encountered "${token.text}" where a property was expected`);
  }
  return [[{ property, isInverse, times: readTimes(reader) }]];
}

function readTimes(reader: SparqlReader): SparqlStep["times"] {
  return (["?", "*", "+"] as const).find((sign) => reader.skip(sign)) ?? "";
}
