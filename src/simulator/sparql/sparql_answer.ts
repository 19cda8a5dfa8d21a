import {
  compareTerms,
  datatypeOf,
  evaluateExpression,
  languageOf,
  type SparqlExpression,
  type SparqlRow,
  textOf,
} from "./sparql_expressions.ts";
import type { QueryEngine } from "./query_engine.ts";
import { matchGroup, type SparqlMatching } from "./sparql_matching.ts";
import { parseSparql, type SparqlQuery } from "./sparql_query.ts";
import { expandName, literal, SparqlError } from "./sparql_tokens.ts";

/** One value in `application/sparql-results+json`. */
export interface SparqlBinding {
  readonly type: "uri" | "literal";
  readonly value: string;
  readonly "xml:lang"?: string;
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
  const language = languageOf(term);
  const datatype = datatypeOf(term);
  return {
    type: "literal",
    value: textOf(term),
    ...(language === "" ? {} : { "xml:lang": language }),
    ...(datatype === undefined ? {} : { datatype: expandName(typeSent(datatype, engine)) }),
  };
}

/** QLever keeps whole numbers of all kinds as one. Source: its `Constants.h` and `ExportIds.cpp`. */
function typeSent(datatype: string, engine: QueryEngine): string {
  return engine === "qlever" && datatype === "xsd:integer" ? "xsd:int" : datatype;
}

const DESCRIBED = [
  ["AltLabel", "skos:altLabel"],
  ["Description", "schema:description"],
  ["Label", "rdfs:label"],
] as const;

/** The item a variable such as `?workLabel` describes, and by which property. */
function describedBy(variable: string): { item: string; property: string } | null {
  const found = DESCRIBED.find(([ending]) => variable.endsWith(ending));
  return found ? { item: variable.slice(0, -found[0].length), property: found[1] } : null;
}

/** A name in the first of the languages that has one; failing that, the identifier, as the service does. */
function nameOf(
  { graph, labels }: SparqlMatching,
  { item, property }: { item: string; property: string },
): string | null {
  const names = graph.forward.get(property)?.get(item) ?? [];
  for (const language of labels?.languages ?? []) {
    const inLanguage = names.filter((name) => languageOf(name) === language.toLowerCase());
    if (inLanguage.length === 0) continue;
    return literal(inLanguage.map(textOf).join(", "), { language });
  }
  return property === "rdfs:label" ? literal(item.replace(/^wd:/, "")) : null;
}

function withLabels(
  rows: readonly SparqlRow[],
  { matching, variables }: { matching: SparqlMatching; variables: readonly string[] },
): readonly SparqlRow[] {
  const { labels } = matching;
  if (!labels) return rows;
  const wanted = new Map(labels.named);
  for (const variable of variables) {
    const described = describedBy(variable);
    if (described && !wanted.has(variable)) wanted.set(variable, described);
  }
  return rows.map((row) => {
    const names: Record<string, string> = {};
    for (const [variable, { item, property }] of wanted) {
      const term = row[item];
      if (term === undefined || row[variable] !== undefined) continue;
      const name = nameOf(matching, { item: term, property });
      if (name !== null) names[variable] = name;
    }
    return { ...row, ...names };
  });
}

const AGGREGATES = ["COUNT", "SAMPLE", "MIN", "MAX", "GROUP_CONCAT"];

function isAggregate(expression: SparqlExpression | null): boolean {
  return expression?.kind === "call" && AGGREGATES.includes(expression.name);
}

function aggregate(expression: SparqlExpression & { kind: "call" }, rows: readonly SparqlRow[]) {
  const [argument, separator] = expression.args;
  if (!argument) throw new SparqlError(`${expression.name} needs an argument`);
  const all = rows.map((row) => evaluateExpression(argument, row)).filter((term) => term !== null);
  const terms = expression.isDistinct ? [...new Set(all)] : all;
  const ordered = terms.toSorted(compareTerms);
  switch (expression.name) {
    case "COUNT":
      return literal(String(terms.length), { datatype: "xsd:integer" });
    case "MAX":
      return ordered.at(-1) ?? null;
    case "GROUP_CONCAT":
      return literal(terms.map(textOf).join(separator ? textOf(evaluateText(separator)) : " "));
    default:
      return ordered[0] ?? null;
  }
}

function evaluateText(expression: SparqlExpression): string {
  return evaluateExpression(expression, {}) ?? "";
}

function groupRows(query: SparqlQuery, rows: readonly SparqlRow[]): readonly SparqlRow[] {
  const selected = query.selected ?? [];
  const hasAggregate = selected.some(({ value }) => isAggregate(value));
  if (query.groupBy.length === 0 && !hasAggregate) return rows.map((row) => compute(selected, row));
  const groups = new Map<string, SparqlRow[]>();
  for (const row of rows) {
    const key = JSON.stringify(query.groupBy.map((variable) => row[variable] ?? null));
    const group = groups.get(key);
    if (group) group.push(row);
    else groups.set(key, [row]);
  }
  return [...groups.values()].map((group) => {
    const [first = {}] = group;
    const computed: Record<string, string> = {};
    for (const { variable, value } of selected) {
      if (value?.kind !== "call" || !isAggregate(value)) continue;
      const term = aggregate(value, group);
      if (term !== null) computed[variable] = term;
    }
    const plain = selected.filter(({ value }) => !isAggregate(value));
    return { ...compute(plain, first), ...computed };
  });
}

function compute(selected: NonNullable<SparqlQuery["selected"]>, row: SparqlRow): SparqlRow {
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
  const variables = query.selected?.map(({ variable }) => variable) ??
    [...new Set(found.flatMap((row) => Object.keys(row)))];
  const labelled = withLabels(found, { matching, variables });
  const rows = orderRows(query, groupRows(query, labelled)).map((row): SparqlRow =>
    Object.fromEntries(variables.flatMap((variable) => {
      const term = row[variable];
      return term === undefined ? [] : [[variable, term]];
    }))
  );
  const distinct = query.isDistinct
    ? [...new Map(rows.map((row) => [JSON.stringify(row), row])).values()]
    : rows;
  return { variables, rows: distinct.slice(query.offset, query.offset + query.limit) };
}

/**
 * Answers a SELECT query. Throws `SparqlError` for one that cannot be read and `SparqlTimeout` for one
 * that would run too long.
 */
export function answerSparql(
  text: string,
  { engine = "blazegraph", ...source }: Pick<SparqlMatching, "graph" | "searchItems"> & {
    readonly engine?: QueryEngine;
  },
): SparqlAnswer {
  const query = parseSparql(text, { engine });
  const matching: SparqlMatching = {
    ...source,
    engine,
    visited: 0,
    labels: null,
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
