import { NO_SERIES } from "../../../src/domain/series/series_fields.ts";
import type { MatchDecision } from "../../../src/domain/matching/decide_match.ts";
import type {
  BookQuery,
  EditionCandidate,
  ResolverName,
  WorkCandidate,
} from "../../../src/domain/matching/resolver.ts";

/** The ISBN of {@linkcode edition} where none is given. */
export const ISBN = "9781402894626";
export const OTHER_ISBN = "9781402894633";

export const QUERY: BookQuery = {
  title: "The Salt Ledger",
  author: "Mara Quill",
  ...NO_SERIES,
  year: 2012,
  month: null,
  language: "en",
};

/** What a catalogue that describes its editions says of one. */
export const PRINTED = { binding: "hardcover", publisher: "Harrow & Pike", pages: 352 } as const;

/** An edition of the book that {@linkcode QUERY} asks for, without a date, with other fields on top. */
export function edition(fields: Partial<EditionCandidate> = {}): EditionCandidate {
  return {
    isbn13: ISBN,
    title: QUERY.title,
    subtitle: null,
    published: null,
    language: "en",
    binding: null,
    publisher: null,
    pages: null,
    ...fields,
  };
}

/** A record of that book without editions, with other fields on top. */
export function work(fields: Partial<WorkCandidate> = {}): WorkCandidate {
  return {
    provider: "open_library",
    provider_key: "/works/OL1W",
    title: QUERY.title,
    subtitle: null,
    authors: [QUERY.author],
    first_published: null,
    popularity: null,
    editions: [],
    ...fields,
  };
}

export interface RecordFields extends Partial<EditionCandidate> {
  readonly authors?: readonly string[];
}

/** A flat record of that book, with other fields on top, as a catalogue of editions has it. */
export function record(
  provider: ResolverName,
  { authors = [QUERY.author], ...fields }: RecordFields = {},
): WorkCandidate {
  const only = edition(fields);
  const { title, subtitle } = only;
  const provider_key = `${provider}:${title}:${only.isbn13 ?? ISBN}`;
  return work({ provider, provider_key, title, subtitle, authors, editions: [only] });
}

/** The decision for the first edition of a record. */
export function found(accepted: WorkCandidate): Extract<MatchDecision, { kind: "found" }> {
  const [first] = accepted.editions;
  if (!first?.isbn13) throw new Error("A record without an ISBN cannot be found");
  return {
    kind: "found",
    isbn13: first.isbn13,
    edition: first,
    work: accepted,
    score: 96,
    providers: [accepted.provider],
    considered: [],
  };
}
