import type { ResolverName } from "../../../src/domain/matching/resolver.ts";
import { PAID_RESOLVERS, RESOLVER_NAMES } from "../../../src/domain/providers/provider_names.ts";
import { foldText } from "../../../src/domain/text/fold_text.ts";
import type { Catalogue, SimulatedEdition } from "../../../src/simulator/books/catalogue.ts";
import type { CatalogueRow } from "../../../src/simulator/books/catalogue_files.ts";
import { holdingOf } from "../../../src/simulator/books/coverage.ts";
import { createInventions } from "../../../src/simulator/language_models/invented_books.ts";
import { SERVICES } from "../../../src/simulator/services.ts";
import type { AddedWorks } from "../../../src/simulator/simulator.ts";
import { additionQuestions } from "./addition_questions.ts";
import { type AskableBook, askableBooks, type AskedBefore, draw } from "./askable_books.ts";
import type { AskedQuestion } from "./asked_question.ts";
import type { Asking } from "./asking.ts";
import { authorQuestions } from "./author_questions.ts";
import { editionQuestions } from "./edition_questions.ts";
import { createRecordMaker } from "./made_records.ts";
import { seriesQuestions } from "./series_questions.ts";
import { ownWordingQuestions, siblingQuestions } from "./subtitle_questions.ts";

/** Questions in the words of people, and what providers hold besides the data for them. */
export interface AskedQuestions {
  readonly questions: readonly AskedQuestion[];
  readonly added: AddedWorks;
}

/** Of a category; where the data has fewer books for it, all of those. */
const COUNTS = { count: 90, nothing_count: 12 } as const;

const SERIES_BRACKET = /\([^()]*#\s*\d[^()]*\)\s*$/;

/** Of which one is certainly unlike what its author wrote. */
const INVENTED_AT_ONCE = 6;

/**
 * Makes the questions that people ask of a data directory, always the same ones: who draws is a hash of
 * what is drawn. What is in `asked` is left to those who ask about it already.
 */
export function askedQuestions(
  { catalogue, filled, rows, asked }: {
    readonly catalogue: Catalogue;
    /** The same as the services have it. */
    readonly filled: Catalogue;
    readonly rows: readonly CatalogueRow[];
    readonly asked: AskedBefore;
  },
): AskedQuestions {
  const records = createRecordMaker(filled.isbns);
  const inventions = createInventions(catalogue);
  const titlesBy = titlesByAuthor(catalogue);
  const holdings = RESOLVER_NAMES.map((name) => ({
    name,
    works: holdingOf(filled, SERVICES[name]).works,
  }));
  const held = new Map<ResolverName, ReadonlySet<string>>(
    holdings.map(({ name, works }) => [name, new Set(works.map(({ id }) => id))]),
  );
  const idsWhere = (isMeant: (edition: SimulatedEdition, name: ResolverName) => boolean) =>
    new Set(
      holdings.flatMap(({ name, works }) =>
        works.filter(({ editions }) => editions.some((edition) => isMeant(edition, name)))
          .map(({ id }) => id)
      ),
    );
  const bare = idsWhere(({ subtitle }) => subtitle === null);
  const withSeries = idsWhere(({ title }, name) =>
    !PAID_RESOLVERS.includes(name) && SERIES_BRACKET.test(title)
  );
  const books = askableBooks({ catalogue, rows, asked });
  const taken = new Set<AskableBook>();
  const asking: Asking = {
    ...COUNTS,
    books,
    take(key, { count, isMeant = () => true }) {
      const free = books.filter((book) => !taken.has(book) && isMeant(book));
      const drawn = draw(free, { key, count, idOf: ({ work }) => work.id });
      for (const book of drawn) taken.add(book);
      return drawn;
    },
    records,
    inventTitle(key, author) {
      const title = inventions.make(key, INVENTED_AT_ONCE)
        .map((book) => book.title)
        .find((one) => !titlesBy(author).some((other) => overlap(foldText(one), other)));
      if (title === undefined) throw new Error("The data has too few titles to make another of");
      return title;
    },
    holds: (name, workId) => held.get(name)?.has(workId) === true,
    isHeldBare: (workId) => bare.has(workId),
    isHeldWithSeries: (workId) => withSeries.has(workId),
  };
  // Those that can use the fewest books take theirs first.
  const questions = books.length === 0 ? [] : [
    ...seriesQuestions(asking),
    ...editionQuestions(asking),
    ...authorQuestions(asking),
    ...additionQuestions(asking),
    ...ownWordingQuestions(asking),
    ...siblingQuestions(asking, { catalogue, asked }),
  ];
  return { questions, added: records.added() };
}

/** Folded titles by the author whose name is written exactly so. */
function titlesByAuthor({ works }: Catalogue): (author: string) => readonly string[] {
  const titles = new Map<string, string[]>();
  for (const { title, authors } of works) {
    for (const author of authors) {
      const own = titles.get(author) ?? [];
      titles.set(author, own);
      own.push(foldText(title));
    }
  }
  return (author) => titles.get(author) ?? [];
}

/** Whether one is within the other, word by word. */
function overlap(a: string, b: string): boolean {
  return ` ${a} `.includes(` ${b} `) || ` ${b} `.includes(` ${a} `);
}
