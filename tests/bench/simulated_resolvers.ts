import { systemClock } from "../../src/clock.ts";
import { DEFAULT_RESOLVER_TIERS } from "../../src/domain/providers/provider_names.ts";
import type { Resolver, ResolverName } from "../../src/domain/matching/resolver.ts";
import type { ResolverTiers } from "../../src/resolution/cascade.ts";
import {
  ARCHIVE_ORG_DEFAULTS,
  createArchiveOrg,
} from "../../src/providers/resolvers/archive_org/archive_org.ts";
import {
  createGoogleBooks,
  GOOGLE_BOOKS_DEFAULTS,
} from "../../src/providers/resolvers/google_books/google_books.ts";
import { createIsbndb, ISBNDB_DEFAULTS } from "../../src/providers/resolvers/isbndb/isbndb.ts";
import {
  createOpenLibrary,
  OPEN_LIBRARY_DEFAULTS,
} from "../../src/providers/resolvers/open_library/open_library.ts";
import {
  createWikidata,
  WIKIDATA_DEFAULTS,
} from "../../src/providers/resolvers/wikidata/wikidata.ts";
import { type Simulator, SIMULATOR_KEY } from "../../src/simulator/simulator.ts";

const CONTACT = "bench@alexandria.example";

/** The production clients at a simulator, as fast as it answers, in the tiers of the default cascade. */
export function simulatedResolvers({ url }: Simulator, concurrency: number): ResolverTiers {
  const fast = { ratePerSecond: Infinity, concurrency, clock: systemClock };
  const at = (service: ResolverName) => ({ baseUrl: `${url}/${service}`, ...fast });
  const made: Readonly<Record<ResolverName, Resolver>> = {
    open_library: createOpenLibrary({
      ...OPEN_LIBRARY_DEFAULTS,
      ...at("open_library"),
      contact: CONTACT,
    }),
    google_books: createGoogleBooks({
      ...GOOGLE_BOOKS_DEFAULTS,
      ...at("google_books"),
      apiKey: SIMULATOR_KEY,
    }),
    archive_org: createArchiveOrg({
      ...ARCHIVE_ORG_DEFAULTS,
      ...at("archive_org"),
      contact: CONTACT,
    }),
    wikidata: createWikidata({
      ...WIKIDATA_DEFAULTS,
      ...fast,
      apiUrl: `${url}/wikidata`,
      sparqlUrl: `${url}/wikidata`,
      contact: CONTACT,
    }),
    isbndb: createIsbndb({ ...ISBNDB_DEFAULTS, ...at("isbndb"), apiKey: SIMULATOR_KEY }),
  };
  return DEFAULT_RESOLVER_TIERS.map((tier) => tier.map((name) => made[name]));
}
