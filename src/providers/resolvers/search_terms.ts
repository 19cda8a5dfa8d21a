import { listedSeriesReadings } from "../../domain/titles/listed_series.ts";
import { isNameSuffix, parseAuthors, splitCredit } from "../../domain/names/author_name.ts";
import { parseSubtitle, splitTitle } from "../../domain/titles/parse_title.ts";
import { surelyExplainsTitle } from "../../domain/titles/subtitle_score.ts";
import { withoutCredit } from "../../domain/titles/title_credit.ts";
import { volumeTitle } from "../../domain/series/title_with_series.ts";
import { boundedLine, MAX_CREDIT_LENGTH } from "../../domain/text/bounded_line.ts";
import { editDistance } from "../../domain/text/edit_distance.ts";
import { foldWords } from "../../domain/text/fold_text.ts";
import type { BookQuery, WorkCandidate } from "../../domain/matching/resolver.ts";

/** A book query cut down to what a catalogue's search understands. */
export interface SearchTerms {
  /**
   * What may be the title, the likeliest first: what stands before a subtitle, and what follows a series
   * ("Night Huntress 3: …", "Divergent: …"), which many records leave out. Without what stands in brackets.
   */
  readonly titles: readonly [string, ...string[]];
  /** The first author's name, given name first; empty when there is none. */
  readonly author: string;
  /** The word of it under which the author is most often found; empty when there is none. */
  readonly surname: string;
}

/** Whose name the cover bears stands behind it. */
const REAL_NAME = /^.*\bwriting\s+as\s+/i;

/** The words a query is sent with; nothing here decides whether an answer is right. */
export function searchTerms(
  { title, author, ...stated }: Pick<BookQuery, "title" | "author" | "series" | "number">,
): SearchTerms {
  // A masked word ("F**k") is spelt in every catalogue in its own way.
  const plain = title.replace(/\S*\*\S*/g, " ").trim() || title;
  const bare = withoutCredit(plain, parseAuthors(author));
  // Where the series stands in the title as well, the other half is the title. Where it does not, either
  // may be: what is stated may be another series, and one search too few finds the first book of it.
  const volume = volumeTitle({ title: bare, ...stated });
  const readings = listedSeriesReadings(volume).map(splitTitle);
  const [[main, ...rest], ...others] = readings as [readonly [string, ...string[]], ...string[][]];
  const behind = rest.findLast(isTitle);
  const mains = [main, ...others.flatMap(([other]) => other ?? [])] as const;
  return {
    titles: behind === undefined ? mains : [behind, ...mains],
    ...firstAuthor(author),
  };
}

/** Whether what follows a colon may be a title: it has words of its own, no place, and need not explain. */
function isTitle(piece: string): boolean {
  const { subtitle, volumes } = parseSubtitle(piece);
  return subtitle !== null && volumes.length === 0 && !surelyExplainsTitle(subtitle);
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

/** Whether the record's title is one that is asked for, whoever wrote it. */
export function hasTitle(
  record: Pick<WorkCandidate, "title" | "subtitle">,
  { titles }: SearchTerms,
): boolean {
  return titles.some((asked) => sharesWords(record, asked) || isSlipOf(record, asked));
}

/**
 * Whether the records hold what may well be the book, so that no looser question is needed. Where either
 * half may be the title, a bare one of another year is as likely the first book of the series.
 */
export function isAnswered(
  works: readonly WorkCandidate[],
  { terms, year }: { terms: SearchTerms; year: number },
): boolean {
  const alike = works.filter((work) => looksLike(work, terms));
  return terms.titles.length === 1
    ? alike.length > 0
    : alike.some((work) =>
      isNear(work, year) || terms.titles.every((one) => sharesWords(work, one))
    );
}

/** Whether a date of the work or of an edition is at most a year away. */
function isNear({ first_published, editions }: WorkCandidate, year: number): boolean {
  return [first_published, ...editions.map(({ published }) => published)]
    .some((date) => date !== null && Math.abs(date.year - year) <= 1);
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
  const found = foldWords(splitTitle(title)[0]).join("");
  const slips = Math.floor(wanted.length / 8);
  return slips > 0 && editDistance(wanted, found, slips) <= slips;
}
