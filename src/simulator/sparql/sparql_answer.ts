import {
  compareTerms,
  datatypeOf,
  evaluateExpression,
  type SparqlRow,
  textOf,
} from "./sparql_expressions.ts";
import type { QueryEngine } from "./query_engine.ts";
import { matchGroup, type SparqlMatching } from "./sparql_matching.ts";
import { parseSparql, type SparqlQuery } from "./sparql_query.ts";
import { expandName } from "./sparql_tokens.ts";

/** One value in `application/sparql-results+json`. */
export interface SparqlBinding {
  readonly type: "uri" | "literal";
  readonly value: string;
  readonly datatype?: string;
}

/** A query's result and how long the service would have worked on it. */
export interface SparqlAnswer {
  readonly variables: readonly string[];
  /** A variable without a value is absent. */
  readonly bindings: readonly Readonly<Record<string, SparqlBinding>>[];
  readonly seconds: number;
}

const VISITED_A_SECOND = 2_000;
const LEAST_SECONDS = 0.1;

/** Query time that looking at so many terms stands for. */
function secondsFor(visited: number): number {
  return LEAST_SECONDS + visited / VISITED_A_SECOND;
}

function bindingOf(term: string, engine: QueryEngine): SparqlBinding {
  if (!term.startsWith('"')) {
    return { type: "uri", value: term.startsWith("<") ? term.slice(1, -1) : expandName(term) };
  }
  const datatype = datatypeOf(term);
  return {
    type: "literal",
    value: textOf(term),
    ...(datatype === undefined ? {} : { datatype: expandName(typeSent(datatype, engine)) }),
  };
}

/** QLever keeps whole numbers of all kinds as one. Source: its `Constants.h` and `ExportIds.cpp`. */
function typeSent(datatype: string, engine: QueryEngine): string {
  return engine === "qlever" && datatype === "xsd:integer" ? "xsd:int" : datatype;
}

function compute(selected: SparqlQuery["selected"], row: SparqlRow): SparqlRow {
  const computed = selected.flatMap(({ variable, value }) => {
    const term = value === null ? null : evaluateExpression(value, row);
    return term === null ? [] : [[variable, term]];
  });
  return { ...row, ...Object.fromEntries(computed) };
}

function orderRows(query: SparqlQuery, rows: readonly SparqlRow[]): readonly SparqlRow[] {
  return rows.toSorted((a, b) => {
    for (const { value, isDescending } of query.orderBy) {
      const left = evaluateExpression(value, a);
      const right = evaluateExpression(value, b);
      // Rows without a value come first, and last when the order is turned round.
      const order = left === null || right === null
        ? Number(left !== null) - Number(right !== null)
        : compareTerms(left, right);
      if (order !== 0) return isDescending ? -order : order;
    }
    return 0;
  });
}

/** The rows a query selects, with these variables only. */
function selectRows(
  matching: SparqlMatching,
  query: SparqlQuery,
): { readonly variables: readonly string[]; readonly rows: readonly SparqlRow[] } {
  const found = matchGroup(matching, { group: query.where, rows: [{}] });
  const variables = query.selected.map(({ variable }) => variable);
  const computed = found.map((row) => compute(query.selected, row));
  const rows = orderRows(query, computed).map((row): SparqlRow =>
    Object.fromEntries(variables.flatMap((variable) => {
      const term = row[variable];
      return term === undefined ? [] : [[variable, term]];
    }))
  );
  const distinct = query.isDistinct
    ? [...new Map(rows.map((row) => [JSON.stringify(row), row])).values()]
    : rows;
  return { variables, rows: distinct.slice(0, query.limit) };
}

/**
 * Answers a SELECT query. Throws `SparqlError` for one that cannot be read and `SparqlTimeout` for one
 * that would run too long.
 */
export function answerSparql(
  text: string,
  { engine = "blazegraph", graph }: Pick<SparqlMatching, "graph"> & {
    readonly engine?: QueryEngine;
  },
): SparqlAnswer {
  const query = parseSparql(text, { engine });
  const matching: SparqlMatching = {
    graph,
    engine,
    visited: 0,
    select: (inner) => selectRows(matching, inner).rows,
  };
  const { variables, rows } = selectRows(matching, query);
  return {
    variables: variables.map((variable) => variable.slice(1)),
    bindings: rows.map((row) =>
      Object.fromEntries(
        Object.entries(row).map(([name, term]) => [name.slice(1), bindingOf(term, engine)]),
      )
    ),
    seconds: secondsFor(matching.visited),
  };
}
