import { literal, SparqlError, type SparqlReader } from "./sparql_tokens.ts";

/** A condition or value; `name` is an operator or a function in upper case. */
export type SparqlExpression =
  | { readonly kind: "node"; readonly text: string }
  | { readonly kind: "call"; readonly name: string; readonly args: readonly SparqlExpression[] };

/** What the variables stand for, with their question marks. */
export type SparqlRow = Readonly<Record<string, string>>;

const LEVELS: readonly (readonly string[])[] = [["||"], ["&&"], [">=", "<"]];

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
    if (!reader.skip(",")) {
      reader.expect(")");
      break;
    }
  }
  return args;
}

function readUnit(reader: SparqlReader): SparqlExpression {
  if (reader.skip("!")) return { kind: "call", name: "!", args: [readUnit(reader)] };
  if (reader.skip("(")) {
    const inside = readExpression(reader);
    reader.expect(")");
    return inside;
  }
  const token = reader.next();
  if (token.kind === "word") {
    return { kind: "call", name: token.text.toUpperCase(), args: readArguments(reader) };
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

const LITERAL = /^"([\s\S]*)"(?:@[\w-]+|\^\^(\S+))?$/;

/** The text of a term without quotes and tags; of an item, its short name. */
export function textOf(term: string): string {
  return LITERAL.exec(term)?.[1] ?? term;
}

/** The type of a literal, or undefined. */
export function datatypeOf(term: string): string | undefined {
  return LITERAL.exec(term)?.[2];
}

const NUMERIC = /^xsd:(?:integer|decimal)$/;

/** Orders two terms: numbers by size, the others by their text, in which dates are in order too. */
export function compareTerms(a: string, b: string): number {
  if (NUMERIC.test(datatypeOf(a) ?? "") && NUMERIC.test(datatypeOf(b) ?? "")) {
    return Number(textOf(a)) - Number(textOf(b));
  }
  const [left, right] = [textOf(a), textOf(b)];
  return left === right ? 0 : left < right ? -1 : 1;
}

const boolean = (value: boolean): string => literal(String(value), { datatype: "xsd:boolean" });
type Call = (...args: string[]) => string;

const CALLS: Readonly<Record<string, Call>> = {
  "<": (a = "", b = "") => boolean(compareTerms(a, b) < 0),
  ">=": (a = "", b = "") => boolean(compareTerms(a, b) >= 0),
  IN: (wanted = "", ...list) => boolean(list.includes(wanted)),
};

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
