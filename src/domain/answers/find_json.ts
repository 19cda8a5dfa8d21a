import { repairJson } from "./json_repair.ts";

/** JSON found in a text. */
export interface FoundJson {
  /** An object or an array. */
  readonly value: unknown;
  /** Nothing but white space and commas stands between it and the one before. */
  readonly isAdjacent: boolean;
  /** It lies within brackets that could not be read as a whole, such as those of a list that breaks off. */
  readonly isPart: boolean;
}

export interface FoundInText {
  /** In the order of the text; none lies within another. */
  readonly found: readonly FoundJson[];
  /** JSON begins that does not end: what was found in it is what of it was complete. */
  readonly isCut: boolean;
}

export interface FindOptions {
  /** Reads an object without inner braces that is not JSON and cannot be repaired; undefined if it can't. */
  readonly readBroken?: (text: string) => unknown;
}

/**
 * A hopeless text is given up, since nothing else happens while it is read. A list of twenty books has
 * 2,000 characters, and of an answer that takes all the tokens it may every character is scanned twice.
 */
const MAX_CHARACTERS_SCANNED = 2_000_000;
const MAX_CHARACTERS_REPAIRED = 256_000;
const MAX_UNREADABLE = 1_000;

/**
 * All JSON objects and arrays in a text that may surround them with prose or code fences. What is
 * malformed but complete is repaired, as a whole or else item by item; of what breaks off the complete
 * items are found, and the unfinished one is left out rather than guessed at.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const values = (text: string) => findJson(text).found.map(({ value }) => value);
 * assertEquals(values('See [1]: {"a": None}'), [[1], { a: null }]);
 * assertEquals(values('[{"a":1},{"a":2},{"a'), [[{ a: 1 }, { a: 2 }]]);
 * ```
 */
export function findJson(text: string, { readBroken }: FindOptions = {}): FoundInText {
  const found: FoundJson[] = [];
  const effort = { scanned: 0, repaired: 0, unreadable: 0 };
  let isCut = false;
  let from = 0;
  let lastEnd = 0;
  // Where the outermost brackets that could not be read as a whole end.
  let partsEnd = 0;
  while (effort.scanned < MAX_CHARACTERS_SCANNED && effort.unreadable < MAX_UNREADABLE) {
    const start = nextBracket(text, from);
    if (start < 0) break;
    const closed = closingEnd(text, start);
    effort.scanned += (closed ?? text.length) - start;
    const isBegun = looksLikeJson(text, start);
    if (isBegun && closed === null) isCut = true;
    const ends = endsOf(text, { start, closed });
    const read = readFirst(text, { start, ends, isBegun, effort, readBroken });
    if (read === null) {
      if (isBegun) partsEnd = Math.max(partsEnd, closed ?? text.length);
      effort.unreadable++;
      from = start + 1;
    } else {
      const isAdjacent = found.length > 0 && /^[\s,;]*$/.test(text.slice(lastEnd, start));
      const isPart = start < partsEnd || closed === null;
      found.push({ value: read.value, isAdjacent, isPart });
      from = lastEnd = read.end;
    }
  }
  return { found, isCut };
}

/**
 * Where JSON that begins at `start` may end, the likeliest first: at its closing bracket; an object
 * whose quotes hide that, at the first brace; what never closes, after the last item that does.
 */
function endsOf(
  text: string,
  { start, closed }: { start: number; closed: number | null },
): readonly number[] {
  if (closed !== null) return [closed];
  const innermost = innermostEnd(text, start);
  const last = Math.max(text.lastIndexOf("}"), text.lastIndexOf("]")) + 1;
  return [...(innermost === null ? [] : [innermost]), ...(last > start ? [last] : [])];
}

interface Reading {
  readonly readBroken: FindOptions["readBroken"];
  readonly start: number;
  readonly ends: readonly number[];
  readonly isBegun: boolean;
  readonly effort: { repaired: number };
}

/** The first of the pieces that can be read, as it is or repaired. */
function readFirst(
  text: string,
  { start, ends, isBegun, effort, readBroken }: Reading,
): { readonly value: unknown; readonly end: number } | null {
  for (const end of ends) {
    const piece = text.slice(start, end);
    const value = tryParse(piece);
    if (isContainer(value)) return { value, end };
    if (!isBegun) continue;
    const mayRepair = effort.repaired + piece.length <= MAX_CHARACTERS_REPAIRED;
    if (mayRepair) effort.repaired += piece.length;
    const repaired = (mayRepair ? repairJson(piece) : undefined) ??
      (innermostEnd(text, start) === end ? readBroken?.(piece) : undefined);
    if (isContainer(repaired)) return { value: repaired, end };
  }
  return null;
}

function nextBracket(text: string, from: number): number {
  const [brace, bracket] = [text.indexOf("{", from), text.indexOf("[", from)];
  return brace < 0 || bracket < 0 ? Math.max(brace, bracket) : Math.min(brace, bracket);
}

/** Just after the bracket that closes the one at `start`; null when the text ends before. */
function closingEnd(text: string, start: number): number | null {
  let depth = 0;
  let isInString = false;
  for (let i = start; i < text.length; i++) {
    const char = text[i];
    if (isInString) {
      if (char === "\\") i++;
      else if (char === '"') isInString = false;
    } else if (char === '"') isInString = true;
    else if (char === "{" || char === "[") depth++;
    else if ((char === "}" || char === "]") && --depth === 0) return i + 1;
  }
  return null;
}

const BEGINNING = /(\{\s*(["'“”‘’`{]|\/[/*]|#|\w+\s*:|$)|\[\s*([{["'“”‘’]|\/[/*]|#|$))/y;

/** Tells JSON, however malformed, from a remark in brackets. */
function looksLikeJson(text: string, start: number): boolean {
  BEGINNING.lastIndex = start;
  return BEGINNING.test(text);
}

const INNERMOST = /\{[^{}]*\}/y;

/** Just after an object that holds no other; null for anything else. */
function innermostEnd(text: string, start: number): number | null {
  INNERMOST.lastIndex = start;
  return INNERMOST.test(text) ? INNERMOST.lastIndex : null;
}

function tryParse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Not JSON is the answer to the question, in the parser's way to give it.
    return undefined;
  }
}

function isContainer(value: unknown): boolean {
  return typeof value === "object" && value !== null;
}
