import { stableChoice, stableShare } from "../../../src/simulator/faults/random.ts";
import { type AskableBook, draw } from "./askable_books.ts";
import type { AskedQuestion, MadeRecord } from "./asked_question.ts";
import type { Asking } from "./asking.ts";

interface Form {
  readonly category: string;
  title(book: Pick<AskableBook, "title" | "author">): string;
  /** Something about the book that bears both names. */
  trap(book: Pick<AskableBook, "title" | "author" | "year">, trap: TrapParts): MadeRecord;
}

interface TrapParts {
  readonly id: string;
  readonly asking: Asking;
}

const FORMS: readonly Form[] = [
  {
    category: "by-author",
    title: ({ title, author }) => `${title} by ${author}`,
    trap: ({ title, author, year }, { id, asking }) =>
      asking.records.make(`digest:${id}`, {
        title: stableChoice(`digest form:${id}`, [
          `Summary of ${title} by ${author}`,
          `${title} by ${author}: Summary and Analysis`,
          `${title}: by ${author} | Key Takeaways and Review`,
        ]),
        authors: [stableChoice(`digest house:${id}`, [author, "Rapid Digests", "Page Companion"])],
        published: String(year + (stableShare(`digest year:${id}`) < 0.5 ? 0 : 1)),
      }),
  },
  {
    category: "author-title",
    title: ({ title, author }) => `${author}'s ${title}`,
    trap: ({ title, author, year }, { id, asking }) =>
      asking.records.make(`criticism:${id}`, {
        title: `${author}'s ${title}`,
        subtitle: stableChoice(`criticism form:${id}`, ["A Reader's Guide", "A Casebook"]),
        authors: [criticOf(id, { author, asking })],
        publisher: "Continuum",
        published: String(year + (stableShare(`criticism year:${id}`) < 0.5 ? 0 : 2)),
      }),
  },
];

/** Somebody else's name, out of the data. */
function criticOf(id: string, { author, asking }: { author: string; asking: Asking }): string {
  const others = asking.books.filter((book) => !book.authors.includes(author));
  const [critic] = draw(others, { key: `critic:${id}`, count: 1, idOf: ({ work }) => work.id });
  if (critic === undefined) throw new Error("The data knows nobody else who could be the critic");
  return critic.author;
}

const TRAPPED_SHARE = 0.5;

/**
 * Books asked for with the author's name in the title, half of them beside a digest or a guide that bears
 * both; and books nobody wrote, of which the digest is all there is.
 */
export function authorQuestions(asking: Asking): AskedQuestion[] {
  const idOf = ({ work }: AskableBook) => work.id;
  return FORMS.flatMap(({ category, title, trap }) => {
    const drawn = asking.take(category, { count: asking.count });
    const unwritten = draw(asking.books, {
      key: `no ${category}`,
      count: asking.nothing_count,
      idOf,
    });
    return [
      ...drawn.map((book): AskedQuestion => ({
        category,
        query: { title: title(book), author: book.author, year: book.year },
        right: book.isbn13s,
        work: book.work.id,
        traps: stableShare(`${category} trap:${book.work.id}`) < TRAPPED_SHARE
          ? [trap(book, { id: book.work.id, asking })]
          : [],
      })),
      ...unwritten.map((book): AskedQuestion => {
        const invented = {
          ...book,
          title: asking.inventTitle(`${category}:${book.work.id}`, book.author),
        };
        return {
          category,
          query: { title: title(invented), author: book.author, year: book.year },
          right: [],
          work: null,
          traps: [trap(invented, { id: `no ${book.work.id}`, asking })],
        };
      }),
    ];
  });
}
