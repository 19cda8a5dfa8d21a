/** JSON found in a text. `isCut` when its end was missing and only complete items were kept. */
export interface FoundJson {
  readonly value: unknown;
  readonly isCut: boolean;
}

/** Brackets of the surrounding prose to pass over before giving up. */
const MAX_STARTS_TRIED = 50;

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
  for (const { index } of text.matchAll(/[{[]/g)) {
    if (++tried > MAX_STARTS_TRIED) break;
    const scan = scanFrom(text, index);
    const value = scan.end === null ? undefined : tryParse(text.slice(index, scan.end));
    if (isContainer(value)) return { value, isCut: false };
    const salvaged = salvage(text, { start: index, scan });
    if (salvaged !== null) return salvaged;
  }
  return null;
}

/** A place where an array item was complete, and the brackets open there. */
interface ItemEnd {
  readonly end: number;
  readonly open: readonly string[];
}

interface Scan {
  /** Just after the bracket that closes the first one; null when the text ends before. */
  readonly end: number | null;
  readonly itemEnds: readonly ItemEnd[];
}

function scanFrom(text: string, start: number): Scan {
  const open: string[] = [];
  const itemEnds: ItemEnd[] = [];
  let isInString = false;
  for (let i = start; i < text.length; i++) {
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
      if (open.length === 0) return { end: i + 1, itemEnds };
      if (open.at(-1) === "[") itemEnds.push({ end: i + 1, open: [...open] });
    }
  }
  return { end: null, itemEnds };
}

interface SalvageOptions {
  readonly start: number;
  readonly scan: Scan;
}

/** Closes the text after its last item that leaves everything before it readable. */
function salvage(text: string, { start, scan }: SalvageOptions): FoundJson | null {
  for (const { end, open } of scan.itemEnds.toReversed()) {
    const closing = open.toReversed().map((bracket) => bracket === "[" ? "]" : "}").join("");
    const value = tryParse(text.slice(start, end) + closing);
    if (isContainer(value)) return { value, isCut: true };
  }
  // Cut inside the first item: a list was begun, but holds nothing whole.
  const isBegun = scan.end === null && looksLikeJson(text.slice(start));
  return isBegun ? { value: [], isCut: true } : null;
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
