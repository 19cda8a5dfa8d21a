import type {
  BookQuery,
  EditionCandidate,
  ResolverName,
  WorkCandidate,
} from "../../src/domain/matching/resolver.ts";

/** The ISBN of {@linkcode record} where none is given. */
export const ISBN = "9781402894626";
export const OTHER_ISBN = "9781402894633";

export const QUERY: BookQuery = {
  title: "The Salt Ledger",
  author: "Mara Quill",
  year: 2012,
  month: null,
  language: "en",
};

/** A flat record of the book that {@linkcode QUERY} asks for, without a date, with other fields on top. */
export function record(
  provider: ResolverName,
  fields: Partial<EditionCandidate> & { authors?: readonly string[] } = {},
): WorkCandidate {
  const { title = QUERY.title, subtitle = null, authors = ["Mara Quill"], ...others } = fields;
  return {
    provider,
    provider_key: `${provider}:${title}:${others.isbn13 ?? ISBN}`,
    title,
    subtitle,
    authors,
    first_published: null,
    popularity: null,
    editions: [{
      isbn13: ISBN,
      title,
      subtitle,
      published: null,
      language: "en",
      binding: null,
      publisher: null,
      pages: null,
      ...others,
    }],
  };
}
