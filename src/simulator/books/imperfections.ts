import type { SimulatedEdition, SimulatedWork } from "./catalogue.ts";
import type { IsbnListing } from "./isbn_forms.ts";
import { stableHash, stableShare } from "../faults/random.ts";

/** Shares (0–1) of a service's records that have a flaw; flaws fall on records independently. */
export interface FlawShares {
  readonly noAuthors: number;
  readonly surnameFirst: number;
  readonly noDate: number;
  readonly noLanguage: number;
  readonly noBinding: number;
  readonly noSubtitle: number;
  readonly seriesInTitle: number;
  readonly misspelt: number;
  /** All authors in one name, of the records that have several. */
  readonly joinedAuthors: number;
  /** The ISBN of another edition of the work beside the record's own. */
  readonly strayIsbn: number;
  readonly isbn: Readonly<Partial<Record<Exclude<IsbnListing, "plain">, number>>>;
}

const GENERATIONAL = /^(?:jr|sr|ii|iii|iv)\.?$/i;

/** `Mara Quill` as `Quill, Mara`; names of one word and those already inverted stay as they are. */
export function surnameFirst(name: string): string {
  const words = name.split(" ");
  const last = words.at(-1) ?? "";
  if (words.length < 2 || name.includes(",") || GENERATIONAL.test(last)) return name;
  return `${last}, ${words.slice(0, -1).join(" ")}`;
}

const SHORTEST_MISSPELT = 5;

/** Two letters of the longest word in each other's place; unchanged when no word has five letters. */
export function misspell(title: string): string {
  const words = title.match(/\p{L}+/gu) ?? [];
  const longest = words.reduce((best, word) => word.length > best.length ? word : best, "");
  const letters = [...longest];
  if (letters.length < SHORTEST_MISSPELT) return title;
  // The first and the last letter stay: readers, and so typists, notice those.
  const swaps = Array.from({ length: letters.length - 3 }, (_, index) => index + 1)
    .filter((index) => letters[index] !== letters[index + 1]);
  const at = swaps[stableHash(title) % Math.max(1, swaps.length)];
  if (at === undefined) return title;
  const swapped = letters.slice(at, at + 2).reverse();
  const wrong = letters.toSpliced(at, 2, ...swapped).join("");
  return title.replace(longest, wrong);
}

type Chance = (flaw: string) => number;

function filedAuthors(
  authors: readonly string[],
  { shares, chance }: { shares: FlawShares; chance: Chance },
): readonly string[] {
  if (chance("no authors") < shares.noAuthors) return [];
  if (authors.length > 1 && chance("joined authors") < shares.joinedAuthors) {
    const [last = "", ...others] = authors.toReversed();
    return [`${others.toReversed().join(", ")} and ${last}`];
  }
  return chance("surname first") < shares.surnameFirst ? authors.map(surnameFirst) : authors;
}

function filedListing({ isbn }: FlawShares, chance: Chance): IsbnListing {
  let left = chance("isbn");
  for (const listing of ["none", "isbn10_only", "hyphenated"] as const) {
    left -= isbn[listing] ?? 0;
    if (left < 0) return listing;
  }
  return "plain";
}

/** An edition as a service's record has it: the data, less what cataloguing lost or mixed up. */
export function fileEdition(
  edition: SimulatedEdition,
  { service, shares, siblings = [] }: {
    service: string;
    shares: FlawShares;
    /** All editions of the work. */
    siblings?: readonly SimulatedEdition[];
  },
): SimulatedEdition {
  const chance: Chance = (flaw) => stableShare(`${flaw}:${service}:${edition.isbn13}`);
  const keepsSeries = chance("series") < shares.seriesInTitle;
  const title = keepsSeries ? edition.rawTitle : edition.title;
  const isMisspelt = chance("misspelt") < shares.misspelt;
  const stray = chance("stray isbn") < shares.strayIsbn
    ? siblings.find(({ isbn13 }) => isbn13 !== edition.isbn13)
    : undefined;
  return {
    ...edition,
    rawTitle: isMisspelt ? misspell(edition.rawTitle) : edition.rawTitle,
    title: isMisspelt ? misspell(title) : title,
    subtitle: keepsSeries || chance("no subtitle") < shares.noSubtitle ? null : edition.subtitle,
    authors: filedAuthors(edition.authors, { shares, chance }),
    published: chance("no date") < shares.noDate ? null : edition.published,
    language: chance("no language") < shares.noLanguage ? null : edition.language,
    format: chance("no binding") < shares.noBinding ? null : edition.format,
    isbnListing: filedListing(shares, chance),
    ...(stray !== undefined && { strayIsbn13s: [stray.isbn13] }),
  };
}

/** What a service's work record says of a work, its editions aside. */
export function fileWork(
  work: SimulatedWork,
  { service, shares }: { service: string; shares: FlawShares },
): Pick<SimulatedWork, "title" | "authors"> {
  const chance: Chance = (flaw) => stableShare(`work ${flaw}:${service}:${work.id}`);
  return {
    title: chance("misspelt") < shares.misspelt ? misspell(work.title) : work.title,
    authors: filedAuthors(work.authors, { shares, chance }),
  };
}
