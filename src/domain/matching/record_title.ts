import { parseAuthors, type PersonName } from "../names/author_name.ts";
import type { BookQuery, WorkCandidate } from "./resolver.ts";
import { statedSeriesNames, titleReadings, titleWithSeries } from "../series/title_with_series.ts";
import { parseTitle, type TitleParts } from "../titles/parse_title.ts";
import { compareBehindBrand, withoutCredit } from "../titles/title_credit.ts";
import { conflict, MAIN, SAME_TITLE, type TitleMatch } from "../titles/title_match.ts";
import { compareTitles } from "../titles/title_score.ts";
import { isSameText } from "../titles/title_spelling.ts";
import { wholeTitle } from "../titles/whole_title.ts";

/** A query parsed once for all candidates. */
export interface PreparedQuery {
  readonly query: BookQuery;
  /** The whole title asked for, with the series that is stated beside it. */
  readonly asked_title: string;
  readonly title: TitleParts;
  /** Other ways to read the title: with a name in it, another of its commas before a series, no place. */
  readonly readings: readonly TitleParts[];
  readonly authors: readonly PersonName[];
  /** Folded names of series: of those that are stated, and of those in brackets on any record. */
  readonly series: ReadonlySet<string>;
}

/** Parses the query; `works` are all records that it will be compared with. */
export function prepareQuery(
  query: BookQuery,
  works: readonly WorkCandidate[] = [],
): PreparedQuery {
  const authors = parseAuthors(query.author);
  const bare = withoutCredit(query.title, authors);
  const [first, ...others] = titleReadings({ ...query, title: bare });
  const asked_title = titleWithSeries(query);
  return {
    query,
    asked_title,
    title: parseTitle(first),
    readings: [...others, ...(bare === query.title ? [] : [asked_title])].map((one) =>
      parseTitle(one)
    ),
    authors,
    series: new Set([...statedSeriesNames(query), ...seriesNames(works)]),
  };
}

function seriesNames(works: readonly WorkCandidate[]): ReadonlySet<string> {
  const titles = works.flatMap((work) => [wholeTitle(work), ...work.editions.map(wholeTitle)]);
  return new Set(
    titles.filter((title) => /[([].*\d/.test(title))
      .flatMap((title) => parseTitle(title).series.map(({ name }) => name)),
  );
}

/** The persons whose names may stand in a record's title and be no part of it. */
export function creditedPersons(
  prepared: PreparedQuery,
  authors: readonly PersonName[],
): PersonName[] {
  return [...authors, ...prepared.authors];
}

/** A title of a record, read without the names of who wrote the book and, where it has some, with them. */
export function readRecordTitle(
  { title, subtitle }: { readonly title: string; readonly subtitle: string | null },
  persons: readonly PersonName[],
): readonly TitleParts[] {
  const bare = withoutCredit(title, persons);
  const read = (text: string) => parseTitle(text, subtitle);
  return bare === title ? [read(title)] : [read(bare), read(title)];
}

/** Compares a title of a record in each reading, else as one behind a brand. */
export function compareRecordTitle(
  prepared: PreparedQuery,
  { text, readings }: { text: string; readings: readonly TitleParts[] },
): TitleMatch {
  const [first, ...others] = [prepared.title, ...prepared.readings].flatMap((one) =>
    readings.map((reading) => compareTitles(one, reading))
  ) as [TitleMatch, ...TitleMatch[]];
  const match = others.reduce((best, one) => isBetterMatch(one, best) ? one : best, first);
  const isBare = readings[0]!.segments.length === 1;
  if (isBare && ["stem", "segment"].includes(match.agreement)) {
    return bareHalf(prepared, { match, bare: readings[0]! });
  }
  if (match.score >= SAME_TITLE || match.agreement === "conflict") return match;
  return compareBehindBrand(text, prepared.title) ??
    compareBehindBrand(prepared.query.title, readings[0]!) ?? match;
}

/**
 * A record that bears one half of the title asked for: where records show which half is a series, the other
 * half is the title, as of "The Indwelling: Left Behind", and the bare series name is none.
 */
function bareHalf(
  { title, series }: PreparedQuery,
  { match, bare }: { match: TitleMatch; bare: TitleParts },
): TitleMatch {
  if (title.subtitle === null) return match;
  const isSeries = (text: string) => [...series].some((name) => isSameText(name, text));
  // "Day by Day Armageddon 1: Day by Day Armageddon": both halves are the series, and one is the title too.
  const isMainSeries = isSeries(title.main.replace(/ \d+$/, ""));
  const isRestSeries = isSeries(title.subtitle);
  if (isMainSeries === isRestSeries) return match;
  const isMain = isSameText(bare.main, title.main);
  if (isMain === isMainSeries) return conflict("the series, not the part asked for");
  return isMain ? { ...MAIN, needs: "exact_year" } : match;
}

/** Of two possible titles the one that needs nothing beside it, else the better score. */
export function isBetterMatch(a: TitleMatch, b: TitleMatch): boolean {
  const arePossible = a.score >= SAME_TITLE && b.score >= SAME_TITLE;
  if (arePossible && (a.needs === null) !== (b.needs === null)) return a.needs === null;
  return a.score > b.score;
}
