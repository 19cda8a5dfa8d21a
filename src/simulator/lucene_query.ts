/** A condition of a Lucene query on one field; `field` is null for words without one. */
export type LuceneTerm =
  | {
    readonly kind: "words";
    readonly field: string | null;
    readonly text: string;
    readonly isPhrase: boolean;
  }
  | {
    readonly kind: "range";
    readonly field: string | null;
    readonly from: string;
    readonly to: string;
  };

export type LuceneNode =
  | LuceneTerm
  | { readonly kind: "and"; readonly nodes: readonly LuceneNode[] }
  | { readonly kind: "or"; readonly nodes: readonly LuceneNode[] }
  | { readonly kind: "not"; readonly node: LuceneNode };

type Token =
  | { readonly kind: "open" | "close" | "and" | "or" | "not" }
  | { readonly kind: "field"; readonly name: string }
  | { readonly kind: "words"; readonly text: string; readonly isPhrase: boolean }
  | { readonly kind: "range"; readonly from: string; readonly to: string };

const OPERATORS: Readonly<Record<string, Token>> = {
  "AND": { kind: "and" },
  "&&": { kind: "and" },
  "OR": { kind: "or" },
  "||": { kind: "or" },
  "NOT": { kind: "not" },
};

/** In this order: range, phrase, field name, bracket, sign, word. A backslash takes the next sign's meaning. */
const TOKEN =
  /[[{]\s*(\S+)\s+TO\s+([^\s\]}]+)\s*[\]}]|"((?:[^"\\]|\\.)*)"|([a-z_.]+):(?=\S)|([()])|([-!+])(?=\S)|((?:[^\s()":\\]|\\.|:)+)/giy;

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
  return OPERATORS[word] ?? { kind: "words", text: unescape(word), isPhrase: false };
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
  const tokens = tokenize(query);
  let position = 0;

  const parseUnit = (field: string | null): LuceneNode | null => {
    const token = tokens[position++];
    switch (token?.kind) {
      case "field":
        return parseUnit(token.name);
      case "not": {
        const node = parseUnit(field);
        return node && { kind: "not", node };
      }
      case "open": {
        const node = parseOr(field);
        if (tokens[position]?.kind === "close") position++;
        return node;
      }
      case "words":
        return hasText(token.text) ? { ...token, field } : null;
      case "range":
        return { ...token, field };
      default:
        return null;
    }
  };

  const parseAnd = (field: string | null): LuceneNode | null => {
    const nodes: LuceneNode[] = [];
    while (position < tokens.length) {
      const kind = tokens[position]?.kind;
      if (kind === "close" || kind === "or") break;
      if (kind === "and") {
        position++;
        continue;
      }
      const node = parseUnit(field);
      if (node) nodes.push(node);
    }
    return join("and", nodes);
  };

  const parseOr = (field: string | null): LuceneNode | null => {
    const nodes: LuceneNode[] = [];
    while (position < tokens.length && tokens[position]?.kind !== "close") {
      if (tokens[position]?.kind === "or") position++;
      const node = parseAnd(field);
      if (node) nodes.push(node);
    }
    return join("or", nodes);
  };

  const nodes: LuceneNode[] = [];
  while (position < tokens.length) {
    if (tokens[position]?.kind === "close") position++;
    const node = parseOr(null);
    if (node) nodes.push(node);
  }
  return join("and", nodes);
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
