import {
  type Catalogue,
  indexIsbns,
  type SimulatedEdition,
  type SimulatedWork,
} from "./catalogue.ts";
import { fileEdition, fileWork, type FlawShares } from "./imperfections.ts";
import { stableHash, stableShare } from "../faults/random.ts";
import type { ModelServiceName, ServiceName } from "./subject.ts";

/**
 * How much of the catalogue the services hold: each its own part with its own flaws, or each everything,
 * faultlessly.
 */
export type Coverage = "full" | "realistic";

/** The services that hold books. */
export type CatalogueService = Exclude<ServiceName, ModelServiceName>;

interface Holding {
  /** The chance (0–1) that a work is held. */
  readonly holds: (work: SimulatedWork) => number;
  /** The chance that an edition of a held work is held; one always is. */
  readonly editionShare: number;
  readonly flaws: FlawShares;
}

/** Share of the works that few collections have, and fewer have at once. */
const RARE_SHARE = 0.04;

function isRare({ id, notability }: SimulatedWork): boolean {
  return notability === null && stableShare(`rare:${id}`) < RARE_SHARE;
}

function byFame(
  shares: { notable: number; others: number; rare: number },
): (work: SimulatedWork) => number {
  return (work) => {
    if (work.notability !== null) return shares.notable;
    return isRare(work) ? shares.rare : shares.others;
  };
}

function yearOf({ firstPublished, editions }: SimulatedWork): number | null {
  const dates = [firstPublished, ...editions.map(({ published }) => published)];
  const years = dates.filter((date) => date !== null).map((date) => Number(date.slice(0, 4)));
  return years.length === 0 ? null : Math.min(...years);
}

/** The first year of which archive.org, which scans what libraries discard, has little. */
const FIRST_THIN_YEAR = 2012;

function byAge(work: SimulatedWork): number {
  const year = yearOf(work);
  if (year === null) return 0.5;
  return year < FIRST_THIN_YEAR ? 0.65 : 0.15;
}

/**
 * What each service holds. The shares are this simulator's estimates, set so that of all works about
 * 92 % are in Open Library, 97 % in ISBNdb, 90 % in Google Books and 25 % in Wikidata; archive.org goes
 * by age.
 */
const HOLDINGS: Readonly<Record<CatalogueService, Holding>> = {
  open_library: {
    holds: byFame({ notable: 0.97, others: 0.93, rare: 0.4 }),
    editionShare: 0.9,
    flaws: {
      noAuthors: 0.01,
      surnameFirst: 0.01,
      noDate: 0.03,
      noLanguage: 0.1,
      seriesInTitle: 0.03,
      misspelt: 0.005,
      joinedAuthors: 0.02,
      strayIsbn: 0.02,
      isbn: { isbn10_only: 0.08, hyphenated: 0.02 },
    },
  },
  isbndb: {
    holds: byFame({ notable: 0.99, others: 0.97, rare: 0.85 }),
    editionShare: 0.97,
    flaws: {
      noAuthors: 0.02,
      surnameFirst: 0,
      noDate: 0.04,
      noLanguage: 0.05,
      seriesInTitle: 0,
      misspelt: 0.007,
      joinedAuthors: 0.02,
      strayIsbn: 0,
      isbn: {},
    },
  },
  google_books: {
    holds: byFame({ notable: 0.95, others: 0.91, rare: 0.4 }),
    editionShare: 0.9,
    flaws: {
      noAuthors: 0.02,
      surnameFirst: 0,
      noDate: 0.03,
      noLanguage: 0.02,
      seriesInTitle: 0.05,
      misspelt: 0.003,
      joinedAuthors: 0.01,
      strayIsbn: 0,
      isbn: { none: 0.04, isbn10_only: 0.03 },
    },
  },
  archive_org: {
    holds: byAge,
    editionShare: 0.7,
    flaws: {
      noAuthors: 0.04,
      surnameFirst: 0,
      noDate: 0.05,
      noLanguage: 0.1,
      seriesInTitle: 0,
      misspelt: 0.008,
      joinedAuthors: 0.02,
      strayIsbn: 0,
      isbn: { none: 0.12, isbn10_only: 0.35, hyphenated: 0.1 },
    },
  },
  wikidata: {
    holds: byFame({ notable: 0.65, others: 0.18, rare: 0.03 }),
    editionShare: 0.6,
    flaws: {
      noAuthors: 0.04,
      surnameFirst: 0,
      noDate: 0.08,
      noLanguage: 0.1,
      seriesInTitle: 0,
      misspelt: 0.002,
      joinedAuthors: 0,
      strayIsbn: 0,
      isbn: { none: 0.3, isbn10_only: 0.05 },
    },
  },
};

function heldEditions(
  editions: readonly SimulatedEdition[],
  { service, share }: { service: CatalogueService; share: number },
): readonly SimulatedEdition[] {
  const chance = ({ isbn13 }: SimulatedEdition): number =>
    stableShare(`edition:${service}:${isbn13}`);
  const held = editions.filter((edition) => chance(edition) < share);
  if (held.length > 0) return held;
  const likeliest = Math.min(...editions.map(chance));
  return editions.filter((edition) => chance(edition) === likeliest);
}

/** Records come in the order they were made in, which may put a translation before the original. */
function inOrderOfFiling(
  editions: readonly SimulatedEdition[],
  service: CatalogueService,
): readonly SimulatedEdition[] {
  const hasTranslations = editions.some(({ language }) => language !== null && language !== "en");
  if (!hasTranslations) return editions;
  const place = ({ isbn13 }: SimulatedEdition): number => stableHash(`place:${service}:${isbn13}`);
  return [...editions].sort((a, b) => place(a) - place(b));
}

/** The part of the catalogue that a service holds, as the service's records have it; always the same part. */
export function holdingOf(catalogue: Catalogue, service: CatalogueService): Catalogue {
  const { holds, editionShare, flaws } = HOLDINGS[service];
  const filing = { service, shares: flaws };
  const works = catalogue.works
    .filter((work) => stableShare(`work:${service}:${work.id}`) < holds(work))
    .map((work): SimulatedWork => ({
      ...work,
      ...fileWork(work, filing),
      editions: inOrderOfFiling(
        heldEditions(work.editions, { service, share: editionShare }),
        service,
      ).map((edition) => fileEdition(edition, { ...filing, siblings: work.editions })),
    }));
  // Only the language models are asked for months, and they know the whole catalogue.
  return { works, isbns: indexIsbns(works), worksByMonth: new Map(), unknownBooks: [] };
}
