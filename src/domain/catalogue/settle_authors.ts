import { parseAuthors } from "../names/author_name.ts";
import { areFormsOfOneName } from "../names/author_score.ts";
import type { BookAuthor } from "./confirmed_authors.ts";

/** An author who is stored, with the keys of all the names that records give them. */
export interface KnownAuthor {
  readonly author_id: number;
  /** The longest of the keys. */
  readonly name_key: string;
  readonly name_keys: readonly string[];
}

/** An author as the books leave them. */
export interface SettledAuthor {
  /** Null for one who is new. */
  readonly author_id: number | null;
  /** The name that a new one is shown by. */
  readonly name: string;
  readonly name_key: string;
  readonly name_keys: readonly string[];
  /** Stored authors who turned out to be this one too. */
  readonly merged: readonly number[];
}

/**
 * Who the authors of books are among those that are stored: `authors` are the stored ones that are touched and
 * the new ones, `of` the index of each person's. A person is a stored author with the same full name, or with
 * a name in common that few people have: one with a given name or with two initials ("J. K. Rowling"), while
 * "J. Smith" is many people's and joins nobody. Who has a name in common with two authors that are
 * not each other is neither of them.
 */
export function settleAuthors(
  persons: readonly BookAuthor[],
  known: readonly KnownAuthor[],
): { readonly authors: readonly SettledAuthor[]; readonly of: readonly number[] } {
  const authors: SettledAuthor[] = known.map((author) => ({ ...author, name: "", merged: [] }));
  /** Where the author at an index went. */
  const heirs = new Map<number, number>();
  const heirOf = (index: number): number => {
    const heir = heirs.get(index);
    return heir === undefined ? index : heirOf(heir);
  };
  const places = persons.map((person): number => {
    const alike = [...authors.keys()].filter((index) =>
      !heirs.has(index) && isSamePerson(authors[index]!, person.name_keys)
    );
    const areOne = alike.every((one) =>
      alike.every((other) => areAllOneName(authors[one]!.name_keys, authors[other]!.name_keys))
    );
    const own = areOne
      ? alike
      : alike.filter((index) => authors[index]!.name_key === person.name_keys[0]);
    // The one that is stored longest comes first.
    const [place = authors.length, ...others] = own;
    authors[place] = joinAuthors(own.map((index) => authors[index]!), { person, isNamed: areOne });
    for (const other of others) heirs.set(other, place);
    return place;
  });
  const touched = [...new Set(places.map(heirOf))];
  return {
    authors: touched.map((index) => authors[index]!),
    of: places.map((place) => touched.indexOf(heirOf(place))),
  };
}

function joinAuthors(
  own: readonly SettledAuthor[],
  { person, isNamed }: { person: BookAuthor; isNamed: boolean },
): SettledAuthor {
  const [first, ...others] = own;
  const all = [
    ...own.flatMap(({ name_keys }) => name_keys),
    ...(isNamed || first === undefined ? person.name_keys : []),
  ];
  const name_keys = [...new Set(all)];
  return {
    author_id: first?.author_id ?? null,
    name: first === undefined || first.name === "" ? person.name : first.name,
    name_key: name_keys.reduce((longest, key) => key.length > longest.length ? key : longest),
    name_keys,
    merged: [
      ...(first?.merged ?? []),
      ...others.flatMap(({ author_id, merged }) =>
        author_id === null ? merged : [author_id, ...merged]
      ),
    ],
  };
}

function isSamePerson(author: SettledAuthor, keys: readonly string[]): boolean {
  const isShared = author.name_key === keys[0] ||
    author.name_keys.some((key) => keys.includes(key) && isFewPeoplesName(key));
  return isShared && areAllOneName(author.name_keys, keys);
}

/** Whether a name has a given name, or two initials, beside its surname. */
function isFewPeoplesName(key: string): boolean {
  const words = key.split(" ").slice(0, -1);
  return words.some((word) => word.length > 1) || words.length > 1;
}

/** Whether no two of the names are those of two people. */
function areAllOneName(left: readonly string[], right: readonly string[]): boolean {
  const [persons, others] = [left, right].map((keys) => keys.flatMap(parseAuthors));
  return persons!.every((a) => others!.every((b) => areFormsOfOneName(a, b)));
}
