import { boundedLine, MAX_TITLE_LENGTH } from "../text/bounded_line.ts";
import { parseAuthors, type PersonName } from "../names/author_name.ts";
import { compareParsedAuthors } from "../names/author_score.ts";
import { parseTitle, type TitleParts } from "./parse_title.ts";
import { SEGMENT, type TitleMatch } from "./title_match.ts";
import { contentWordCount, isSameText } from "./title_spelling.ts";

/** A name in a title has at least a given name and a surname: "Bound by King" names nobody. */
const NAME_WORDS = [2, 3, 4];

function isOneOf(name: string, persons: readonly PersonName[]): boolean {
  return name.trim().includes(" ") &&
    compareParsedAuthors(parseAuthors(name), persons).verdict === "same";
}

/** The title split behind each number of words that a name may have: the name and what follows it. */
function splitsBehindName(title: string): { name: string; isOwner: boolean; rest: string }[] {
  const words = title.trim().split(/\s+/);
  return NAME_WORDS.filter((count) => count < words.length).map((count) => {
    const name = words.slice(0, count).join(" ");
    const owner = name.replace(/['’]s?$/, "");
    return { name: owner, isOwner: owner !== name, rest: words.slice(count).join(" ") };
  });
}

/**
 * A title without the name of a person who wrote the book: in a statement of responsibility ("The salt
 * ledger / Mara Quill", ISBD), behind or in front with "by", or in front as a brand ("Mara Quill's The Salt
 * Ledger"). `persons` are those whom the question or the record names.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { parseAuthors } from "../names/author_name.ts";
 * const persons = parseAuthors("Mara Quill");
 * assertEquals(withoutCredit("The Salt Ledger by Mara Quill", persons), "The Salt Ledger");
 * assertEquals(withoutCredit("Mara Quill's Ledger", persons), "Ledger");
 * assertEquals(withoutCredit("Stand by Me", persons), "Stand by Me");
 * ```
 */
export function withoutCredit(title: string, persons: readonly PersonName[]): string {
  const line = boundedLine(title, MAX_TITLE_LENGTH);
  // Behind the last slash: one before it divides the titles of two books in one.
  const [, stated, statement = ""] = /^(.+)\s+\/\s+(.+)$/.exec(line) ?? [];
  if (stated !== undefined) {
    const isCredit = /^by\s/i.test(statement) ||
      compareParsedAuthors(parseAuthors(statement), persons).verdict === "same";
    return isCredit ? stated : title;
  }
  const [, before, name, brackets = ""] =
    /^(.+?\S),?\s+by\s+((?:(?!\sby\s)[^()[\]:;])+?)(\s*[([].*)?$/iu.exec(line) ?? [];
  if (before !== undefined && isOneOf(name!, persons)) return `${before}${brackets}`;
  const [, told, teller = ""] = /^(.+?)\s+[-–—|]\s+([^-–—|]+)$/u.exec(line) ?? [];
  if (told !== undefined && isOneOf(teller, persons)) return told;
  const start = line.replace(/^\s*by\s+/i, "");
  const split = splitsBehindName(start).find(({ name }) =>
    /^[\p{L}\p{M}.'’ -]+$/u.test(name) && isOneOf(name, persons)
  );
  return split?.rest ?? title;
}

/** Words as names begin, in capitals and without an article. */
function looksLikeName(name: string): boolean {
  return name.split(" ").every((word) => /^\p{Lu}[\p{L}.’'-]*$/u.test(word)) &&
    !/^(?:The|An?)\b/.test(name);
}

/**
 * A title behind the name of somebody who is not known to have written the book, as brands are put in front
 * ("Robert B. Parker's Lullaby" by Ace Atkins). Null when the whole of the shorter title does not
 * follow; "Charlotte's Web" names nobody.
 */
export function compareBehindBrand(long: string, short: TitleParts): TitleMatch | null {
  const split = splitsBehindName(boundedLine(long, MAX_TITLE_LENGTH)).find(({ name, rest }) =>
    looksLikeName(name) && isSameText(parseTitle(rest).full, short.full)
  );
  if (split === undefined) return null;
  if (split.isOwner) return { ...SEGMENT, needs: "near_year" };
  return contentWordCount(short.full) >= 2 ? { ...SEGMENT, needs: "exact_year" } : null;
}
