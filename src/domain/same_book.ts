import { compareAuthors } from "./author_score.ts";
import { parseAuthors } from "./author_name.ts";
import { parseTitle, type TitleParts } from "./normalise_title.ts";
import { derivativeReason } from "./reject_list.ts";
import { compareTitles, SAME_TITLE, type TitleMatch } from "./title_score.ts";

/** A book as people name it. */
export interface NamedBook {
  readonly title: string;
  readonly author: string;
}

/** A slip of the keys must be small here: merging two books loses one of them. */
const NEAR_ENOUGH = 0.93;

/**
 * Whether two named books are one: used to merge what several generators propose and to recognise
 * stored works. Symmetric. A guide, box set or other volume is not the book; two books without any
 * author are the same only when the whole title is.
 *
 * @example
 * ```ts
 * import { assert, assertFalse } from "@std/assert";
 * const named = { title: "The Salt Ledger: A Novel", author: "Quill, Mara" };
 * assert(sameBook(named, { title: "Salt Ledger", author: "M. Quill" }));
 * assertFalse(sameBook(named, { title: "Salt Ledger, Vol. 2", author: "M. Quill" }));
 * ```
 */
export function sameBook(a: NamedBook, b: NamedBook): boolean {
  if (derivativeReason(a.title, b.title) !== null) return false;
  if (derivativeReason(b.title, a.title) !== null) return false;
  const titles = compareBothWays(parseTitle(a.title), parseTitle(b.title));
  const authors = compareAuthors(a.author, [b.author]);
  if (authors.verdict === "missing") {
    const isNobody = parseAuthors(a.author).length + parseAuthors(b.author).length === 0;
    return isNobody && titles.agreement === "full";
  }
  if (authors.verdict === "different" || titles.agreement === "conflict") return false;
  return titles.score >= (titles.agreement === "near" ? NEAR_ENOUGH : SAME_TITLE);
}

function compareBothWays(a: TitleParts, b: TitleParts): TitleMatch {
  const [there, back] = [compareTitles(a, b), compareTitles(b, a)];
  return there.score <= back.score ? there : back;
}
