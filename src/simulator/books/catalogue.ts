import type { CatalogueFiles, CatalogueRow, EditionRow } from "./catalogue_files.ts";
import type { IsbnListing } from "./isbn_forms.ts";
import { splitTitle } from "./title_parts.ts";

/** One published form, with what the data does not know as null. */
export interface SimulatedEdition {
  readonly isbn13: string;
  /** As in the data; may end in a bracket with the series. */
  readonly rawTitle: string;
  readonly title: string;
  readonly subtitle: string | null;
  /** May hold translators and illustrators; empty when the data names nobody. */
  readonly authors: readonly string[];
  readonly publisher: string | null;
  /** YYYY, YYYY-MM or YYYY-MM-DD. */
  readonly published: string | null;
  readonly pages: number | null;
  /** ISO 639-1 (639-2 where there is no two-letter code). */
  readonly language: string | null;
  readonly format: string | null;
  /** How the one service these records belong to writes the ISBN. */
  readonly isbnListing?: IsbnListing;
  /** ISBNs of other editions or books that their record lists as well. */
  readonly strayIsbn13s?: readonly string[];
}

/** A work with every edition the data holds of it. */
export interface SimulatedWork {
  readonly id: string;
  readonly title: string;
  readonly subtitle: string | null;
  readonly authors: readonly string[];
  /** What a catalogue of works says of the first edition, where it is not that of the oldest one held. */
  readonly firstYear?: number;
  /** YYYY-MM or YYYY-MM-DD for notable works, null for the others. */
  readonly firstPublished: string | null;
  /** The series of a notable work and its place in it, as "Divergent #2", where the data knows one. */
  readonly series?: string;
  /** Orders notable works; null for the others. */
  readonly notability: number | null;
  readonly editions: readonly SimulatedEdition[];
}

/** A title and author that belong to no book. */
export interface UnknownBook {
  readonly title: string;
  readonly author: string;
}

/** Everything the simulated services know. */
export interface Catalogue {
  readonly works: readonly SimulatedWork[];
  /** ISBN-13 to the position of its work in `works` and of the edition in the work. */
  readonly isbns: ReadonlyMap<string, { readonly work: number; readonly edition: number }>;
  /** YYYY-MM to its notable works, most notable first. */
  readonly worksByMonth: ReadonlyMap<string, readonly SimulatedWork[]>;
  readonly unknownBooks: readonly UnknownBook[];
}

interface Group {
  readonly id: string;
  readonly rows: EditionRow[];
  notable: CatalogueRow | null;
}

function orNull(text: string | undefined): string | null {
  return text === undefined || text === "" ? null : text;
}

function groupEditions(rows: readonly EditionRow[]): {
  groups: Map<string, Group>;
  groupOfIsbn: Map<string, Group>;
} {
  const groups = new Map<string, Group>();
  const groupOfIsbn = new Map<string, Group>();
  for (const row of rows) {
    // The same ISBN is listed once per store format; one ISBN is one edition here.
    if (groupOfIsbn.has(row.isbn13)) continue;
    let group = groups.get(row.work);
    if (!group) {
      group = { id: row.work, rows: [], notable: null };
      groups.set(row.work, group);
    }
    group.rows.push(row);
    groupOfIsbn.set(row.isbn13, group);
  }
  return { groups, groupOfIsbn };
}

/**
 * The group of editions a notable work belongs to: the one that shares most ISBNs, the title deciding
 * between equals, since a row may carry the ISBN of another volume by mistake.
 */
function homeGroup(row: CatalogueRow, groupOfIsbn: ReadonlyMap<string, Group>): Group | null {
  const title = row.title.toLowerCase();
  let best: Group | null = null;
  let bestScore = 0;
  for (const group of new Set(row.isbn13.map((isbn) => groupOfIsbn.get(isbn)))) {
    if (!group || group.notable) continue;
    const shared = row.isbn13.filter((isbn) => groupOfIsbn.get(isbn) === group).length;
    const isNamesake = group.rows.some((edition) =>
      splitTitle(edition.title).title.toLowerCase() === title
    );
    const score = shared * 2 + (isNamesake ? 1 : 0);
    if (score > bestScore) {
      best = group;
      bestScore = score;
    }
  }
  return best;
}

function editionFromCatalogue(row: CatalogueRow, isbn13: string): EditionRow {
  return {
    isbn13,
    title: row.subtitle === "" ? row.title : `${row.title}: ${row.subtitle}`,
    authors: row.authors,
    publisher: "",
    published: "",
    pages: null,
    language: row.language,
    work: row.id,
  };
}

