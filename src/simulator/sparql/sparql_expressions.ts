import { literal, SparqlError, type SparqlReader } from "./sparql_tokens.ts";

/** A condition or value; `name` is an operator or a function in upper case. */
export type SparqlExpression =
  | { readonly kind: "node"; readonly text: string }
  | {
    readonly kind: "call";
    readonly name: string;
    readonly args: readonly SparqlExpression[];
    /** For aggregates: each value once. */
    readonly isDistinct?: boolean;
  };

/** What the variables stand for, with their question marks. */
export type SparqlRow = Readonly<Record<string, string>>;

const LEVELS: readonly (readonly string[])[] = [["||"], ["&&"], ["=", "!=", "<=", ">=", "<", ">"]];

/** Reads an expression: `||` binds least, then `&&`, then comparisons and IN. */
export function readExpression(reader: SparqlReader, level = 0): SparqlExpression {
  const operators = LEVELS[level];
  if (!operators) return readUnit(reader);
  let left = readExpression(reader, level + 1);
  while (true) {
    const name = operators.find((operator) => reader.skip(operator));
    if (name !== undefined) {
      left = { kind: "call", name, args: [left, readExpression(reader, level + 1)] };
    } else if (level === LEVELS.length - 1 && reader.skip("IN")) {
      left = { kind: "call", name: "IN", args: [left, ...readArguments(reader)] };
    } else if (level === LEVELS.length - 1 && reader.skip("NOT")) {
      reader.expect("IN");
      const inside = { kind: "call", name: "IN", args: [left, ...readArguments(reader)] } as const;
      left = { kind: "call", name: "!", args: [inside] };
    } else {
      return left;
    }
  }
}

function readArguments(reader: SparqlReader): SparqlExpression[] {
  reader.expect("(");
  const args: SparqlExpression[] = [];
  while (!reader.skip(")")) {
    args.push(readExpression(reader));
    if (reader.skip(";")) {
      // GROUP_CONCAT(?isbn; separator=" ")
      reader.expect("SEPARATOR");
      reader.expect("=");
    } else if (!reader.skip(",")) {
      reader.expect(")");
      break;
    }
  }
  return args;
}

function readCall(reader: SparqlReader, name: string): SparqlExpression {
  if (reader.peek(1)?.text.toUpperCase() !== "DISTINCT") {
    return { kind: "call", name, args: readArguments(reader) };
  }
  return { kind: "call", name, args: readArguments(reader.without(1)), isDistinct: true };
}

function readUnit(reader: SparqlReader): SparqlExpression {
  if (reader.skip("!")) return { kind: "call", name: "!", args: [readUnit(reader)] };
  if (reader.skip("(")) {
    const inside = readExpression(reader);
    reader.expect(")");
    return inside;
  }
  const token = reader.next();
  const isCall = reader.peek()?.text === "(";
  if (token.kind === "word" || (token.kind === "term" && isCall)) {
    const constant = token.text.toLowerCase();
    if (!isCall && (constant === "true" || constant === "false")) {
      return { kind: "node", text: literal(constant, { datatype: "xsd:boolean" }) };
    }
    return readCall(reader, token.text.toUpperCase());
  }
  if (token.kind === "sign") {
    throw new SparqlError(`Encountered "${token.text}" in an expression`);
  }
  return { kind: "node", text: token.text };
}

/** The variables an expression mentions. */
export function variablesOf(expression: SparqlExpression): string[] {
  if (expression.kind === "call") return expression.args.flatMap(variablesOf);
  return expression.text.startsWith("?") ? [expression.text] : [];
}

const LITERAL = /^"([\s\S]*)"(?:@([\w-]+)|\^\^(\S+))?$/;

/** The text of a term without quotes and tags; of an item, its short name. */
export function textOf(term: string): string {
  return LITERAL.exec(term)?.[1] ?? term;
}

/** The language tag of a literal; empty when it has none. */
export function languageOf(term: string): string {
  return LITERAL.exec(term)?.[2] ?? "";
}

/** The type of a literal, or undefined. */
export function datatypeOf(term: string): string | undefined {
  return LITERAL.exec(term)?.[3];
}

const NUMERIC = /^xsd:(?:integer|decimal|double|int)$/;

