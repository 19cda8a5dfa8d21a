import { isNameSuffix, splitCredit } from "../../domain/names/author_name.ts";
import { splitTitle } from "../../domain/names/normalise_title.ts";
import { boundedLine, MAX_CREDIT_LENGTH } from "../../domain/text/bounded_line.ts";
import { editDistance } from "../../domain/text/edit_distance.ts";
import { foldWords } from "../../domain/text/fold_text.ts";
import type { BookQuery, WorkCandidate } from "../../domain/matching/resolver.ts";

/** A book query cut down to what a catalogue's search understands. */
export interface SearchTerms {
  /** The title before its subtitle, without series in brackets. */
  readonly main_title: string;
  /** What follows a series and a number ("Night Huntress 3: …"), which many records leave out. */
  readonly title_in_series: string | null;
  /** The first author's name, given name first; empty when there is none. */
  readonly author: string;
  /** The word of it under which the author is most often found; empty when there is none. */
  readonly surname: string;
}

const SERIES_PLACE = /\s#?\d{1,3}$/;

/** Whose name the cover bears stands behind it. */
const REAL_NAME = /^.*\bwriting\s+as\s+/i;

/** The words a query is sent with; nothing here decides whether an answer is right. */
export function searchTerms({ title, author }: Pick<BookQuery, "title" | "author">): SearchTerms {
  const [main_title, ...rest] = splitTitle(title);
  const isSeriesLed = rest.length > 0 && SERIES_PLACE.test(main_title);
  return {
    main_title,
    title_in_series: isSeriesLed ? rest.join(" ") : null,
    ...firstAuthor(author),
  };
}

/** "Last, First" is turned round; suffixes, roles in brackets and further authors are left out. */
function firstAuthor(author: string): Pick<SearchTerms, "author" | "surname"> {
  const bare = boundedLine(author, MAX_CREDIT_LENGTH).replace(/[([][^)\]]*[)\]]/g, " ")
    .replace(REAL_NAME, "");
  const first = splitCredit(bare).find((name) => name.trim() !== "") ?? "";
  const [before = "", after = "", ...more] = first.split(",").map((part) => part.trim());
  const isInverted = after !== "" && more.length === 0 && !isNameSuffix(after) &&
    !before.includes(" ");
  const words = (isInverted ? `${after} ${before}` : before).split(/\s+/)
    .filter((word) => word !== "" && !isNameSuffix(word));
  return { author: words.join(" "), surname: words.at(-1) ?? "" };
}

/**
 * The words of a title or name as typed, without what stands between them, so that nothing in them
 * can be taken for an operator of a query language. As many as fit into `maxLength` characters
 * together with the spaces between them.
 */
export function searchWords(text: string, maxLength = 200): readonly string[] {
  const words: string[] = [];
  let length = 0;
  for (const [word] of text.matchAll(/[\p{L}\p{M}\p{N}]+(?:['’.-][\p{L}\p{M}\p{N}]+)*/gu)) {
    length += word.length + 1;
    if (length > maxLength + 1) break;
    words.push(word);
  }
  return words;
}

/** Too frequent in titles to tell any apart. */
const FILLERS = new Set(["a", "an", "and", "the", "of", "in", "to"]);

/** Those of the words that tell titles apart. */
export function tellingWords(words: readonly string[]): readonly string[] {
  return words.filter((word) => !FILLERS.has(word.toLowerCase()));
}

/**
 * Whether a record may well be the book asked for: an author's name has the surname, and the titles
 * share all but one in five of the words asked for or are a slip or two apart. Only decides whether
 * another request is worth its price.
 */
export function looksLike(
  record: Pick<WorkCandidate, "title" | "subtitle" | "authors">,
  terms: SearchTerms,
): boolean {
  return hasAuthor(record, terms) && hasTitle(record, terms);
}

/** Whether one of the record's authors bears the surname asked for. */
export function hasAuthor(
  { authors }: Pick<WorkCandidate, "authors">,
  terms: SearchTerms,
): boolean {
  const wanted = foldWords(terms.surname);
  const words = new Set(authors.flatMap(foldWords));
  return wanted.length > 0 && wanted.every((word) => words.has(word));
}

/** Whether the record's title is the one asked for, whoever wrote it. */
export function hasTitle(
  record: Pick<WorkCandidate, "title" | "subtitle">,
  { main_title, title_in_series }: SearchTerms,
): boolean {
  return [main_title, title_in_series].some((asked) =>
    asked !== null && (sharesWords(record, asked) || isSlipOf(record, asked))
  );
}

function sharesWords(
  { title, subtitle }: Pick<WorkCandidate, "title" | "subtitle">,
  asked: string,
): boolean {
  const wanted = foldWords(asked);
  const found = new Set(foldWords(`${title} ${subtitle ?? ""}`));
  const shared = wanted.filter((word) => found.has(word)).length;
  return wanted.length > 0 && shared >= wanted.length * 0.8;
}

function isSlipOf({ title }: Pick<WorkCandidate, "title">, asked: string): boolean {
  const wanted = foldWords(asked).join("");
  const found = foldWords(searchTerms({ title, author: "" }).main_title).join("");
  const slips = Math.floor(wanted.length / 8);
  return slips > 0 && editDistance(wanted, found, slips) <= slips;
}
