import type { ResolverName } from "../../../src/domain/matching/resolver.ts";
import { PAID_RESOLVERS, RESOLVER_NAMES } from "../../../src/domain/providers/provider_names.ts";
import { stableChoice, stableShare } from "../../../src/simulator/faults/random.ts";
import { type AskableBook, draw } from "./askable_books.ts";
import type { AskedQuestion } from "./asked_question.ts";
import type { Asking } from "./asking.ts";
import type { RecordFields } from "./made_records.ts";

/** An edition of the book that must not be answered, known to whoever is heard first. */
interface WrongEdition {
  readonly category: string;
  readonly heard: readonly ResolverName[];
  fields(book: Pick<AskableBook, "title" | "authors" | "published" | "year">, id: string): Fields;
}

type Fields = Omit<RecordFields, "holders">;

type Foreign = Required<Pick<RecordFields, "language" | "isbn_group" | "publisher">>;

const FREE = RESOLVER_NAMES.filter((name) => !PAID_RESOLVERS.includes(name));

const FOREIGN: readonly [Foreign, ...Foreign[]] = [
  { language: "fr", isbn_group: "2", publisher: "Éditions de la Rive" },
  { language: "de", isbn_group: "3", publisher: "Hafen Verlag" },
  { language: "es", isbn_group: "84", publisher: "Ediciones del Puerto" },
  { language: "it", isbn_group: "88", publisher: "Porto Editore" },
];

/** Houses that publish recordings only. */
const AUDIO_HOUSES = [
  "Brilliance Audio",
  "Random House Audio",
  "Books on Tape",
  "Recorded Books",
  "HarperAudio",
  "Simon & Schuster Audio",
  "Tantor Media",
  "Blackstone Audio",
] as const;

const WRONG_EDITIONS: readonly WrongEdition[] = [
  {
    category: "foreign-first",
    heard: FREE,
    fields: ({ title, authors, year }, id) => ({
      title,
      authors,
      published: String(year + stableChoice(`year:${id}`, [0, 0, 0, 1, 2])),
      ...stableChoice(`foreign:${id}`, FOREIGN),
    }),
  },
  {
    category: "audio-first",
    // Wikidata's client reads no publisher, so nothing would tell.
    heard: FREE.filter((name) => name !== "wikidata"),
    fields: ({ title, authors, published }, id) => ({
      title,
      authors: stableShare(`narrated:${id}`) < 0.3 ? [...authors, "Joan Readwell"] : authors,
      published,
      publisher: stableChoice(`house:${id}`, AUDIO_HOUSES),
    }),
  },
];

/**
 * Books of which the provider that is heard first has nothing but an edition in another language, or a
 * recording that only its publisher tells; and books of which nobody has anything else.
 */
export function editionQuestions(asking: Asking): AskedQuestion[] {
  return WRONG_EDITIONS.flatMap((wrong) => {
    const { category, heard } = wrong;
    const share = (count: number) => Math.ceil(count / heard.length);
    let missing = 0;
    return heard.flatMap((first): AskedQuestion[] => {
      const idOf = ({ work }: AskableBook) => work.id;
      const key = `${category}:${first}`;
      const count = share(asking.count) + missing;
      const drawn = asking.take(key, {
        // Who has nearly everything lacks few books; what is missing for one category is the next one's.
        count: Math.min(count, Math.ceil(lackedBy(first, asking) / WRONG_EDITIONS.length)),
        isMeant: ({ work }) => isKnownToOthers(first, { asking, work }),
      });
      missing = count - drawn.length;
      const nothing_count = share(asking.nothing_count);
      const alone = draw(asking.books, { key: `no ${key}`, count: nothing_count, idOf });
      return [
        ...drawn.map((book): AskedQuestion => {
          const id = `${key}:${book.work.id}`;
          const { title, author, year } = book;
          return {
            category,
            query: { title, author, year },
            right: book.isbn13s,
            work: book.work.id,
            traps: [asking.records.make(id, { ...wrong.fields(book, id), holders: [first] })],
            heard_first: first,
          };
        }),
        ...alone.map((book): AskedQuestion => {
          const id = `no ${key}:${book.work.id}`;
          const title = asking.inventTitle(id, book.author);
          const trap = asking.records.make(id, {
            ...wrong.fields({ ...book, title }, id),
            holders: [first],
          });
          const query = { title, author: book.author, year: book.year };
          return { category, query, right: [], work: null, traps: [trap], heard_first: first };
        }),
      ];
    });
  });
}

function lackedBy(first: ResolverName, asking: Asking): number {
  return asking.books.filter(({ work }) => isKnownToOthers(first, { asking, work })).length;
}

/** Whether somebody has the book, but not the one that is heard first. */
function isKnownToOthers(
  first: ResolverName,
  { asking, work }: { asking: Asking; work: AskableBook["work"] },
): boolean {
  return !asking.holds(first, work.id) &&
    FREE.some((name) => name !== "wikidata" && asking.holds(name, work.id));
}
