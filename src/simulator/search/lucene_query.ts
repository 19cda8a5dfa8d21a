/** A condition of a Lucene query on one field; `field` is null for words without one. */
export type LuceneTerm =
  | {
    readonly kind: "words";
    readonly field: string | null;
    readonly text: string;
    readonly isPhrase: boolean;
    /** Of a word with a bare `*`: what a token must be like, instead of the text. */
    readonly pattern?: RegExp;
  }
  | {
    readonly kind: "range";
    readonly field: string | null;
    readonly from: string;
    readonly to: string;
  };

/** A query as a tree of conditions. */
export type LuceneNode =
  | LuceneTerm
  | { readonly kind: "and"; readonly nodes: readonly LuceneNode[] }
  | { readonly kind: "or"; readonly nodes: readonly LuceneNode[] }
  | { readonly kind: "not"; readonly node: LuceneNode };

type Token =
  | { readonly kind: "open" | "close" | "and" | "or" | "not" }
  | { readonly kind: "field"; readonly name: string }
  | Pick<Extract<LuceneTerm, { readonly kind: "words" }>, "kind" | "text" | "isPhrase" | "pattern">
  | { readonly kind: "range"; readonly from: string; readonly to: string };

const OPERATORS: Readonly<Record<string, Token>> = {
  "AND": { kind: "and" },
  "&&": { kind: "and" },
  "OR": { kind: "or" },
  "||": { kind: "or" },
  "NOT": { kind: "not" },
};

/**
 * In this order: range, phrase, field name, bracket, sign, word. A backslash takes the next sign's
 * meaning. A bare `!` negates what follows, also at the end of a word and before a blank.
 */
const TOKEN =
  /[[{]\s*(\S+)\s+TO\s+([^\s\]}]+)\s*[\]}]|"((?:[^"\\]|\\.)*)"|([a-z_][a-z_.-]*):(?=\S)|([()])|([-+](?=\S)|!(?=\s*[^\s)]))|((?:[^\s()":\\!]|\\.|:)+)/giy;

function unescape(text: string): string {
  return text.replace(/\\(.)/g, "$1");
}

function readToken(match: RegExpExecArray): Token | null {
  const [, from, to, phrase, field, bracket, sign, word = ""] = match;
  if (from !== undefined && to !== undefined) return { kind: "range", from, to };
  if (phrase !== undefined) return { kind: "words", text: unescape(phrase), isPhrase: true };
  if (field !== undefined) return { kind: "field", name: field.toLowerCase() };
  if (bracket !== undefined) return { kind: bracket === "(" ? "open" : "close" };
  if (sign !== undefined) return sign === "+" ? null : { kind: "not" };
  const pattern = patternOf(word);
  return OPERATORS[word] ??
    { kind: "words", text: unescape(word), isPhrase: false, ...(pattern && { pattern }) };
}

/** Null for a word without a bare star; such a word is no longer taken apart into tokens. */
function patternOf(word: string): RegExp | null {
  const parts: readonly string[] = word.match(/\\.|[^\\]/g) ?? [];
  if (word === "*" || !parts.includes("*")) return null;
  const source = parts.map((part) => part === "*" ? ".*" : RegExp.escape(part.at(-1) ?? ""));
  return new RegExp(`^${source.join("")}$`, "iu");
}

function tokenize(query: string): Token[] {
  const tokens: Token[] = [];
  const form = new RegExp(TOKEN);
  while (form.lastIndex < query.length) {
    const start = form.lastIndex;
    const match = form.exec(query);
    if (!match) {
      // A sign that opens nothing is noise to Solr's forgiving parser, as is white space.
      form.lastIndex = start + 1;
      continue;
    }
    const token = readToken(match);
    if (token) tokens.push(token);
  }
  return tokens;
}

/** False for a lone dash and its like, which a search engine's analysis leaves nothing of. */
export function hasText(text: string): boolean {
  return /[\p{L}\p{N}]/u.test(text);
}

/**
 * Reads the part of Lucene's syntax that book clients use: words, "phrases", `field:value`,
 * `field:(A OR B)`, `[a TO b]`, AND, OR, NOT, brackets and escapes; words side by side are joined by
 * AND, as Open Library's search does. Never fails: what cannot be read is left out. Null when nothing
 * is left.
 */
export function parseLucene(query: string): LuceneNode | null {
  const cursor: Cursor = { tokens: tokenize(query), position: 0 };
  const nodes: LuceneNode[] = [];
  while (cursor.position < cursor.tokens.length) {
    if (kindAt(cursor) === "close") cursor.position++;
    const node = parseOr(cursor, null);
    if (node) nodes.push(node);
  }
  return join("and", nodes);
}

interface Cursor {
  readonly tokens: readonly Token[];
  position: number;
}

function kindAt({ tokens, position }: Cursor): Token["kind"] | undefined {
  return tokens[position]?.kind;
}

/** `a b OR c d`, up to a closing bracket. */
function parseOr(cursor: Cursor, field: string | null): LuceneNode | null {
  const nodes: LuceneNode[] = [];
  while (cursor.position < cursor.tokens.length && kindAt(cursor) !== "close") {
    if (kindAt(cursor) === "or") cursor.position++;
    const node = parseAnd(cursor, field);
    if (node) nodes.push(node);
  }
  return join("or", nodes);
}

/** `a AND b c`, up to the next OR. */
function parseAnd(cursor: Cursor, field: string | null): LuceneNode | null {
  const nodes: LuceneNode[] = [];
  while (cursor.position < cursor.tokens.length) {
    const kind = kindAt(cursor);
    if (kind === "close" || kind === "or") break;
    if (kind === "and") {
      cursor.position++;
      continue;
    }
    const node = parseUnit(cursor, field);
    if (node) nodes.push(node);
  }
  return join("and", nodes);
}

/** One condition: words, a range, a bracket, or one of these behind a field or a negation. */
function parseUnit(cursor: Cursor, field: string | null): LuceneNode | null {
  const token = cursor.tokens[cursor.position++];
  switch (token?.kind) {
    case "field":
      return parseUnit(cursor, token.name);
    case "not": {
      const node = parseUnit(cursor, field);
      return node && { kind: "not", node };
    }
    case "open": {
      const node = parseOr(cursor, field);
      if (kindAt(cursor) === "close") cursor.position++;
      return node;
    }
    case "words":
      // `isbn:*` asks for documents that have the field at all, which is a range without ends.
      if (token.text === "*" && field !== null) return { kind: "range", field, from: "*", to: "*" };
      return hasText(token.text) ? { ...token, field } : null;
    case "range":
      return { ...token, field };
    default:
      return null;
  }
}

function join(kind: "and" | "or", nodes: readonly LuceneNode[]): LuceneNode | null {
  const [only] = nodes;
  return nodes.length <= 1 ? only ?? null : { kind, nodes };
}

/** All terms that are not negated, in order of appearance. */
export function mentionedTerms(node: LuceneNode): LuceneTerm[] {
  if (node.kind === "and" || node.kind === "or") return node.nodes.flatMap(mentionedTerms);
  return node.kind === "not" ? [] : [node];
}
