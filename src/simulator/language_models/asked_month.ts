import { monthKey, parseMonthKey } from "../../domain/months/month.ts";

const MONTH_STEMS = [
  "jan",
  "feb",
  "mar",
  "apr",
  "may",
  "jun",
  "jul",
  "aug",
  "sep",
  "oct",
  "nov",
  "dec",
];

const MONTH_WORD =
  "(jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|" +
  "sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)";
const BETWEEN = "\\.?,?\\s+(?:of\\s+|in\\s+)?(?:the\\s+)?(?:year\\s+)?";

/** Ways to name a month; the groups of each are read by the function beside it. */
const FORMS: readonly [RegExp, (groups: readonly string[]) => string][] = [
  [
    new RegExp(`\\b${MONTH_WORD}${BETWEEN}(\\d{4})\\b`, "gi"),
    ([word = "", year = ""]) => keyOf(year, monthNumber(word)),
  ],
  [
    new RegExp(`\\b${MONTH_WORD}\\.?\\s+\\d{1,2}(?:st|nd|rd|th)?,\\s*(\\d{4})\\b`, "gi"),
    ([word = "", year = ""]) => keyOf(year, monthNumber(word)),
  ],
  [/\b(\d{4})[-/](\d{1,2})(?:[-/]\d{1,2})?\b/g, ([year = "", month = ""]) => keyOf(year, month)],
  [/\b(\d{1,2})\/(\d{4})\b/g, ([month = "", year = ""]) => keyOf(year, month)],
  [
    /\byear\W{0,3}(\d{4})\W{1,3}(?:and\s+)?month\W{0,3}(\d{1,2})\b/gi,
    ([year = "", month = ""]) => keyOf(year, month),
  ],
  [
    /\bmonth\W{0,3}(\d{1,2})\W{1,3}(?:and\s+|of\s+)?(?:the\s+)?year\W{0,3}(\d{4})\b/gi,
    ([month = "", year = ""]) => keyOf(year, month),
  ],
];

function monthNumber(word: string): number {
  return MONTH_STEMS.indexOf(word.slice(0, 3).toLowerCase()) + 1;
}

function keyOf(year: string, month: string | number): string {
  return monthKey({ year: Number(year), month: Number(month) });
}

function mostFrequent(found: readonly { key: string; at: number }[]): string | null {
  const counts = new Map<string, { count: number; at: number }>();
  for (const { key, at } of found) {
    const seen = counts.get(key);
    counts.set(key, { count: (seen?.count ?? 0) + 1, at: Math.min(seen?.at ?? at, at) });
  }
  const ranked = [...counts].sort(([, a], [, b]) => b.count - a.count || a.at - b.at);
  return ranked[0]?.[0] ?? null;
}

/**
 * The month a text speaks of, `YYYY-MM`: "March 2012", "31 Mar. 2012", "March 1, 2012", "2012-03",
 * "03/2012", "year 2012, month 3". Among several the most frequent, then the first. Null when there
 * is none.
 */
export function findAskedMonth(text: string): string | null {
  const found: { key: string; at: number }[] = [];
  for (const [form, read] of FORMS) {
    for (const match of text.matchAll(form)) {
      const key = read(match.slice(1));
      if (parseMonthKey(key)) found.push({ key, at: match.index });
    }
  }
  return mostFrequent(found);
}

const LIMIT_FORMS: readonly RegExp[] = [
  /\b(?:up to|at most|no more than|not more than|maximum of|a maximum of|limit of|max\.?)\s+(\d{1,3})\b/i,
  /\b(\d{1,3})\s+(?:[a-z-]+\s+){0,4}(?:books|titles|works|novels)\b/i,
];

/** How many books a text asks for at most, or null when it does not say. */
export function findAskedLimit(text: string): number | null {
  for (const form of LIMIT_FORMS) {
    const limit = form.exec(text)?.[1];
    if (limit !== undefined) return Number(limit);
  }
  return null;
}
