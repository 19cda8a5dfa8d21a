import type { ResolverName } from "../../../src/domain/matching/resolver.ts";
import { RESOLVER_NAMES } from "../../../src/domain/providers/provider_names.ts";
import type { SimulatedWork } from "../../../src/simulator/books/catalogue.ts";
import { withCheckDigit } from "../../../src/simulator/books/isbn_forms.ts";
import { stableChoice, stableHash, stableShare } from "../../../src/simulator/faults/random.ts";
import type { AddedWorks } from "../../../src/simulator/simulator.ts";
import type { MadeRecord } from "./asked_question.ts";

/** What has to be said of a record; the rest is as usual. */
export type RecordFields =
  & Pick<MadeRecord, "title" | "authors" | "published">
  & Partial<Omit<MadeRecord, "id" | "isbn13">>
  & {
    /** Registration groups of the ISBN; those of English when absent. */
    readonly isbn_group?: string;
  };

/** Makes records with ISBNs that are nobody else's. */
export interface RecordMaker {
  /** The same record for the same id, whatever it is asked for with the second time. */
  make(id: string, fields: RecordFields): MadeRecord;
  /** All that were made, as their holders have them. */
  added(): AddedWorks;
}

/** The chances (0–1) that a provider has something that is not much held. */
const SHARES: Readonly<Record<ResolverName, number>> = {
  open_library: 0.6,
  google_books: 0.6,
  archive_org: 0.2,
  wikidata: 0.1,
  isbndb: 0.9,
};

/** Who holds a record, drawn by its id; at least one of those that are asked for nothing. */
export function holdersOf(id: string): readonly ResolverName[] {
  const holders = RESOLVER_NAMES.filter((name) =>
    stableShare(`holder:${name}:${id}`) < SHARES[name]
  );
  const surely = stableChoice<ResolverName>(`holder:${id}`, ["open_library", "google_books"]);
  return holders.some((name) => name !== "isbndb") ? holders : [surely, ...holders];
}

/** `taken` are the ISBN-13s of the data. */
export function createRecordMaker(taken: { has(isbn13: string): boolean }): RecordMaker {
  const byId = new Map<string, MadeRecord>();
  const own = new Set<string>();
  const isbnFor = (id: string, group: string): string => {
    for (let attempt = 0;; attempt++) {
      // Nine digits of a hash would not be enough where the group is long.
      const digits = String(stableHash(`isbn:${id}:${attempt}`)).padStart(10, "0").slice(-9);
      const isbn13 = withCheckDigit(`978${group}${digits}`.slice(0, 12));
      if (taken.has(isbn13) || own.has(isbn13)) continue;
      own.add(isbn13);
      return isbn13;
    }
  };
  return {
    make(id, { isbn_group = stableChoice(`group:${id}`, ["0", "1"]), ...fields }) {
      const known = byId.get(id);
      if (known) return known;
      const made: MadeRecord = {
        id,
        isbn13: isbnFor(id, isbn_group),
        holders: holdersOf(id),
        subtitle: null,
        publisher: null,
        language: stableShare(`language:${id}`) < 0.5 ? "en" : null,
        ...fields,
      };
      byId.set(id, made);
      return made;
    },
    added() {
      return Object.fromEntries(RESOLVER_NAMES.map((name) => [
        name,
        [...byId.values()].filter(({ holders }) => holders.includes(name)).map(workOf),
      ]));
    },
  };
}

function workOf(record: MadeRecord): SimulatedWork {
  const { id, isbn13, title, subtitle, authors, publisher, published, language } = record;
  return {
    id,
    title,
    subtitle,
    authors,
    firstPublished: null,
    notability: null,
    editions: [{
      isbn13,
      rawTitle: subtitle === null ? title : `${title}: ${subtitle}`,
      title,
      subtitle,
      authors,
      publisher,
      published,
      pages: null,
      language,
      format: null,
    }],
  };
}
