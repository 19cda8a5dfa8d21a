import { foldText } from "../../../src/domain/text/fold_text.ts";
import type { Catalogue, SimulatedWork } from "../../../src/simulator/books/catalogue.ts";
import type { CatalogueRow } from "../../../src/simulator/books/catalogue_files.ts";
import { stableShare } from "../../../src/simulator/faults/random.ts";

/** A notable book that can be asked about without a doubt what is right. */
export interface AskableBook {
  readonly work: SimulatedWork;
  readonly title: string;
  readonly author: string;
  readonly authors: readonly string[];
  /** Of first publication. */
  readonly year: number;
  /** YYYY-MM or YYYY-MM-DD. */
  readonly published: string;
  readonly isbn13s: readonly string[];
  /** Its series and its whole number there; null where it has none or is not named apart from it. */
  readonly series: { readonly name: string; readonly number: number } | null;
}

/**
 * The notable books, in the order of the data, whose title is a plain one that no other work of the same
 * people bears, and which nobody has asked about: what is made for them must not touch questions that
 * are asked already.
 */
export function askableBooks(
  { catalogue, rows, asked }: {
    readonly catalogue: Catalogue;
    readonly rows: readonly CatalogueRow[];
    readonly asked: AskedBefore;
  },
): AskableBook[] {
  const isAlone = onlyBearer(catalogue);
  return rows.flatMap((row): AskableBook[] => {
    const place = catalogue.isbns.get(row.isbn13[0] ?? "");
    const work = place && catalogue.works[place.work];
    const [author] = row.authors;
    if (!work || author === undefined || isAskedBefore(work, asked)) return [];
    // A row whose ISBNs another row has taken belongs to no work of its own.
    if (work.title !== row.title || work.firstPublished !== row.first_published) return [];
    if (!PLAIN_TITLE.test(row.title) || row.subtitle !== "") return [];
    if (!isAlone(work, row.title)) return [];
    return [{
      work,
      title: row.title,
      author,
      authors: row.authors,
      year: Number(row.first_published.slice(0, 4)),
      published: row.first_published,
      isbn13s: work.editions.map(({ isbn13 }) => isbn13),
      series: seriesOf(row, asked),
    }];
  });
}

/** What is asked about already. */
export interface AskedBefore {
  readonly works: ReadonlySet<string>;
  /** Right and wrong answers. */
  readonly isbn13s: ReadonlySet<string>;
  /** Folded, as they were asked for, and without what stands behind the first sign. */
  readonly titles: ReadonlySet<string>;
}

/** Whether a work has to do with what is asked about already. */
export function isAskedBefore(
  { id, title, editions }: SimulatedWork,
  { works, isbn13s, titles }: AskedBefore,
): boolean {
  return works.has(id) || titles.has(foldText(title)) ||
    editions.some(({ isbn13 }) => isbn13s.has(isbn13));
}

/** Without the signs that part a title from a subtitle, a series or a second title. */
const PLAIN_TITLE = /^[^:;#/()[\]]{2,}$/;

/** Whether no other work of the same people bears a title, which is without its subtitle. */
export function onlyBearer(
  { works }: Catalogue,
): (work: SimulatedWork, title: string) => boolean {
  const bearers = new Map<string, Set<SimulatedWork>>();
  for (const work of works) {
    for (const title of [work.title, ...work.editions.map((edition) => edition.title)]) {
      const key = foldText(title);
      bearers.set(key, (bearers.get(key) ?? new Set()).add(work));
    }
  }
  return (work, title) =>
    [...bearers.get(foldText(title)) ?? []]
      .every((other) => other === work || !sharesPerson(other, work));
}

function surnamesOf({ authors, editions }: SimulatedWork): Set<string> {
  const names = [...authors, ...editions.flatMap((edition) => edition.authors)];
  return new Set(names.map((name) => foldText(name).split(" ").at(-1) ?? ""));
}

function sharesPerson(one: SimulatedWork, other: SimulatedWork): boolean {
  return !surnamesOf(one).isDisjointFrom(surnamesOf(other));
}

function seriesOf(
  { series, title }: CatalogueRow,
  { titles }: AskedBefore,
): AskableBook["series"] {
  const [, name, number] = /^(.+?) #(\d+)$/.exec(series) ?? [];
  if (name === undefined || number === undefined || titles.has(foldText(name))) return null;
  const [a, b] = [` ${foldText(name)} `, ` ${foldText(title)} `];
  return a.includes(b) || b.includes(a) ? null : { name, number: Number(number) };
}

/** So many of them, drawn by `key` and spread over all; always the same ones. */
export function draw<T>(
  choices: readonly T[],
  { key, count, idOf }: { key: string; count: number; idOf: (choice: T) => string },
): T[] {
  const drawn = choices.map((choice) => ({ choice, at: stableShare(`${key}:${idOf(choice)}`) }));
  return drawn.sort((a, b) => a.at - b.at).slice(0, count).map(({ choice }) => choice);
}
