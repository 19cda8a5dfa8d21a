import type {
  BookQuery,
  EditionCandidate,
  WorkCandidate,
} from "../../src/domain/matching/resolver.ts";
import {
  authorVariants,
  calibreTokens,
  containsAll,
  cutSubtitle,
  importerAuthorPoints,
  importerTitlePoints,
  levenshteinRatio,
  lowestDistance,
  plainText,
  titleVariants,
} from "./baseline_texts.ts";

/** An edition with an ISBN, and the record it came with. */
export interface BaselineCandidate {
  readonly work: WorkCandidate;
  readonly edition: EditionCandidate & { readonly isbn13: string };
}

/** The answer of one way to choose, or null; `candidates` come in order of provider and rank. */
export type Baseline = (
  query: BookQuery,
  candidates: readonly BaselineCandidate[],
) => string | null;

/** Every edition with an ISBN, in the order of the records. */
export function baselineCandidates(works: readonly WorkCandidate[]): BaselineCandidate[] {
  return works.flatMap((work) =>
    work.editions.flatMap(({ isbn13, ...rest }) =>
      isbn13 === null ? [] : [{ work, edition: { ...rest, isbn13 } }]
    )
  );
}

/** The whole title of an edition, as a catalogue shows it. */
function titleOf({ title, subtitle }: EditionCandidate): string {
  return subtitle === null ? title : `${title}: ${subtitle}`;
}

/** The candidate with the most points, of equal ones the first; null below `atLeast`. */
function bestOf(
  candidates: readonly BaselineCandidate[],
  { points, atLeast }: { points: (candidate: BaselineCandidate) => number; atLeast: number },
): string | null {
  let best: { isbn13: string; points: number } | null = null;
  for (const candidate of candidates) {
    const own = points(candidate);
    if (own >= atLeast && (best === null || own > best.points)) {
      best = { isbn13: candidate.edition.isbn13, points: own };
    }
  }
  return best?.isbn13 ?? null;
}

/** Whatever comes first (isbnlib's `isbn_from_words`). */
export const firstHit: Baseline = (_query, candidates) => candidates[0]?.edition.isbn13 ?? null;

/** How alike title and author must be for {@linkcode levenshtein}. */
const LEVENSHTEIN_MIN = 0.7;

/**
 * Title and author each alike by a Levenshtein ratio of 0.7 or more, the most alike first: what this
 * service did before it decided by evidence.
 */
export const levenshtein: Baseline = (query, candidates) =>
  bestOf(candidates, {
    atLeast: 2 * LEVENSHTEIN_MIN,
    points({ work, edition }) {
      const author = Math.max(0, ...work.authors.map((name) => ratioOf(name, query.author)));
      if (author < LEVENSHTEIN_MIN) return 0;
      const title = Math.max(
        ratioOf(edition.title, query.title),
        edition.subtitle === null ? 0 : ratioOf(titleOf(edition), query.title),
      );
      return title < LEVENSHTEIN_MIN ? 0 : title + author;
    },
  });

function ratioOf(a: string, b: string): number {
  return levenshteinRatio(a.toLowerCase(), b.toLowerCase());
}

/** From here on Open Library's importer takes two records for one. */
const IMPORTER_MIN = 875;

/** Open Library's points for the dates of two records. */
function importerDatePoints(asked: number, published: number | null): number {
  if (published === asked) return 200;
  return published !== null && Math.abs(published - asked) <= 2 ? -25 : -800;
}

/**
 * The additive points of Open Library's importer, accepted from 875. Rows of its
 * table for what a question never has (identifiers, publisher, pages, country) give nothing here.
 */
export const openLibraryPoints: Baseline = (query, candidates) =>
  bestOf(candidates, {
    atLeast: IMPORTER_MIN,
    points: ({ work, edition }) =>
      importerTitlePoints(query.title, titleOf(edition)) +
      importerDatePoints(query.year, edition.published?.year ?? null) +
      importerAuthorPoints(query.author, work.authors),
  });

/** Readarr's weights, and the distance up to which it accepts. */
const READARR_WEIGHTS = { author: 3, title: 3, isbn_missing: 0.1, year: 1, language: 5, format: 5 };
const READARR_MAX = 0.2;

/**
 * Readarr's weighted distance, 0–1, over what both sides say. The year counts as
 * its difference by the years since publication, up to `thisYear`.
 */
export function readarrDistance(
  query: BookQuery,
  { candidate: { work, edition }, thisYear }: { candidate: BaselineCandidate; thisYear: number },
): number {
  const parts: [keyof typeof READARR_WEIGHTS, number][] = [
    ["author", lowestDistance(authorVariants(query.author), work.authors.flatMap(authorVariants))],
    ["title", lowestDistance(titleVariants(query), titleVariants({ ...query, ...named(edition) }))],
    // A question has no ISBN and the record does.
    ["isbn_missing", 1],
  ];
  if (edition.published !== null) {
    const years = Math.max(1, thisYear - edition.published.year);
    parts.push(["year", Math.min(1, Math.abs(edition.published.year - query.year) / years)]);
  }
  if (edition.language !== null) {
    parts.push(["language", edition.language === query.language ? 0 : 1]);
  }
  if (edition.binding === "audio") parts.push(["format", 1]);
  const weight = parts.reduce((sum, [name]) => sum + READARR_WEIGHTS[name], 0);
  return parts.reduce((sum, [name, value]) => sum + READARR_WEIGHTS[name] * value, 0) / weight;
}

function named(edition: EditionCandidate): { title: string } {
  return { title: titleOf(edition) };
}

/** Readarr's choice: the nearest edition, accepted up to a distance of 0.20. */
export function readarr(thisYear: number): Baseline {
  return (query, candidates) =>
    bestOf(candidates, {
      atLeast: -READARR_MAX,
      points: (candidate) => -readarrDistance(query, { candidate, thisYear }),
    });
}

/**
 * calibre's check of a scraped result: every word of three letters or more of title and first author
 * occurs in the record, tried again without subtitle; of those that pass the fullest record, then the
 * language, then the exact title.
 */
export const calibre: Baseline = (query, candidates) => {
  for (const title of new Set([query.title, cutSubtitle(query.title)])) {
    const wanted = calibreTokens(title, query.author);
    const passing = candidates.filter(({ work, edition }) =>
      containsAll(`${titleOf(edition)} ${work.authors.join(" ")}`, wanted)
    );
    const best = bestOf(passing, {
      atLeast: 0,
      points: ({ work, edition }) =>
        100 * filledFields(work, edition) + (edition.language === query.language ? 10 : 0) +
        (plainText(edition.title) === plainText(query.title) ? 1 : 0),
    });
    if (best !== null) return best;
  }
  return null;
};

function filledFields(work: WorkCandidate, edition: EditionCandidate): number {
  const { published, publisher, language } = edition;
  return [published, publisher, language, work.authors[0] ?? null]
    .filter((field) => field !== null).length;
}
