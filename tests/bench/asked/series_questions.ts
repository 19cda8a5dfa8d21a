import { foldText } from "../../../src/domain/text/fold_text.ts";
import { stableShare } from "../../../src/simulator/faults/random.ts";
import type { AskedQuestion, MadeRecord } from "./asked_question.ts";
import { type AskableBook, draw } from "./askable_books.ts";
import type { Asking } from "./asking.ts";

/** A way in which a volume is named with its series. */
interface Form {
  readonly category: string;
  title(volume: Pick<Volume, "title" | "series">): string;
  /**
   * Whether it could be read as another form, in which the series' name is the title. A book of that name
   * and year is then no trap but as good an answer, unless a record that need not be paid for tells the
   * series in a bracket.
   */
  readonly isTwofold: boolean;
}

/** Share of the volumes beside which a reprint named like the series came out in the same year. */
const REPRINTED_SHARE = 0.5;

/** Those first that others have to keep their reprints off. */
const FORMS: readonly Form[] = [
  {
    category: "title-series",
    title: ({ title, series }) => `${title}: ${series.name}`,
    isTwofold: true,
  },
  {
    category: "series-title",
    title: ({ title, series }) => `${series.name}: ${title}`,
    isTwofold: false,
  },
  {
    category: "listed-series",
    title: ({ title, series }) => `${title}, ${series.name} #${series.number}`,
    isTwofold: false,
  },
  {
    category: "book-number",
    title: ({ title, series }) => `${title}: Book ${series.number}`,
    isTwofold: false,
  },
];

interface Volume extends AskableBook {
  readonly series: NonNullable<AskableBook["series"]>;
}

/**
 * Volumes asked for together with their series, some of them beside a book of the same year that is
 * called like the series alone, as reprints of a first volume are; and volumes nobody wrote, of which
 * that book is all there is.
 */
export function seriesQuestions(asking: Asking): AskedQuestion[] {
  const volumes = asking.books.filter(isVolume);
  const count = Math.min(asking.count, Math.floor(volumes.length / FORMS.length));
  const titled = new Set(asking.books.map(({ title, author }) => nameKey(title, author)));
  const named = new Set(volumes.map(seriesKey).filter((key) => titled.has(key)));
  // A reprint is a trap for every volume of its series and year, also for one that is to have none.
  const spared = new Set<string>();
  return FORMS.flatMap(({ category, title: form, isTwofold }) => {
    const idOf = ({ work }: Volume) => work.id;
    // A first book that gave its series the name is as good an answer, whatever was printed beside it.
    const isMeant = (book: AskableBook) =>
      isVolume(book) && !(isTwofold && named.has(seriesKey(book)));
    const drawn = asking.take(category, { count, isMeant }).filter(isVolume);
    const isSpared = (volume: Volume) =>
      spared.has(seriesKey(volume)) || spared.has(reprintOf(volume));
    const unwritten = draw(volumes.filter((volume) => !isSpared(volume)), {
      key: `no ${category}`,
      count: asking.nothing_count,
      idOf,
    });
    if (isTwofold) {
      // Of a volume that nobody wrote there is nothing to set against a book of any year.
      for (const volume of unwritten) spared.add(seriesKey(volume));
      const untold = drawn.filter(({ work }) => !asking.isHeldWithSeries(work.id));
      for (const volume of untold) {
        for (const years of [-1, 0, 1]) {
          spared.add(reprintOf({ ...volume, year: volume.year + years }));
        }
      }
    }
    const trapsFor = (volume: Volume, share: number): readonly MadeRecord[] =>
      stableShare(`reprinted:${volume.work.id}`) < share && !isSpared(volume)
        ? [reprint(volume, asking)]
        : [];
    return [
      ...drawn.map((volume): AskedQuestion => ({
        category,
        query: { title: form(volume), author: volume.author, year: volume.year },
        right: volume.isbn13s,
        work: volume.work.id,
        traps: trapsFor(volume, REPRINTED_SHARE),
      })),
      ...unwritten.map((volume): AskedQuestion => {
        const title = asking.inventTitle(`${category}:${volume.work.id}`, volume.author);
        return {
          category,
          query: { title: form({ ...volume, title }), author: volume.author, year: volume.year },
          right: [],
          work: null,
          traps: trapsFor(volume, 1),
        };
      }),
    ];
  });
}

function isVolume(book: AskableBook): book is Volume {
  return book.series !== null;
}

function seriesKey({ series, author }: Volume): string {
  return nameKey(series.name, author);
}

/** The same for a title and a series' name with and without an article. */
function nameKey(name: string, author: string): string {
  return `${foldText(name).replace(/^(?:the|an?) /, "")}:${author}`;
}

/** One a year for a series, however many of its volumes are asked for. */
function reprintOf({ series, author, year }: Volume): string {
  return `reprint:${series.name}:${author}:${year}`;
}

function reprint(volume: Volume, { records }: Asking) {
  const { series, authors, year } = volume;
  return records.make(reprintOf(volume), {
    title: series.name,
    authors,
    publisher: "Harbour Classics",
    published: String(year),
  });
}
