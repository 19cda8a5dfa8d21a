const SMALL: ReadonlyMap<string, number> = new Map(
  ("zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen " +
    "sixteen seventeen eighteen nineteen").split(" ").map((word, value) => [word, value]),
);

const TENS: ReadonlyMap<string, number> = new Map(
  "twenty thirty forty fifty sixty seventy eighty ninety".split(" ")
    .map((word, index) => [word, (index + 2) * 10]),
);

const SCALES: ReadonlyMap<string, number> = new Map([
  ["hundred", 100],
  ["thousand", 1000],
  ["million", 1_000_000],
]);

const ORDINALS: ReadonlyMap<string, number> = new Map([
  ...("first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth " +
    "thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth").split(" ")
    .map((word, index) => [word, index + 1] as const),
  ...[...TENS].map(([word, value]) => [word.replace(/y$/, "ieth"), value] as const),
]);

function ordinal(value: number): string {
  const suffix = value % 100 >= 11 && value % 100 <= 13
    ? "th"
    : ["th", "st", "nd", "rd"][value % 10] ?? "th";
  return `${value}${suffix}`;
}

interface Reading {
  readonly text: string;
  /** How many words it took. */
  readonly length: number;
}

/** "nineteen eighty four" is a year: two numbers of two digits side by side. */
function readYear(words: readonly string[], start: number): Reading | null {
  const century = SMALL.get(words[start] ?? "") ?? TENS.get(words[start] ?? "");
  if (century === undefined || century < 10 || century > 20) return null;
  const tens = TENS.get(words[start + 1] ?? "");
  const teen = SMALL.get(words[start + 1] ?? "");
  if (tens === undefined) {
    return teen !== undefined && teen >= 10 ? { text: `${century}${teen}`, length: 2 } : null;
  }
  const unit = SMALL.get(words[start + 2] ?? "");
  const hasUnit = unit !== undefined && unit >= 1 && unit <= 9;
  return { text: `${century}${tens + (hasUnit ? unit : 0)}`, length: hasUnit ? 3 : 2 };
}

/** Below one hundred: "seven", "seventy", "seventy seven". */
function readBelowHundred(words: readonly string[], start: number): [number, number] | null {
  const small = SMALL.get(words[start] ?? "");
  if (small !== undefined) return [small, 1];
  const tens = TENS.get(words[start] ?? "");
  if (tens === undefined) return null;
  const unit = SMALL.get(words[start + 1] ?? "");
  return unit !== undefined && unit >= 1 && unit <= 9 ? [tens + unit, 2] : [tens, 1];
}

function readNumber(words: readonly string[], start: number): Reading | null {
  const year = readYear(words, start);
  if (year) return year;
  const single = ORDINALS.get(words[start] ?? "");
  if (single !== undefined) return { text: ordinal(single), length: 1 };
  const first = readBelowHundred(words, start);
  if (!first) return null;
  let [value, length] = first;
  const following = ORDINALS.get(words[start + length] ?? "");
  if (length === 1 && value >= 20 && following !== undefined && following <= 9) {
    return { text: ordinal(value + following), length: 2 };
  }
  for (;;) {
    const scale = SCALES.get(words[start + length] ?? "");
    if (scale === undefined) break;
    value *= scale;
    length += 1;
    const gap = words[start + length] === "and" ? 1 : 0;
    const rest = readBelowHundred(words, start + length + gap);
    if (rest && SCALES.get(words[start + length + gap + rest[1]] ?? "") === undefined) {
      value += rest[0];
      length += gap + rest[1];
    }
  }
  return { text: String(value), length };
}

/**
 * Folded words with English numbers written in digits, so that "Twenty Thousand Leagues" and
 * "20,000 Leagues" are the same words. Years in two halves close up ("nineteen eighty four" →
 * "1984"), ordinals keep their ending ("fourth" → "4th").
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(numbersAsDigits(["4th", "of", "july"]), ["4th", "of", "july"]);
 * assertEquals(numbersAsDigits(["one", "hundred", "and", "one", "dalmatians"]), ["101", "dalmatians"]);
 * ```
 */
export function numbersAsDigits(words: readonly string[]): string[] {
  const result: string[] = [];
  for (let index = 0; index < words.length;) {
    const reading = readNumber(words, index);
    result.push(reading?.text ?? words[index]!);
    index += reading?.length ?? 1;
  }
  return result;
}

/**
 * The value of a Roman numeral up to 39 in lower case, or null. Single letters are left alone: "I",
 * "V" and "X" are words of titles far more often than numbers.
 */
export function romanValue(word: string): number | null {
  if (!/^(?=..)x{0,3}(?:ix|iv|v?i{0,3})$/.test(word)) return null;
  const values: Readonly<Record<string, number>> = { i: 1, v: 5, x: 10 };
  let total = 0;
  for (let index = 0; index < word.length; index++) {
    const value = values[word[index]!]!;
    total += value < (values[word[index + 1] ?? ""] ?? 0) ? -value : value;
  }
  return total;
}

/** Whether a folded word is a number by itself: digits, a cardinal, an ordinal or a scale. */
export function isNumberWord(word: string): boolean {
  return /\d/.test(word) || [SMALL, TENS, SCALES, ORDINALS].some((words) => words.has(word));
}
