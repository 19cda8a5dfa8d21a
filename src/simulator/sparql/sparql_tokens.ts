import type { QueryEngine } from "./query_engine.ts";

/** What a SPARQL query cannot be read for. */
export class SparqlError extends Error {
  override readonly name = "SparqlError";
}

/** A word of a query; terms are written as the graph writes them: `wdt:P31`, `"Salt"@en`, `?work`. */
export interface SparqlToken {
  readonly kind: "term" | "variable" | "word" | "sign";
  readonly text: string;
}

const PREFIXES: Readonly<Record<string, string>> = {
  p: "http://www.wikidata.org/prop/",
  psv: "http://www.wikidata.org/prop/statement/value/",
  rdf: "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
  rdfs: "http://www.w3.org/2000/01/rdf-schema#",
  schema: "http://schema.org/",
  wd: "http://www.wikidata.org/entity/",
  wdt: "http://www.wikidata.org/prop/direct/",
  wikibase: "http://wikiba.se/ontology#",
  xsd: "http://www.w3.org/2001/XMLSchema#",
};

/** The full form of `wd:Q1`. */
export function expandName(name: string): string {
  const colon = name.indexOf(":");
  return (PREFIXES[name.slice(0, colon)] ?? "urn:unknown:") + name.slice(colon + 1);
}

/** The short form of an IRI; the longest known beginning counts, since some begin others. */
function compact(iri: string): string {
  const [best] = Object.entries(PREFIXES)
    .filter(([, start]) => iri.startsWith(start))
    .sort(([, a], [, b]) => b.length - a.length);
  return best ? `${best[0]}:${iri.slice(best[1].length)}` : `<${iri}>`;
}

/** In this order: IRI, text with its type, variable, prefixed name, number, word, sign. */
const TOKEN =
  /<([^\s<>"{}|^`\\]*)>|"([^"\\\n]*)"(?:\^\^(xsd:\w+|<[^>]*>))?|\?(\w+)|([A-Za-z][\w-]*)?:([\w-]*)|(\d+)|([A-Za-z_]\w*)|(&&|\|\||>=|\S)/g;

/** A literal as the graph writes it. */
export function literal(
  text: string,
  { language, datatype }: { language?: string; datatype?: string } = {},
): string {
  if (language !== undefined) return `"${text}"@${language.toLowerCase()}`;
  return datatype === undefined ? `"${text}"` : `"${text}"^^${datatype}`;
}

/** The prefixes a query may use: those it declares and, where the engine knows some, these too. */
interface Prefixes {
  readonly own: ReadonlyMap<string, string>;
  readonly knowsOthers: boolean;
}

/** `prefix:local` as the graph writes it. */
function shortName(
  { prefix, local }: { prefix: string; local: string },
  { own, knowsOthers }: Prefixes,
): string {
  const start = own.get(prefix);
  if (start !== undefined) return compact(start + local);
  if (knowsOthers) return `${prefix}:${local}`;
  throw new SparqlError(`Prefix ${prefix} was not registered using a PREFIX declaration`);
}

function typeName(datatype: string, prefixes: Prefixes): string {
  if (datatype.startsWith("<")) return compact(datatype.slice(1, -1));
  const [prefix = "", local = ""] = datatype.split(":");
  return shortName({ prefix, local }, prefixes);
}

function readToken(match: RegExpMatchArray, prefixes: Prefixes): SparqlToken {
  const [whole, iri, quoted, datatype, variable, prefix, local, number, word] = match;
  if (iri !== undefined) return { kind: "term", text: compact(iri) };
  if (quoted !== undefined) {
    const type = datatype === undefined ? {} : { datatype: typeName(datatype, prefixes) };
    return { kind: "term", text: literal(quoted, type) };
  }
  if (variable !== undefined) return { kind: "variable", text: `?${variable}` };
  if (local !== undefined) {
    return { kind: "term", text: shortName({ prefix: prefix ?? "", local }, prefixes) };
  }
  if (number !== undefined) {
    return { kind: "term", text: literal(number, { datatype: "xsd:integer" }) };
  }
  if (word !== undefined) return { kind: "word", text: word };
  return { kind: "sign", text: whole };
}

const PREFIX_LINE = /\bPREFIX\s+([\w-]*):\s*<([^>]*)>/gi;

/**
 * Takes a query apart; its PREFIX lines are applied and left out. Throws `SparqlError` for a prefix that
 * is not declared, unless the engine knows prefixes by itself.
 */
export function tokenizeSparql(
  query: string,
  { engine }: { readonly engine: QueryEngine } = { engine: "blazegraph" },
): SparqlToken[] {
  const own = new Map<string, string>();
  for (const [, name = "", iri = ""] of query.matchAll(PREFIX_LINE)) own.set(name, iri);
  const prefixes = { own, knowsOthers: engine === "blazegraph" };
  return [...query.replace(PREFIX_LINE, " ").matchAll(TOKEN)]
    .map((match) => readToken(match, prefixes));
}

/** Tokens with a place among them. */
export class SparqlReader {
  #position = 0;
  readonly #tokens: readonly SparqlToken[];

  constructor(tokens: readonly SparqlToken[]) {
    this.#tokens = tokens;
  }

  peek(): SparqlToken | null {
    return this.#tokens[this.#position] ?? null;
  }

  /** The next token, which must be there. */
  next(): SparqlToken {
    const token = this.peek();
    if (!token) throw new SparqlError("Encountered <EOF> before the query was complete");
    this.#position++;
    return token;
  }

  /** True, and one further, when the next token is this sign or word (in any case). */
  skip(text: string): boolean {
    const token = this.peek();
    const isIt = token !== null && (token.kind === "sign" || token.kind === "word") &&
      token.text.toUpperCase() === text.toUpperCase();
    if (isIt) this.#position++;
    return isIt;
  }

  expect(text: string): void {
    if (this.skip(text)) return;
    const found = this.peek();
    throw new SparqlError(`Encountered "${found?.text ?? "<EOF>"}" where "${text}" was expected`);
  }

  /** The text of the next token, which must be a variable or a term. */
  node(): string {
    const token = this.next();
    if (token.kind === "term" || token.kind === "variable") return token.text;
    throw new SparqlError(`Encountered "${token.text}" where a variable or a value was expected`);
  }
}
