/** JSON found in a text. `isCut` when its end was missing and only complete items were kept. */
export interface FoundJson {
  readonly value: unknown;
  readonly isCut: boolean;
}

/** Brackets of the surrounding prose to pass over before giving up. */
const MAX_STARTS_TRIED = 50;

/** An answer of megabytes that never closes what it opens is given up sooner. */
const MAX_CHARACTERS_SCANNED = 10_000_000;

/**
 * The first JSON object or array in a text that may surround it with prose or code fences; null when
 * there is none. JSON that breaks off keeps the array items that were complete: the unfinished item is
 * left out rather than guessed at.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(extractJson('Here: [{"a":1},{"a":2'), { value: [{ a: 1 }], isCut: true });
 * ```
 */
export function extractJson(text: string): FoundJson | null {
  const whole = tryParse(text);
  if (isContainer(whole)) return { value: whole, isCut: false };
  let tried = 0;
  let scanned = 0;
  for (const { index } of text.matchAll(/[{[]/g)) {
    if (++tried > MAX_STARTS_TRIED || scanned > MAX_CHARACTERS_SCANNED) break;
    const scan = scanFrom(text, { start: index });
    scanned += (scan.end ?? text.length) - index;
    const value = scan.end === null ? undefined : tryParse(text.slice(index, scan.end));
    if (isContainer(value)) return { value, isCut: false };
    const salvaged = salvage(text, { start: index, scan });
    if (salvaged !== null) return salvaged;
  }
  return null;
}

interface Scan {
  /** Just after the bracket that closes the first one; null when the text ends before. */
  readonly end: number | null;
  /** Just after each array item that was complete, an object or an array itself. */
  readonly itemEnds: readonly number[];
  /** The brackets still open where the scan ended. */
  readonly open: readonly string[];
}

/** Reads on until the first bracket is closed, or until `before`. */
function scanFrom(
  text: string,
  { start, before = text.length }: { start: number; before?: number },
): Scan {
  const open: string[] = [];
  const itemEnds: number[] = [];
  let isInString = false;
  for (let i = start; i < before; i++) {
    const char = text[i] ?? "";
    if (isInString) {
      if (char === "\\") i++;
      else if (char === '"') isInString = false;
      continue;
    }
    if (char === '"') isInString = true;
    else if (char === "{" || char === "[") open.push(char);
    else if (char === "}" || char === "]") {
      open.pop();
      if (open.length === 0) return { end: i + 1, itemEnds, open };
      if (open.at(-1) === "[") itemEnds.push(i + 1);
    }
  }
  return { end: null, itemEnds, open };
}

interface SalvageOptions {
  readonly start: number;
  readonly scan: Scan;
}

/**
 * Closes the text after its last item that leaves everything before it readable. What comes after a
 * broken item is broken with it, so halving finds that item.
 */
function salvage(text: string, { start, scan }: SalvageOptions): FoundJson | null {
  let readable: unknown;
  let first = 0;
  let last = scan.itemEnds.length - 1;
  while (first <= last) {
    const middle = Math.floor((first + last) / 2);
    const value = tryParse(closedAt(text, { start, end: scan.itemEnds[middle] ?? start }));
    if (isContainer(value)) {
      readable = value;
      first = middle + 1;
    } else last = middle - 1;
  }
  if (readable !== undefined) return { value: readable, isCut: true };
  // Cut inside the first item: a list was begun, but holds nothing whole.
  const isBegun = scan.end === null && looksLikeJson(text.slice(start));
  return isBegun ? { value: [], isCut: true } : null;
}

/** The text from `start` to `end`, with what is open there closed. */
function closedAt(text: string, { start, end }: { start: number; end: number }): string {
  const { open } = scanFrom(text, { start, before: end });
  const closing = open.toReversed().map((bracket) => bracket === "[" ? "]" : "}").join("");
  return text.slice(start, end) + closing;
}

function looksLikeJson(text: string): boolean {
  return /^(\{\s*("|$)|\[\s*(\{|"|$))/.test(text);
}

function tryParse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isContainer(value: unknown): boolean {
  return typeof value === "object" && value !== null;
}
