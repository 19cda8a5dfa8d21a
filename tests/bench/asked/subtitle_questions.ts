import { foldText } from "../../../src/domain/text/fold_text.ts";
import type { Catalogue, SimulatedWork } from "../../../src/simulator/books/catalogue.ts";
import { stableChoice, stableShare } from "../../../src/simulator/faults/random.ts";
import {
  type AskableBook,
  type AskedBefore,
  draw,
  isAskedBefore,
  onlyBearer,
} from "./askable_books.ts";
import type { AskedQuestion, MadeRecord } from "./asked_question.ts";
import type { Asking } from "./asking.ts";
import { holdersOf } from "./made_records.ts";

/** What books say of themselves in words that mark other records as made from a book. */
const OWN_WORDINGS: readonly [string, ...string[]] = [
  "A Graphic Novel",
  "A Graphic Memoir",
  "The Official Cookbook",
  "A Screenplay",
  "An Unauthorized Biography",
  "The Essential Guide to *",
  "The Complete Handbook of *",
  "Notes on *",
  "The Making of *",
  "A Companion to *",
  "The Legend of * Retold",
  "An Illustrated Journal of *",
];

const TRAPPED_SHARE = 0.5;

/**
 * Books that describe themselves in such words, asked for by their bare title: they are made of the data's
 * titles and people, and half of them have a digest beside them. Those that have no answer are known by
 * nothing but an adaptation, with the adapter's name beside the author's.
 */
export function ownWordingQuestions(asking: Asking): AskedQuestion[] {
  const category = "subtitle-own-words";
  const idOf = ({ work }: AskableBook) => work.id;
  const drawn = draw(asking.books, { key: category, count: asking.count, idOf });
  const adapted = draw(asking.books, { key: `no ${category}`, count: asking.nothing_count, idOf });
  return [
    ...drawn.map(({ work, author, authors, year, published }): AskedQuestion => {
      const id = `own wording:${work.id}`;
      const title = asking.inventTitle(id, author);
      const subtitle = stableChoice(`${id} form`, OWN_WORDINGS)
        .replace("*", asking.inventTitle(`${id} object`, author));
      const record = asking.records.make(id, {
        title,
        subtitle,
        authors,
        published,
        // A book of its own is held as widely as others are.
        holders: [...new Set([...holdersOf(id), "google_books", "isbndb"] as const)],
      });
      const digest = () =>
        asking.records.make(`${id} digest`, {
          title: `${title}: Summary and Study Guide`,
          authors: [author],
          published: String(year + 1),
        });
      return {
        category,
        query: { title, author, year },
        right: [record.isbn13],
        work: null,
        own: [record],
        traps: stableShare(`${id} trap`) < TRAPPED_SHARE ? [digest()] : [],
      };
    }),
    ...adapted.map(({ work, author, year }): AskedQuestion => {
      const id = `adapted:${work.id}`;
      const title = asking.inventTitle(id, author);
      const others = asking.books.filter(({ authors }) => !authors.includes(author));
      const [adapter] = draw(others, { key: id, count: 1, idOf });
      const trap = asking.records.make(id, {
        title,
        subtitle: "The Graphic Novel",
        authors: [author, ...(adapter === undefined ? [] : [adapter.author])],
        published: String(year + 3),
      });
      return { category, query: { title, author, year }, right: [], work: null, traps: [trap] };
    }),
  ];
}

interface SubtitledBook {
  readonly work: SimulatedWork;
  readonly title: string;
  readonly subtitle: string;
  readonly author: string;
  readonly authors: readonly string[];
  readonly year: number;
}

/** Longer ones are often told in other words, so that a word alone would tell nothing. */
const MOST_WORDS = 6;
const MIN_TELLING_LETTERS = 4;
/** Words that say of what sort a book is and not which one. */
const TELLS_NOTHING =
  /^(?:novels?|story|stories|memoirs?|tales?|poems?|essays?|edition|book|volume|life|history|with|from|your|that|this|into|between|through|their)$/;