/** Orders two terms: numbers by size, the others by their text, in which dates are in order too. */
export function compareTerms(a: string, b: string): number {
  if (NUMERIC.test(datatypeOf(a) ?? "") && NUMERIC.test(datatypeOf(b) ?? "")) {
    return Number(textOf(a)) - Number(textOf(b));
  }
  const [left, right] = [momentOf(a), momentOf(b)];
  return left === right ? 0 : left < right ? -1 : 1;
}

/** Dates are compared as moments, so a bound without a time of day means its midnight. */
function momentOf(term: string): string {
  const text = textOf(term);
  const isDate = /^xsd:date(?:Time)?$/.test(datatypeOf(term) ?? "");
  return isDate ? text.slice(0, 10) + (text.slice(10).replace(/Z$/, "") || "T00:00:00") : text;
}

const boolean = (value: boolean): string => literal(String(value), { datatype: "xsd:boolean" });
const integer = (value: string): string =>
  literal(String(Number(value)), { datatype: "xsd:integer" });

type Call = (...args: string[]) => string;

const CALLS: Readonly<Record<string, Call>> = {
  "=": (a = "", b = "") => boolean(a === b || compareTerms(a, b) === 0 && isSameKind(a, b)),
  "!=": (a = "", b = "") => boolean(a !== b),
  "<": (a = "", b = "") => boolean(compareTerms(a, b) < 0),
  ">": (a = "", b = "") => boolean(compareTerms(a, b) > 0),
  "<=": (a = "", b = "") => boolean(compareTerms(a, b) <= 0),
  ">=": (a = "", b = "") => boolean(compareTerms(a, b) >= 0),
  IN: (wanted = "", ...list) => boolean(list.includes(wanted)),
  STR: (term = "") => literal(textOf(term)),
  LANG: (term = "") => literal(languageOf(term)),
  LANGMATCHES: (tag = "", range = "") =>
    boolean(textOf(range) === "*" || textOf(tag).startsWith(textOf(range).toLowerCase())),
  LCASE: (term = "") => literal(textOf(term).toLowerCase()),
  UCASE: (term = "") => literal(textOf(term).toUpperCase()),
  CONTAINS: (term = "", part = "") => boolean(textOf(term).includes(textOf(part))),
  STRSTARTS: (term = "", part = "") => boolean(textOf(term).startsWith(textOf(part))),
  YEAR: (term = "") => integer(textOf(term).slice(0, 4)),
  MONTH: (term = "") => integer(textOf(term).slice(5, 7)),
  DAY: (term = "") => integer(textOf(term).slice(8, 10)),
  "XSD:DATETIME": (term = "") => literal(textOf(term), { datatype: "xsd:dateTime" }),
  "XSD:INTEGER": (term = "") => integer(textOf(term)),
  ISLITERAL: (term = "") => boolean(LITERAL.test(term)),
  ISIRI: (term = "") => boolean(!LITERAL.test(term)),
};

/** A plain text and a tagged one are different terms; two numbers or two dates are compared by value. */
function isSameKind(a: string, b: string): boolean {
  return datatypeOf(a) !== undefined && datatypeOf(b) !== undefined;
}

/** True when a term counts as true. */
export function isTrue(term: string | null): boolean {
  return term !== null && textOf(term) === "true";
}

/**
 * The value of an expression for a row, or null where SPARQL has an error, such as a variable without a
 * value. Throws `SparqlError` for a function that is not known here.
 */
export function evaluateExpression(expression: SparqlExpression, row: SparqlRow): string | null {
  if (expression.kind === "node") {
    return expression.text.startsWith("?") ? row[expression.text] ?? null : expression.text;
  }
  const { name, args } = expression;
  const value = (index: number): string | null => {
    const arg = args[index];
    return arg ? evaluateExpression(arg, row) : null;
  };
  switch (name) {
    case "&&":
      return boolean(isTrue(value(0)) && isTrue(value(1)));
    case "||":
      return boolean(isTrue(value(0)) || isTrue(value(1)));
    case "!":
      return value(0) === null ? null : boolean(!isTrue(value(0)));
    case "BOUND":
      return boolean(value(0) !== null);
    case "COALESCE":
      return args.map((_, index) => value(index)).find((term) => term !== null) ?? null;
  }
  const call = CALLS[name];
  if (!call) throw new SparqlError(`Unknown function: ${name}`);
  const terms = args.map((_, index) => value(index)).filter((term) => term !== null);
  return terms.length < args.length ? null : call(...terms);
}
