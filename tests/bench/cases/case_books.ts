import type { ResolverName } from "../../../src/domain/matching/resolver.ts";
import { RESOLVER_NAMES } from "../../../src/domain/providers/provider_names.ts";
import {
  type Catalogue,
  indexIsbns,
  type SimulatedEdition,
  type SimulatedWork,
} from "../../../src/simulator/books/catalogue.ts";
import { isIsbn13, readIsbn } from "../../../src/simulator/books/isbn_forms.ts";
import type { CaseRecord, MatchCase } from "./match_case.ts";

/** Who files editions under works; elsewhere each record stands for itself. */
const FILES_WORKS: readonly ResolverName[] = ["open_library", "wikidata"];

/** What each provider knows in a case, in the form its simulated service takes it. */
export function caseBooks(
  { id, records }: Pick<MatchCase, "id" | "records">,
): Record<ResolverName, Catalogue> {
  const editions = records.map((record, position) => ({
    record,
    work: workIdOf(record, `${id}/${position}`),
    edition: editionOf(record, position),
  }));
  return Object.fromEntries(RESOLVER_NAMES.map((name) => {
    const own = editions.filter(({ record }) => record.provider === name);
    const works = [...Map.groupBy(own, ({ work }) => work)]
      .map(([work, filed]) => workOf(`${id}/${name}/${work}`, filed));
    const catalogue: Catalogue = {
      works,
      isbns: indexIsbns(works),
      worksByMonth: new Map(),
      unknownBooks: [],
    };
    return [name, catalogue];
  })) as Record<ResolverName, Catalogue>;
}

interface FiledRecord {
  readonly record: CaseRecord;
  readonly edition: SimulatedEdition;
}

function workIdOf({ provider, work }: CaseRecord, alone: string): string {
  return work !== null && FILES_WORKS.includes(provider) ? `work ${work}` : alone;
}

/** What the works' record says: its own title where it has one, else that of the first edition filed. */
function workOf(id: string, filed: readonly FiledRecord[]): SimulatedWork {
  const records = filed.map(({ record }) => record);
  const title = records.find(({ work_title }) => work_title !== null)?.work_title ?? null;
  const firstYear = records.find(({ work_year }) => work_year !== null)?.work_year ?? null;
  const subtitles = [...new Set(records.map(({ subtitle }) => subtitle))];
  return {
    id,
    title: title ?? records[0]?.title ?? id,
    // The subtitle of one edition among others is not the work's.
    subtitle: title === null && subtitles.length === 1 ? subtitles[0] ?? null : null,
    authors: [...new Set(records.flatMap(({ authors }) => authors))],
    ...(firstYear === null ? {} : { firstYear }),
    firstPublished: null,
    notability: null,
    editions: filed.map(({ edition }) => edition),
  };
}

function editionOf(record: CaseRecord, position: number): SimulatedEdition {
  const { title, subtitle, authors, publisher, year, pages, language, binding } = record;
  const isbns = [...new Set([record.isbn13 ?? [], record.isbns].flat().map(inLongForm))];
  const [isbn13, ...strays] = isbns;
  return {
    // A service tells records apart by it, also where it shows none.
    isbn13: isbn13 ?? String(position).padStart(13, "0"),
    isbnListing: isbn13 === undefined ? "none" : isIsbn13(isbn13) ? "plain" : "isbn13_only",
    ...(strays.length === 0 ? {} : { strayIsbn13s: strays }),
    rawTitle: title,
    title,
    subtitle,
    authors,
    publisher,
    published: year,
    pages,
    language,
    format: binding === null ? null : BINDINGS[binding] ?? binding,
  };
}

function inLongForm(isbn: string): string {
  return readIsbn(isbn) ?? isbn;
}

/** The project's words for bindings in those of the trade, which the services word each in its way. */
const BINDINGS: Readonly<Record<string, string>> = {
  hardcover: "Hardcover",
  paperback: "Paperback",
  ebook: "Digital",
  mass_market: "Mass Market Paperback",
  large_print: "Large Print",
  library: "Library Binding",
  audio: "Audiobook",
  other: "Spiral-bound",
};
