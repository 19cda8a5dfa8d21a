import {
  evaluateExpression,
  isTrue,
  type SparqlExpression,
  type SparqlRow,
  textOf,
  variablesOf,
} from "./sparql_expressions.ts";
import { reversed, type SparqlGraph, startsOf, walk } from "./sparql_graph.ts";
import type { QueryEngine } from "./query_engine.ts";
import type { SparqlGroup, SparqlPart, SparqlQuery } from "./sparql_query.ts";
import { SparqlError } from "./sparql_tokens.ts";

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
  /** Identifiers of items with a name that begins with `search`, best first. */
  searchItems(query: { search: string; language: string }): readonly string[];
  /** How many terms have been looked at. */
  visited: number;
  /** Variables that the label service fills, with the item each describes; null without that service. */
  labels: {
    readonly languages: readonly string[];
    readonly named: ReadonlyMap<string, { readonly item: string; readonly property: string }>;
  } | null;
}

type Triple = SparqlPart & { kind: "triple" };

/** Terms a query may look at; with about 2,000 a second that is the service's 60 seconds. */
const MAX_VISITED = 120_000;
/** The service holds billions of names, and no index finds a part of one. */
const UNSCANNABLE: ReadonlySet<string> = new Set([
  "rdfs:label",
  "skos:altLabel",
  "schema:description",
]);

const isVariable = (node: string): boolean => node.startsWith("?");

function valueOf(node: string, row: SparqlRow): string | undefined {
  return isVariable(node) ? row[node] : node;
}

/** Every pair the path joins, for a pattern of which neither end is known. */
function scan(matching: SparqlMatching, { path }: Triple): [string, string][] {
  return path.flatMap((steps) => {
    const [first] = steps;
    if (!first) throw new SparqlError("A property path that may be empty needs a known end");
    if (UNSCANNABLE.has(first.property)) throw new SparqlTimeout("A scan of all names");
    return [...startsOf(matching.graph, first).keys()].flatMap((subject) =>
      walk(matching.graph, subject, steps).map((object): [string, string] => [subject, object])
    );
  });
}

function pairsOf(matching: SparqlMatching, { triple, row }: { triple: Triple; row: SparqlRow }) {
  const { graph } = matching;
  const subject = valueOf(triple.subject, row);
  const object = valueOf(triple.object, row);
  const found = subject !== undefined
    ? triple.path.flatMap((steps) =>
      walk(graph, subject, steps)
        .filter((end) => object === undefined || end === object)
        .map((end): [string, string] => [subject, end])
    )
    : object !== undefined
    ? triple.path.flatMap((steps) =>
      walk(graph, object, reversed(steps)).map((start): [string, string] => [start, object])
    )
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
  const costOf = ({ subject, object, path }: Triple): number => {
    const open = [subject, object].filter((node) => isVariable(node) && !bound.has(node)).length;
    const isName = path.some(([first]) => first && UNSCANNABLE.has(first.property));
    return open < 2 ? open : isName ? 9 : 5;
  };
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

function joinValues(
  rows: readonly SparqlRow[],
  part: SparqlPart & { kind: "values" },
): SparqlRow[] {
  const given = part.rows.map((values): SparqlRow =>
    Object.fromEntries(part.variables.flatMap((variable, place) => {
      const value = values[place];
      return value === null || value === undefined ? [] : [[variable, value]];
    }))
  );
  return joinRows(rows, given);
}

/** Every pair of rows that agree in the variables both have. */
function joinRows(rows: readonly SparqlRow[], others: readonly SparqlRow[]): SparqlRow[] {
  return rows.flatMap((row) =>
    others
      .filter((other) => Object.entries(other).every(([name, v]) => (row[name] ?? v) === v))
      .map((other) => ({ ...row, ...other }))
  );
}

function readLabelService(group: SparqlGroup): NonNullable<SparqlMatching["labels"]> {
  const triples = group.filter((part) => part.kind === "triple");
  const languages = triples.filter(({ subject }) => subject === "bd:serviceParam")
    .flatMap(({ object }) => textOf(object).split(",")).map((code) => code.trim());
  const named = triples.filter(({ subject }) => isVariable(subject)).map((triple) =>
    [triple.object, {
      item: triple.subject,
      property: triple.path[0]?.[0]?.property ?? "rdfs:label",
    }] as const
  );
  return { languages, named: new Map(named) };
}

/** The search service: names by their beginning, as `wbsearchentities` finds them. */
function joinSearch(
  matching: SparqlMatching,
  { group, rows }: { group: SparqlGroup; rows: readonly SparqlRow[] },
): SparqlRow[] {
  const triples = group.filter((part) => part.kind === "triple");
  const parameter = (name: string, row: SparqlRow): string => {
    const node = triples.find(({ path }) => path[0]?.[0]?.property === name)?.object;
    return textOf(node === undefined ? "" : valueOf(node, row) ?? "");
  };
  const output = triples.find(({ path }) => path[0]?.[0]?.property === "wikibase:apiOutputItem");
  return rows.flatMap((row) => {
    if (parameter("wikibase:api", row) !== "EntitySearch" || !output) {
      throw new SparqlError("Service call failed: only EntitySearch with an output item is known");
    }
    const search = parameter("mwapi:search", row);
    const language = parameter("mwapi:language", row) || "en";
    const ids = matching.searchItems({ search, language });
    matching.visited += 200 + ids.length;
    return ids.map((id) => ({ ...row, [output.subject]: `wd:${id}` }));
  });
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
    case "union":
      return part.groups.flatMap((group) => matchGroup(matching, { group, rows }));
    case "bind":
      return rows.map((row) => {
        const value = evaluateExpression(part.value, row);
        return value === null ? row : { ...row, [part.variable]: value };
      });
    case "select":
      return joinRows(rows, matching.select(part.query));
    case "service":
      if (matching.engine === "qlever") throw new SparqlError("SERVICE is not available here");
      if (part.name === "wikibase:mwapi") return joinSearch(matching, { group: part.group, rows });
      if (part.name !== "wikibase:label") {
        throw new SparqlError(`Service ${part.name} is not allowed`);
      }
      matching.labels = readLabelService(part.group);
      return rows;
    default:
      return rows;
  }
}

/**
 * What the search service finds narrows down everything else, so it is asked first. Of the sub-selects
 * Blazegraph runs those with a limit first, and the others after the triples.
 */
function isRunFirst(part: SparqlPart, engine: QueryEngine): boolean {
  if (part.kind === "select") return engine === "qlever" || part.query.limit < Infinity;
  return part.kind === "service" && part.name === "wikibase:mwapi";
}

function boundIn(rows: readonly SparqlRow[]): Set<string> {
  return new Set(rows.flatMap((row) => Object.keys(row)));
}

/**
 * Extends rows by everything that satisfies a group: first what is given, then the triples in the order
 * that is cheapest, then the rest as written. Throws `SparqlTimeout` where the real service would run into
 * its limit and `SparqlError` for what it does not know.
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
    if (part.kind === "values") step(joinValues(progress.rows, part), part.variables);
  }
  const { engine } = matching;
  for (const part of group.filter((other) => isRunFirst(other, engine))) {
    const found = joinPart(matching, { part, rows: progress.rows });
    step(found, [...boundIn(found)]);
  }
  let triples = group.filter((part) => part.kind === "triple")
    .filter(({ subject }) => engine === "qlever" || subject !== "hint:Query");
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
