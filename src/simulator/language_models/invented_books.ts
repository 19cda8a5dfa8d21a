import { foldText } from "../../domain/text/fold_text.ts";
import type { Catalogue, SimulatedWork } from "../books/catalogue.ts";
import { stableHash } from "../faults/random.ts";
import { joinTitle } from "../books/title_parts.ts";
import { titlesWithSeries } from "./told_series.ts";

/** A title and the name or names it is given out under. */
export interface NamedBook {
  readonly title: string;
  readonly authors: readonly string[];
}

/** Books that were never written, in the style of the catalogue. */
export interface Inventions {
  /** So many books by real authors under titles that are no work's; always the same for a key. */
  make(key: string, count: number): readonly NamedBook[];
  /** Whether the catalogue has no work of that title by any of the authors named. */
  isInvented(book: { readonly title: string; readonly author: string }): boolean;
}

/** Titles that come apart into words without digits and punctuation. */
const PLAIN_TITLE = /^[A-Z][A-Za-z'’-]*(?: [A-Za-z'’-]+){1,5}$/;

interface Source {
  readonly words: readonly string[];
  readonly authors: readonly string[];
}

interface KnownTitles {
  /** Folded title to the folded names on the works that bear it; empty where nobody is named. */
  readonly byTitle: ReadonlyMap<string, ReadonlySet<string>>;
  readonly byAuthor: ReadonlyMap<string, ReadonlySet<string>>;
}

function formsOf(work: SimulatedWork): string[] {
  const editions = work.editions.flatMap((edition) => [
    edition.title,
    edition.rawTitle,
    joinTitle(edition),
  ]);
  const titles = [work.title, joinTitle(work)];
  const { series } = work;
  const withSeries = series === undefined
    ? []
    : titles.flatMap((title) => titlesWithSeries(title, series));
  return [...titles, ...withSeries, ...editions];
}

function put(map: Map<string, Set<string>>, { key, value }: { key: string; value: string | null }) {
  const set = map.get(key) ?? new Set();
  map.set(key, set);
  if (value !== null) set.add(value);
}

function knownTitles(works: readonly SimulatedWork[]): KnownTitles {
  const byTitle = new Map<string, Set<string>>();
  const byAuthor = new Map<string, Set<string>>();
  for (const work of works) {
    const names = new Set([...work.authors, ...work.editions.flatMap(({ authors }) => authors)]);
    const authors = [...names].map(foldText);
    for (const title of new Set(new Set(formsOf(work)).values().map(foldText))) {
      put(byTitle, { key: title, value: null });
      for (const author of authors) {
        put(byTitle, { key: title, value: author });
        put(byAuthor, { key: author, value: title });
      }
    }
  }
  return { byTitle, byAuthor };
}

/** Whether one of the titles is within the other, word by word: such a pair may pass for the same book. */
function overlap(a: string, b: string): boolean {
  return ` ${a} `.includes(` ${b} `) || ` ${b} `.includes(` ${a} `);
}

function choose<T>(key: string, choices: readonly T[]): T | undefined {
  return choices[stableHash(key) % Math.max(1, choices.length)];
}

/** The first words of one title and the last of another. */
function recombine(head: Source, tail: Source): string {
  const first = head.words.slice(0, Math.ceil(head.words.length / 2));
  const last = tail.words.slice(Math.ceil(tail.words.length / 2));
  return [...first, ...last].join(" ");
}

/** After so many a catalogue is too small to make anything new of. */
const MAX_TRIES_PER_BOOK = 50;

/** Makes books out of the notable works' titles and authors, and tells such books from real ones. */
export function createInventions(catalogue: Catalogue): Inventions {
  const known = knownTitles(catalogue.works);
  const sources: Source[] = [...catalogue.worksByMonth.values()].flat()
    .filter(({ title, authors }) => PLAIN_TITLE.test(title) && authors.length > 0)
    .map(({ title, authors }) => ({ words: title.split(" "), authors }));

  const isNew = (title: string, authors: readonly string[]): boolean => {
    const folded = foldText(title);
    if (known.byTitle.has(folded)) return false;
    return authors.map(foldText).every((author) =>
      [...known.byAuthor.get(author) ?? []].every((other) => !overlap(folded, other))
    );
  };

  const attempt = (key: string): NamedBook | null => {
    const head = choose(`${key}:head`, sources);
    const tail = choose(`${key}:tail`, sources);
    const authors = choose(`${key}:author`, sources)?.authors;
    if (!head || !tail || !authors) return null;
    const title = recombine(head, tail);
    return isNew(title, authors) ? { title, authors } : null;
  };

  return {
    make(key, count) {
      const made: NamedBook[] = [];
      for (let number = 0; made.length < count && number < count * MAX_TRIES_PER_BOOK; number++) {
        const book = attempt(`${key}:${number}`);
        if (book) made.push(book);
      }
      return made;
    },
    isInvented({ title, author }) {
      const main = title.split(": ", 1)[0] ?? title;
      const asked = ` ${foldText(author)} `;
      // A place in a series may be a wrong one, said of a real book.
      const bare = title.replace(/\s*\([^()]*\)\s*$/, "");
      return [title, main, bare].every((form) => {
        const names = known.byTitle.get(foldText(form));
        if (!names) return true;
        return names.size > 0 && ![...names].some((name) => asked.includes(` ${name} `));
      });
    },
  };
}