function placeNotableWork(
  row: CatalogueRow,
  { groups, groupOfIsbn }: ReturnType<typeof groupEditions>,
): void {
  const group = homeGroup(row, groupOfIsbn) ?? { id: row.id, rows: [], notable: null };
  for (const isbn of row.isbn13) {
    if (groupOfIsbn.has(isbn)) continue;
    group.rows.push(editionFromCatalogue(row, isbn));
    groupOfIsbn.set(isbn, group);
  }
  if (group.rows.length === 0) return;
  group.notable = row;
  groups.set(group.id, group);
}

function toEdition(row: EditionRow, notable: CatalogueRow | null): SimulatedEdition {
  const { title, subtitle } = splitTitle(row.title);
  // The catalogue names the ISBN a work came out under first; only that edition shares its date.
  const isFirst = notable?.isbn13[0] === row.isbn13;
  return {
    isbn13: row.isbn13,
    rawTitle: row.title,
    title,
    subtitle,
    authors: row.authors,
    publisher: orNull(row.publisher) ?? (isFirst ? orNull(notable.publisher) : null),
    published: orNull(row.published) ?? (isFirst ? notable.first_published : null),
    pages: row.pages ?? (isFirst ? notable.pages : null),
    language: orNull(row.language),
    format: orNull(row.format),
  };
}

/** The shortest list of names among the editions: the one least likely to hold translators. */
function leadingAuthors(rows: readonly EditionRow[]): readonly string[] {
  const lists = rows.map((row) => row.authors).filter((authors) => authors.length > 0);
  return lists.reduce<readonly string[]>(
    (best, list) => best.length === 0 || list.length < best.length ? list : best,
    [],
  );
}

function toWork({ id, rows, notable }: Group): SimulatedWork {
  const parts = splitTitle(rows[0]?.title ?? id);
  return {
    id,
    title: notable?.title ?? parts.title,
    subtitle: notable ? orNull(notable.subtitle) : parts.subtitle,
    authors: notable?.authors ?? leadingAuthors(rows),
    firstPublished: notable?.first_published ?? null,
    ...(notable && notable.series !== "" ? { series: notable.series } : {}),
    notability: notable?.notability ?? null,
    editions: rows.map((row) => toEdition(row, notable)),
  };
}

/** ISBN-13 to positions, for a list of works. */
export function indexIsbns(works: readonly SimulatedWork[]): Catalogue["isbns"] {
  const isbns = new Map<string, { work: number; edition: number }>();
  works.forEach((work, workPosition) =>
    work.editions.forEach((edition, editionPosition) =>
      isbns.set(edition.isbn13, { work: workPosition, edition: editionPosition })
    )
  );
  return isbns;
}

/** A catalogue with more works, which no month names. */
export function addWorks(catalogue: Catalogue, added: readonly SimulatedWork[]): Catalogue {
  if (added.length === 0) return catalogue;
  const works = [...catalogue.works, ...added];
  return { ...catalogue, works, isbns: indexIsbns(works) };
}

function indexMonths(works: readonly SimulatedWork[]): Catalogue["worksByMonth"] {
  const months = new Map<string, SimulatedWork[]>();
  for (const work of works) {
    if (work.firstPublished === null) continue;
    const key = work.firstPublished.slice(0, 7);
    const month = months.get(key);
    if (month) month.push(work);
    else months.set(key, [work]);
  }
  for (const month of months.values()) {
    month.sort((a, b) => (b.notability ?? 0) - (a.notability ?? 0) || (a.id < b.id ? -1 : 1));
  }
  return months;
}

/**
 * Joins the rows of a data directory into works: editions by their `work`, notable works with the
 * group they share an ISBN with, so that one work holds all of its editions.
 */
export function buildCatalogue(files: CatalogueFiles): Catalogue {
  const grouped = groupEditions([...files.editions, ...files.lightNovels]);
  for (const row of files.catalogue) placeNotableWork(row, grouped);
  const works = [...grouped.groups.values()].map(toWork);
  return {
    works,
    isbns: indexIsbns(works),
    worksByMonth: indexMonths(works),
    unknownBooks: files.benchmark
      .filter((row) => row.category === "fictional")
      .map(({ query }) => ({ title: query.title, author: query.author })),
  };
}
