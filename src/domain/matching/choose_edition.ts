import type { Binding, BookQuery } from "./resolver.ts";
import type { PartialDate } from "../months/partial_date.ts";
import { MAIN } from "../titles/title_match.ts";
import type { EligibleEdition } from "./measure_editions.ts";
import type { MeasuredRecord } from "./score_work.ts";

/** An eligible edition with the record it came from. */
export interface EditionChoice extends EligibleEdition {
  readonly record: MeasuredRecord;
}

/** Trade editions first; forms made for other uses last. */
const BINDING_ORDER: readonly (Binding | null)[] = [
  "hardcover",
  "paperback",
  null,
  "other",
  "ebook",
  "mass_market",
  "large_print",
  "library",
  "audio",
];

/** Where an undated edition stands: behind those of the same few years, before late reprints. */
const UNDATED_MONTHS = 60;

/** Months between publication and what was asked for; a year without month counts as its middle. */
function monthsApart(published: PartialDate | null, query: BookQuery): number {
  if (published === null) return UNDATED_MONTHS;
  const years = Math.abs(published.year - query.year);
  if (query.month === null) return years * 12;
  if (published.month === null) return years === 0 ? 6 : years * 12;
  return Math.abs((published.year - query.year) * 12 + published.month - query.month);
}

/** 0 for the title asked for, 1 when it says more than was asked, 2 for another title of the work. */
function titleTier({ title_match, record }: EditionChoice): number {
  if (title_match.agreement === "full") return 0;
  if (title_match.agreement !== "main" && title_match.agreement !== "segment") {
    return title_match.agreement === "near" ? 1 : 2;
  }
  // A part or another version of the work may be among its editions.
  if (title_match.score < MAIN.score) return 1;
  // A work record vouches for the subtitles of its own editions.
  return record.title_match.agreement === "full" && record.work.editions.length > 1 ? 0 : 1;
}

/** An edition of unknown language that bears the title asked for is in the language asked for. */
function languageRank(choice: EditionChoice, query: BookQuery): number {
  const { printed_in } = choice;
  if (printed_in === query.language) return 0;
  if (printed_in !== null) return 2;
  return titleTier(choice) < 2 ? 0 : 1;
}

function completeness({ edition }: EditionChoice): number {
  return [edition.published, edition.language, edition.binding, edition.publisher, edition.pages]
    .filter((field) => field !== null).length;
}

/**
 * The edition whose ISBN stands for the work: the first trade edition in the language asked for.
 * In order: language, the title asked for, the month nearest to the query, binding (hardcover, trade
 * paperback, e-book, mass market, large print and library binding), the fuller description, the
 * lowest ISBN. Null when there is none to choose from.
 */
export function chooseEdition(
  choices: readonly EditionChoice[],
  query: BookQuery,
): EditionChoice | null {
  const ranked = choices.map((choice) => ({
    choice,
    rank: [
      languageRank(choice, query),
      titleTier(choice),
      monthsApart(choice.edition.published, query),
      BINDING_ORDER.indexOf(choice.edition.binding),
      -completeness(choice),
    ],
  }));
  ranked.sort((a, b) => {
    const index = a.rank.findIndex((value, place) => value !== b.rank[place]);
    if (index !== -1) return a.rank[index]! - b.rank[index]!;
    return a.choice.edition.isbn13 < b.choice.edition.isbn13 ? -1 : 1;
  });
  return ranked[0]?.choice ?? null;
}
