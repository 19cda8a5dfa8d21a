import {
  evaluateExpression,
  isTrue,
  type SparqlExpression,
  type SparqlRow,
  variablesOf,
} from "./sparql_expressions.ts";
import type { SparqlGraph } from "./sparql_graph.ts";
import type { QueryEngine } from "./query_engine.ts";
import type { SparqlGroup, SparqlPart, SparqlQuery } from "./sparql_query.ts";

/** A query that would run longer than the service lets it. */
export class SparqlTimeout extends Error {
  override readonly name = "SparqlTimeout";
}

/** What matching a query works with. */
export interface SparqlMatching {
  readonly engine: QueryEngine;
  readonly graph: SparqlGraph;
  /** The rows of a sub-select, each with the variables it selects. */
  select(query: SparqlQuery): readonly SparqlRow[];
  /** How many terms have been looked at. */
  visited: number;
}

type Triple = SparqlPart & { kind: "triple" };

/** Terms a query may look at; with about 2,000 a second that is the service's 60 seconds. */
const MAX_VISITED = 120_000;
/** The service holds billions of names, and no index finds a part of one. */
const UNSCANNABLE: ReadonlySet<string> = new Set(["rdfs:label"]);

const isVariable = (node: string): boolean => node.startsWith("?");

function valueOf(node: string, row: SparqlRow): string | undefined {
  return isVariable(node) ? row[node] : node;
}

/** Every pair a property joins, for a pattern of which neither end is known. */
function scan({ graph }: SparqlMatching, { property }: Triple): [string, string][] {
  if (UNSCANNABLE.has(property)) throw new SparqlTimeout("A scan of all names");
  return [...graph.forward.get(property) ?? []].flatMap(([subject, objects]) =>
    objects.map((object): [string, string] => [subject, object])
  );
}

function pairsOf(matching: SparqlMatching, { triple, row }: { triple: Triple; row: SparqlRow }) {
  const { forward, backward } = matching.graph;
  const { property } = triple;
  const subject = valueOf(triple.subject, row);
  const object = valueOf(triple.object, row);
  const found = subject !== undefined
    ? (forward.get(property)?.get(subject) ?? [])
      .filter((end) => object === undefined || end === object)
      .map((end): [string, string] => [subject, end])
    : object !== undefined
    ? (backward.get(property)?.get(object) ?? []).map((start): [string, string] => [start, object])
    : scan(matching, triple);
  matching.visited += 1 + found.length;
  if (matching.visited > MAX_VISITED) throw new SparqlTimeout("Too much to look at");
  return found;
}

function joinTriple(
  matching: SparqlMatching,
  { triple, rows }: { triple: Triple; rows: readonly SparqlRow[] },
): SparqlRow[] {
  return rows.flatMap((row) =>
    pairsOf(matching, { triple, row }).map(([subject, object]) => ({
      ...row,
      ...(isVariable(triple.subject) ? { [triple.subject]: subject } : {}),
      ...(isVariable(triple.object) ? { [triple.object]: object } : {}),
    }))
  );
}

/** The triple that is cheapest to look up next: with known ends rather than without. */
function cheapest(triples: readonly Triple[], bound: ReadonlySet<string>): Triple | undefined {
  const costOf = ({ subject, object }: Triple): number =>
    [subject, object].filter((node) => isVariable(node) && !bound.has(node)).length;
  return triples.toSorted((a, b) => costOf(a) - costOf(b))[0];
}

interface Progress {
  rows: readonly SparqlRow[];
  readonly bound: Set<string>;
  filters: readonly SparqlExpression[];
}

/** Applies the filters whose variables are all known, so that less is left to join. */
function sift(progress: Progress, { isLast }: { isLast: boolean }): void {
  const isReady = (filter: SparqlExpression): boolean =>
    isLast || variablesOf(filter).every((variable) => progress.bound.has(variable));
  const ready = progress.filters.filter(isReady);
  progress.filters = progress.filters.filter((filter) => !ready.includes(filter));
  progress.rows = progress.rows.filter((row) =>
    ready.every((filter) => isTrue(evaluateExpression(filter, row)))
  );
}

/** Every pair of rows that agree in the variables both have. */
function joinRows(rows: readonly SparqlRow[], others: readonly SparqlRow[]): SparqlRow[] {
  return rows.flatMap((row) =>
    others
      .filter((other) => Object.entries(other).every(([name, v]) => (row[name] ?? v) === v))
      .map((other) => ({ ...row, ...other }))
  );
}

function joinPart(
  matching: SparqlMatching,
  { part, rows }: { part: SparqlPart; rows: readonly SparqlRow[] },
): readonly SparqlRow[] {
  switch (part.kind) {
    case "optional":
      return rows.flatMap((row) => {
        const found = matchGroup(matching, { group: part.group, rows: [row] });
        return found.length > 0 ? found : [row];
      });
    case "select":
      return joinRows(rows, matching.select(part.query));
    default:
      return rows;
  }
}

/** Of the sub-selects Blazegraph runs those with a limit first, and the others after the triples. */
function isRunFirst(part: SparqlPart, engine: QueryEngine): boolean {
  return part.kind === "select" && (engine === "qlever" || part.query.limit < Infinity);
}

function boundIn(rows: readonly SparqlRow[]): Set<string> {
  return new Set(rows.flatMap((row) => Object.keys(row)));
}

/**
 * Extends rows by everything that satisfies a group: first what is given, then the triples in the order
 * that is cheapest, then the rest as written. Throws `SparqlTimeout` where the real service would run
 * into its limit.
 */
export function matchGroup(
  matching: SparqlMatching,
  { group, rows }: { group: SparqlGroup; rows: readonly SparqlRow[] },
): readonly SparqlRow[] {
  const progress: Progress = {
    rows,
    bound: boundIn(rows),
    filters: group.flatMap((part) => part.kind === "filter" ? [part.condition] : []),
  };
  const step = (next: readonly SparqlRow[], variables: readonly string[]): void => {
    progress.rows = next;
    for (const variable of variables) progress.bound.add(variable);
    sift(progress, { isLast: false });
  };
  for (const part of group) {
    if (part.kind !== "values") continue;
    const given = part.values.map((value) => ({ [part.variable]: value }));
    step(joinRows(progress.rows, given), [part.variable]);
  }
  const { engine } = matching;
  for (const part of group.filter((other) => isRunFirst(other, engine))) {
    const found = joinPart(matching, { part, rows: progress.rows });
    step(found, [...boundIn(found)]);
  }
  let triples = group.filter((part) => part.kind === "triple");
  while (triples.length > 0 && progress.rows.length > 0) {
    const triple = cheapest(triples, progress.bound);
    if (!triple) break;
    triples = triples.filter((other) => other !== triple);
    step(
      joinTriple(matching, { triple, rows: progress.rows }),
      [triple.subject, triple.object].filter(isVariable),
    );
  }
  for (const part of group.filter((other) => !isRunFirst(other, engine))) {
    progress.rows = joinPart(matching, { part, rows: progress.rows });
  }
  sift(progress, { isLast: true });
  return progress.rows;
}
