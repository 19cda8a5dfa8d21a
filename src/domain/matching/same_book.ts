import { compareParsedAuthors } from "../names/author_score.ts";
import { parseAuthors, type PersonName } from "../names/author_name.ts";
import { parseTitle, type TitleParts } from "../titles/parse_title.ts";
import { derivativeReason } from "../titles/reject_list.ts";
import { explainsTitle } from "../titles/subtitle_score.ts";
import { SAME_TITLE, type TitleMatch } from "../titles/title_match.ts";
import { compareTitles } from "../titles/title_score.ts";

/** A book as people name it. */
export interface BookName {
  readonly title: string;
  readonly author: string;
}

/** A named book read once, for comparing it with many. */
export interface ReadBook {
  readonly title: string;
  readonly parts: TitleParts;
  readonly persons: readonly PersonName[];
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
export function sameBook(a: BookName, b: BookName): boolean {
  return isSameReadBook(readBook(a), readBook(b));
}

/** Reads a book for {@linkcode isSameReadBook}. */
export function readBook({ title, author }: BookName): ReadBook {
  return { title, parts: parseTitle(title), persons: parseAuthors(author) };
}

/** {@linkcode sameBook} of two books already read. */
export function isSameReadBook(a: ReadBook, b: ReadBook): boolean {
  // Authors first: they tell most pairs apart, and are the cheaper half.
  const authors = compareParsedAuthors(a.persons, b.persons);
  if (authors.verdict === "different" || authors.verdict === "unreadable") return false;
  if (authors.verdict === "missing" && a.persons.length + b.persons.length > 0) return false;
  const titles = compareBothWays(a.parts, b.parts);
  if (titles.agreement === "conflict") return false;
  // A bare series name is not its volume, nor is a volume the book that names no place.
  const subtitle = a.parts.subtitle ?? b.parts.subtitle ?? "";
  if (titles.needs === "another_record" && !explainsTitle(subtitle)) return false;
  if (titles.reason !== null && titles.reason !== "another subtitle") return false;
  const isSameTitle = authors.verdict === "missing"
    ? titles.agreement === "full"
    : titles.score >= (titles.agreement === "near" ? NEAR_ENOUGH : SAME_TITLE);
  return isSameTitle && derivativeReason(a.title, b.title) === null &&
    derivativeReason(b.title, a.title) === null;
}

function compareBothWays(a: TitleParts, b: TitleParts): TitleMatch {
  const [there, back] = [compareTitles(a, b), compareTitles(b, a)];
  return there.score <= back.score ? there : back;
}
