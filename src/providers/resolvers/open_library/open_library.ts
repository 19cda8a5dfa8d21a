import type { CallContext } from "../../../domain/generation/generator.ts";
import type {
  BookQuery,
  EditionCandidate,
  Resolver,
  ResolverAnswer,
  WorkCandidate,
} from "../../../domain/matching/resolver.ts";
import { parseTitle } from "../../../domain/titles/parse_title.ts";
import { explainsTitle } from "../../../domain/titles/subtitle_score.ts";
import { plannedSearches } from "./open_library_queries.ts";
import {
  createOpenLibraryRequests,
  type OpenLibraryOptions,
  type OpenLibraryRequests,
} from "./open_library_requests.ts";
import {
  hasAuthor,
  isAnswered,
  looksLike,
  type SearchTerms,
  searchTerms,
} from "../search_terms.ts";
import { unavailable } from "../unavailable.ts";

/**
 * Safe defaults. Open Library allows three requests a second to a client that names a contact and one
 * to a client that does not.
 */
export const OPEN_LIBRARY_DEFAULTS = {
  timeoutMs: 15_000,
  maxRetries: 3,
  ratePerSecond: 2,
  anonymousRatePerSecond: 1,
  concurrency: 2,
} as const;

/** Works whose editions are read when a search did not show a good one. */
const MAX_WORKS_READ = 2;

/**
 * Open Library as a resolver. The first search names title and year, conditions that must hold of one
 * edition, and so returns that edition: one request for most books. (The language would be a condition
 * too, but many records lack it; `lang` only prefers it.) When nothing like the book is found, a search
 * without year follows, then one for the author's books, among which a title with a slip is recognised;
 * when the one edition a search shows of a work is no good, the editions of the best works are read.
 */
export function createOpenLibrary(options: OpenLibraryOptions): Resolver {
  const requests = createOpenLibraryRequests(options);
  return {
    name: "open_library",
    async find(query, context) {
      const search: Search = { query, terms: searchTerms(query), found: new Map() };
      try {
        await collect(requests, { search, context });
      } catch (error) {
        context.signal.throwIfAborted();
        const answer = unavailable(error);
        // What is good enough to stop at is good enough to answer with.
        if (!hasGoodEdition(search)) return answer;
      }
      return toAnswer(search);
    },
  };
}

interface Found {
  readonly work: WorkCandidate;
  /** Whether a search for the title brought it up, rather than one for the author's books. */
  readonly isTitleHit: boolean;
}

interface Search {
  readonly query: BookQuery;
  readonly terms: SearchTerms;
  /** By the work's key, filled as requests are answered. */
  readonly found: Map<string, Found>;
}

interface Collecting {
  readonly search: Search;
  readonly context: CallContext;
}

async function collect(
  requests: OpenLibraryRequests,
  { search, context }: Collecting,
): Promise<void> {
  const { query, terms, found } = search;
  for (const { q, isTitleSearch, isLastResort } of plannedSearches(terms, query.year)) {
    if (isLastResort && found.size > 0) break;
    for (const work of await requests.search({ q, lang: query.language }, context)) {
      addWork(found, { work, isTitleHit: isTitleSearch });
    }
    if (isAnswered(works(search), { terms, year: query.year })) break;
  }
  if (hasGoodEdition(search)) return;
  for (const work of worksWorthReading(search)) {
    const editions = await requests.editionsOf(work, context);
    addWork(found, { work: { ...work, editions }, isTitleHit: true });
  }
}

/** A work seen before gains the editions that are new. */
function addWork(found: Search["found"], { work, isTitleHit }: Found): void {
  const known = found.get(work.provider_key);
  if (known === undefined) {
    found.set(work.provider_key, { work, isTitleHit });
    return;
  }
  // The same edition read in full says more than a search's summary of it.
  const isbns = new Set(work.editions.map((edition) => edition.isbn13));
  const others = known.work.editions.filter((edition) => !isbns.has(edition.isbn13));
  found.set(work.provider_key, {
    work: { ...known.work, editions: [...others, ...work.editions] },
    isTitleHit: known.isTitleHit || isTitleHit,
  });
}

function works({ found }: Search): readonly WorkCandidate[] {
  return [...found.values()].map(({ work }) => work);
}

function hasGoodEdition(search: Search): boolean {
  return works(search).some((work) =>
    looksLike(work, search.terms) &&
    work.editions.some((edition) => isGoodEdition(edition, search.query))
  );
}

/**
 * An edition that can be chosen without knowing the others: of the year, readable, in the language, and
 * without a title of its own behind the one asked for, as a part of the work may have.
 */
function isGoodEdition(edition: EditionCandidate, query: BookQuery): boolean {
  const { subtitle } = parseTitle(edition.title, edition.subtitle);
  const isPart = subtitle !== null && !explainsTitle(subtitle) &&
    parseTitle(query.title).subtitle === null;
  return !isPart && edition.isbn13 !== null && edition.binding !== "audio" &&
    (edition.language === null || edition.language === query.language) &&
    edition.published !== null && Math.abs(edition.published.year - query.year) <= 1;
}

/**
 * The best known works that look like the book; failing these one of the author's that came up for
 * the title, which may be the book under the title of a translation.
 */
function worksWorthReading(search: Search): readonly WorkCandidate[] {
  const alike = works(search).filter((work) => looksLike(work, search.terms));
  if (alike.length > 0) {
    return mostPopular(alike.filter(hasUnseenEditions)).slice(0, MAX_WORKS_READ);
  }
  const renamed = [...search.found.values()]
    .filter(({ work, isTitleHit }) => isTitleHit && hasAuthor(work, search.terms))
    .map(({ work }) => work);
  return mostPopular(renamed.filter(hasUnseenEditions)).slice(0, 1);
}

/** The popularity of a work is the number of its editions. */
function hasUnseenEditions({ popularity, editions }: WorkCandidate): boolean {
  return popularity === null || popularity > editions.length;
}

function mostPopular(candidates: readonly WorkCandidate[]): readonly WorkCandidate[] {
  return candidates.toSorted((a, b) => (b.popularity ?? 0) - (a.popularity ?? 0));
}

function toAnswer(search: Search): ResolverAnswer {
  const found = works(search);
  return found.length === 0 ? { kind: "not_found" } : { kind: "candidates", works: found };
}
