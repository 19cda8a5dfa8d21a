import type { SeriesOddities } from "../faults/oddities.ts";
import { stableChoice, stableShare } from "../faults/random.ts";
import type { ToldBook } from "./answer_schema.ts";

type ToldTitle = Pick<ToldBook, "title" | "series" | "number">;

/** "Divergent #2" as the data has it, as a name and a place. */
function splitSeries(series: string): Pick<ToldBook, "series" | "number"> {
  const [, name = series, number = null] = /^(.*\S)\s+#(\S+)$/.exec(series) ?? [];
  return { series: name, number };
}

/** The ways in which the series is left in the title. */
const IN_TITLE: readonly [(book: ToldTitle) => string, ...((book: ToldTitle) => string)[]] = [
  ({ title, series }) => `${series}: ${title}`,
  ({ title, series, number }) => `${title} (${series}${number === null ? "" : `, #${number}`})`,
  ({ title, series, number }) => number === null ? title : `${title}, ${series} #${number}`,
];

/** A title in each of the ways in which the series of the data ("Divergent #2") may be left in it. */
export function titlesWithSeries(title: string, series: string): string[] {
  return IN_TITLE.map((form) => form({ title, ...splitSeries(series) }));
}

/** Places are miscounted, and series taken for others. */
function wrongly(book: ToldTitle, { key, others }: NamedSeries): ToldTitle {
  const isMiscounted = book.number !== null && stableShare(`miscounted:${key}`) < 0.5;
  if (isMiscounted) return { ...book, number: String(Math.floor(Number(book.number)) + 1) };
  const [first = book.series ?? "", ...more] = others;
  return { ...book, ...splitSeries(stableChoice(`another:${key}`, [first, ...more])) };
}

interface NamedSeries {
  readonly oddities: SeriesOddities;
  /** The same key gives the same answer. */
  readonly key: string;
  /** Series of the data, one of which a book may be taken to belong to by mistake. */
  readonly others: readonly string[];
}

/**
 * How a model names a book and its series ("Divergent #2", undefined for none): in fields of their own as
 * asked, or as the oddities have it only there, in the title as well or alone, wrongly, or not at all.
 */
export function tellSeries(
  { title, series }: { readonly title: string; readonly series: string | undefined },
  named: NamedSeries,
): ToldTitle {
  const { oddities, key } = named;
  const share = stableShare(`series:${key}`);
  if (series === undefined) {
    // A book that belongs to no series is said to be the first of its own.
    const isMadeUp = share < oddities.madeUpShare;
    return { title, series: isMadeUp ? title : null, number: isMadeUp ? "1" : null };
  }
  const book = { title, ...splitSeries(series) };
  const { missingShare, wrongShare, inTitleShare } = oddities;
  if (share < missingShare) return { title, series: null, number: null };
  if (share < missingShare + wrongShare) return wrongly(book, named);
  if (share >= missingShare + wrongShare + inTitleShare) return book;
  const inTitle = stableChoice(`in title:${key}`, IN_TITLE)(book);
  const isAlsoStated = stableShare(`also stated:${key}`) < 0.5;
  return isAlsoStated
    ? { ...book, title: inTitle }
    : { title: inTitle, series: null, number: null };
}
