import { stableChoice } from "../../../src/simulator/faults/random.ts";
import { type AskableBook, draw } from "./askable_books.ts";
import type { AskedQuestion, MadeRecord } from "./asked_question.ts";
import type { Asking } from "./asking.ts";

interface Addition {
  readonly kind: string;
  /** The title of what is sold under the book's title; `other` is a title nobody has written. */
  title(book: string, other: string): string;
  readonly subtitle?: string;
  /** It says what it is, whenever it came out; others may pass for the book if their year does. */
  readonly isTelling: boolean;
}

const ADDITIONS: readonly [Addition, ...Addition[]] = [
  { kind: "reader", title: (book) => `${book} (Penguin Readers, Level 3)`, isTelling: true },
  {
    kind: "reader with a level",
    title: (book) => book,
    subtitle: "Oxford Bookworms Library, Stage 5",
    isTelling: true,
  },
  {
    kind: "condensed",
    title: (book, other) => `Reader's Digest Condensed Books: ${book}, ${other}`,
    isTelling: true,
  },
  { kind: "part", title: (book) => book, subtitle: "Part One", isTelling: true },
  { kind: "chapters", title: (book) => `${book}, Chapters 1-10`, isTelling: true },
  { kind: "half volume", title: (book) => `${book}, Volume 2 of 2`, isTelling: true },
  {
    kind: "dramatisation",
    title: (book) => book,
    subtitle: "A BBC Radio 4 Full-Cast Dramatisation",
    isTelling: true,
  },
  { kind: "display pack", title: (book) => `${book} 12-Copy Floor Display`, isTelling: true },
  { kind: "kit", title: (book) => `${book} Book Club Kit`, isTelling: true },
  { kind: "game", title: (book) => book, subtitle: "The Board Game", isTelling: true },
  { kind: "comic", title: (book) => `${book}: The Graphic Novel, Vol. 1`, isTelling: true },
  { kind: "two in one", title: (book, other) => `${book}; ${other}`, isTelling: true },
  { kind: "bundle", title: (book, other) => `${book} / ${other} Box Set`, isTelling: true },
  { kind: "other subtitle", title: (book, other) => `${book}: ${other}`, isTelling: false },
  { kind: "bracket", title: (book, other) => `${book} (${other})`, isTelling: false },
];

/** Years after the book; those of what does not say what it is are beyond the doubt about a year. */
const YEARS_AFTER = [0, 0, 1, 4, 9] as const;
const YEARS_AFTER_UNTOLD = [3, 6, 10] as const;

/**
 * Books asked for by their bare title beside something else that is sold under it; and books nobody wrote,
 * of which that is all there is.
 */
export function additionQuestions(asking: Asking): AskedQuestion[] {
  const category = "addition";
  const idOf = ({ work }: AskableBook) => work.id;
  const drawn = asking.take(category, { count: asking.count });
  const unwritten = draw(asking.books, {
    key: `no ${category}`,
    count: asking.nothing_count,
    idOf,
  });
  return [
    ...drawn.map((book, position): AskedQuestion => {
      const { title, author, year, isbn13s, work } = book;
      const trap = addition(book, { id: `addition:${work.id}`, position, asking });
      return {
        category,
        query: { title, author, year },
        right: isbn13s,
        work: work.id,
        traps: [trap],
      };
    }),
    ...unwritten.map((book, position): AskedQuestion => {
      const id = `no addition:${book.work.id}`;
      const title = asking.inventTitle(id, book.author);
      const trap = addition({ ...book, title }, { id, position, asking });
      const query = { title, author: book.author, year: book.year };
      return { category, query, right: [], work: null, traps: [trap] };
    }),
  ];
}

function addition(
  { title, authors, year }: Pick<AskableBook, "title" | "authors" | "year">,
  { id, position, asking }: { id: string; position: number; asking: Asking },
): MadeRecord {
  const { subtitle = null, isTelling, ...form } = ADDITIONS[position % ADDITIONS.length] ??
    ADDITIONS[0];
  const years = isTelling ? YEARS_AFTER : YEARS_AFTER_UNTOLD;
  return asking.records.make(id, {
    title: form.title(title, asking.inventTitle(`${id} other`, authors[0] ?? "")),
    subtitle,
    authors,
    published: String(year + stableChoice<number>(`${id} year`, [years[0], ...years.slice(1)])),
  });
}