function tellingWords(subtitle: string): string[] {
  return (subtitle.match(/\p{L}+/gu) ?? []).filter((word) =>
    word.length >= MIN_TELLING_LETTERS && !TELLS_NOTHING.test(foldText(word))
  );
}

function subtitledBooks(catalogue: Catalogue, asked: AskedBefore): SubtitledBook[] {
  const isAlone = onlyBearer(catalogue);
  return catalogue.works.flatMap((work): SubtitledBook[] => {
    const [edition] = work.editions;
    const [author] = work.authors;
    if (edition === undefined || work.editions.length > 1) return [];
    if (isAskedBefore(work, asked)) return [];
    const { title, subtitle, published, publisher, language, format } = edition;
    if (subtitle === null || published === null || author === undefined) return [];
    // A recording is no answer.
    if (/audi/i.test(publisher ?? "")) return [];
    // The light novels are told apart by numbers and have no authors.
    if (format !== null || (language ?? "en") !== "en") return [];
    if (!/^[\p{L}' -]+$/u.test(`${title} ${subtitle}`)) return [];
    if (subtitle.split(" ").length > MOST_WORDS || tellingWords(subtitle).length < 2) return [];
    if (!isAlone(work, title)) return [];
    const { authors } = work;
    return [{ work, title, subtitle, author, authors, year: Number(published.slice(0, 4)) }];
  });
}

/**
 * Books with their subtitles, each beside another of the same people and main title whose subtitle has
 * another telling word; and such others asked for, where only the first is known.
 */
export function siblingQuestions(
  asking: Asking,
  { catalogue, asked }: { catalogue: Catalogue; asked: AskedBefore },
): AskedQuestion[] {
  const category = "sibling-subtitle";
  const books = subtitledBooks(catalogue, asked);
  const idOf = ({ work }: SubtitledBook) => work.id;
  const drawn = draw(books, { key: category, count: asking.count, idOf });
  // A record that leaves the subtitle out is as good as one of the sibling's: nobody could tell.
  const whole = books.filter((book) => !drawn.includes(book) && !asking.isHeldBare(book.work.id));
  const unknown = draw(whole, {
    key: `no ${category}`,
    count: asking.nothing_count,
    idOf,
  });
  return [
    ...drawn.map((book): AskedQuestion => ({
      category,
      query: { title: `${book.title}: ${book.subtitle}`, author: book.author, year: book.year },
      right: book.work.editions.map(({ isbn13 }) => isbn13),
      work: book.work.id,
      traps: [sibling(book, { books, asking })],
    })),
    ...unknown.map((book): AskedQuestion => {
      const subtitle = siblingSubtitle(book, books);
      const { title, author, year } = book;
      const query = { title: `${title}: ${subtitle}`, author, year };
      return { category, query, right: [], work: null, traps: [] };
    }),
  ];
}

function sibling(
  book: SubtitledBook,
  { books, asking }: { books: readonly SubtitledBook[]; asking: Asking },
): MadeRecord {
  const id = `sibling:${book.work.id}`;
  return asking.records.make(id, {
    title: book.title,
    subtitle: siblingSubtitle(book, books),
    authors: book.authors,
    published: String(book.year + (stableShare(`${id} year`) < 0.5 ? 0 : 1)),
  });
}

/** The subtitle with its longest telling word replaced by that of another book. */
function siblingSubtitle(book: SubtitledBook, books: readonly SubtitledBook[]): string {
  const own = longest(tellingWords(book.subtitle));
  const whole = foldText(`${book.title} ${book.subtitle}`);
  const words = books.map(({ subtitle }) => longest(tellingWords(subtitle)))
    .filter((word) => !whole.includes(foldText(word).slice(0, MIN_TELLING_LETTERS)));
  const [other] = draw([...new Set(words)], {
    key: `sibling:${book.work.id}`,
    count: 1,
    idOf: (word) => word,
  });
  if (other === undefined) throw new Error(`No subtitle has a word that "${whole}" lacks`);
  return book.subtitle.replace(own, other);
}

function longest(words: readonly string[]): string {
  return words.reduce((best, word) => word.length > best.length ? word : best, "");
}
