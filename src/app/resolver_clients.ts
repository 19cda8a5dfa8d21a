import type { Clock } from "../clock.ts";
import type { Config } from "../config.ts";
import type { Resolver, ResolverName } from "../domain/matching/resolver.ts";
import type { Redact } from "../domain/text/redaction.ts";
import type { Limits, SharedLimits } from "../limits/provider_limits.ts";
import {
  ARCHIVE_ORG_DEFAULTS,
  createArchiveOrg,
} from "../providers/resolvers/archive_org/archive_org.ts";
import {
  createGoogleBooks,
  GOOGLE_BOOKS_DEFAULTS,
} from "../providers/resolvers/google_books/google_books.ts";
import { createIsbndb, ISBNDB_DEFAULTS } from "../providers/resolvers/isbndb/isbndb.ts";
import {
  createOpenLibrary,
  OPEN_LIBRARY_DEFAULTS,
} from "../providers/resolvers/open_library/open_library.ts";
import { createWikidata, WIKIDATA_DEFAULTS } from "../providers/resolvers/wikidata/wikidata.ts";

/** What keeps a client to its pace, and to itself what is secret. */
interface Paced extends SharedLimits {
  readonly clock: Clock;
  readonly redact: Redact;
  readonly ratePerSecond: number;
  readonly concurrency: number;
}

/** What a resolver's client is made from when the setting it needs is there. */
export interface ResolverParts {
  readonly config: Config;
  readonly contact: string | null;
  /** The value of the setting it cannot be used without; empty where it needs none. */
  readonly needed: string;
  /** Limits shared by all processes, beside those of this one; with the quota of the settings. */
  readonly pace: (limits: Omit<Limits, "quota"> & { readonly concurrency: number }) => Paced;
}

/** The client of every resolver there is. */
export const RESOLVER_CLIENTS: Readonly<Record<ResolverName, (parts: ResolverParts) => Resolver>> =
  {
    open_library({ config, contact, pace }) {
      const { anonymousRatePerSecond, concurrency, ...defaults } = OPEN_LIBRARY_DEFAULTS;
      const byDefault = contact === null ? anonymousRatePerSecond : defaults.ratePerSecond;
      const ratePerSecond = config.OPEN_LIBRARY_RATE_PER_SECOND ?? byDefault;
      return createOpenLibrary({
        ...defaults,
        ...pace({ ratePerSecond, concurrency }),
        contact,
        baseUrl: config.OPEN_LIBRARY_BASE_URL,
      });
    },
    google_books({ config, needed: apiKey, pace }) {
      const { concurrency } = GOOGLE_BOOKS_DEFAULTS;
      const ratePerSecond = config.GOOGLE_BOOKS_RATE_PER_SECOND;
      return createGoogleBooks({
        ...GOOGLE_BOOKS_DEFAULTS,
        ...pace({ ratePerSecond, concurrency, credential: apiKey }),
        apiKey,
        baseUrl: config.GOOGLE_BOOKS_BASE_URL,
      });
    },
    archive_org({ config, contact, pace }) {
      const { concurrency } = ARCHIVE_ORG_DEFAULTS;
      return createArchiveOrg({
        ...ARCHIVE_ORG_DEFAULTS,
        ...pace({ ratePerSecond: config.ARCHIVE_ORG_RATE_PER_SECOND, concurrency }),
        contact,
        baseUrl: config.ARCHIVE_ORG_BASE_URL,
      });
    },
    wikidata({ config, needed: contact, pace }) {
      const { concurrency } = WIKIDATA_DEFAULTS;
      return createWikidata({
        ...WIKIDATA_DEFAULTS,
        ...pace({ ratePerSecond: config.WIKIDATA_RATE_PER_SECOND, concurrency }),
        contact,
        apiUrl: config.WIKIDATA_BASE_URL,
        sparqlUrl: config.WIKIDATA_SPARQL_URL,
      });
    },
    isbndb({ config, needed: apiKey, pace }) {
      const { ISBNDB_BASE_URL: baseUrl, ISBNDB_RATE_PER_SECOND: ratePerSecond } = config;
      const { concurrency } = ISBNDB_DEFAULTS;
      const address = { setting: "ISBNDB_BASE_URL", baseUrl };
      return createIsbndb({
        ...ISBNDB_DEFAULTS,
        ...pace({ ratePerSecond, concurrency, credential: apiKey, address }),
        apiKey,
        baseUrl,
      });
    },
  };
