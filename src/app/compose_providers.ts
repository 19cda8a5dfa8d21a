import { composeGenerators } from "./compose_generators.ts";
import type { Composition } from "./composition.ts";
import type { Config } from "../config.ts";
import type { DailyQuota } from "../limits/shared_gate.ts";
import type { Generator } from "../domain/generation/generator.ts";
import { createRedactor } from "../domain/text/redaction.ts";
import { DEFAULT_RESOLVER_TIERS } from "../domain/providers/provider_names.ts";
import type { BatchChecker, Resolver, ResolverName } from "../domain/matching/resolver.ts";
import { secretsSent } from "../secret_settings.ts";
import { type Limits, type LimitsParts, shareLimits } from "../limits/share_limits.ts";
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

/** The outside services this process can use with the settings it has. */
export interface Providers {
  readonly generators: readonly Generator[];
  /** Tier after tier; those of one tier are asked side by side. */
  readonly resolvers: readonly (readonly Resolver[])[];
  /** Gives a second opinion on all ISBNs of a month at once; null when none can. */
  readonly checker: BatchChecker | null;
  /** What is left out for want of a setting, in sentences for the operator. */
  readonly missing: readonly string[];
}

/** Makes the clients of every service that is named, or can be used, by the settings. */
export function composeProviders(
  config: Config,
  parts: LimitsParts,
): Providers {
  const { clock } = parts;
  const missing: string[] = [];
  const redact = createRedactor(secretsSent(config));
  const composition: Composition = {
    config,
    clock,
    share: (provider, limits) => ({
      ...shareLimits(parts, { provider, ...limits }),
      redact,
    }),
    miss: (sentence) => void missing.push(sentence),
  };
  const tiers: readonly (readonly ResolverName[])[] = config.RESOLVERS ?? DEFAULT_RESOLVER_TIERS;
  const resolvers = tiers
    .map((tier) => tier.flatMap((name) => composeResolver(name, composition) ?? []))
    .filter((tier) => tier.length > 0);
  return {
    resolvers,
    checker: resolvers.flat().find(isChecker) ?? null,
    generators: composeGenerators(composition),
    missing,
  };
}

function isChecker(resolver: Resolver): resolver is Resolver & BatchChecker {
  return "checkIsbns" in resolver;
}

function composeResolver(
  name: ResolverName,
  { config, clock, share, miss }: Composition,
): Resolver | null {
  const contact = config.CONTACT ?? null;
  const limits = ({ concurrency, ...own }: Limits & { readonly concurrency: number }) => ({
    clock,
    ...share(name, own),
    ...paceOf(config, { ratePerSecond: own.ratePerSecond, byDefault: concurrency }),
  });
  switch (name) {
    case "open_library": {
      if (contact === null) {
        miss("Open Library is asked at its lower rate: set CONTACT to go faster");
      }
      const { anonymousRatePerSecond, ...defaults } = OPEN_LIBRARY_DEFAULTS;
      const rateByDefault = contact === null ? anonymousRatePerSecond : defaults.ratePerSecond;
      return createOpenLibrary({
        ...defaults,
        ...limits({
          ratePerSecond: config.OPEN_LIBRARY_RATE_PER_SECOND ?? rateByDefault,
          concurrency: defaults.concurrency,
        }),
        contact,
        baseUrl: config.OPEN_LIBRARY_BASE_URL,
      });
    }
    case "google_books": {
      const { GOOGLE_BOOKS_API_KEY: apiKey } = config;
      if (apiKey === undefined) {
        miss("Google Books is not asked: set GOOGLE_BOOKS_API_KEY to resolve more books");
        return null;
      }
      return createGoogleBooks({
        ...GOOGLE_BOOKS_DEFAULTS,
        ...limits({
          ratePerSecond: config.GOOGLE_BOOKS_RATE_PER_SECOND,
          concurrency: GOOGLE_BOOKS_DEFAULTS.concurrency,
          quota: quotaOf(config, "GOOGLE_BOOKS"),
          credential: apiKey,
        }),
        apiKey,
        baseUrl: config.GOOGLE_BOOKS_BASE_URL,
      });
    }
    case "archive_org":
      return createArchiveOrg({
        ...ARCHIVE_ORG_DEFAULTS,
        ...limits({
          ratePerSecond: config.ARCHIVE_ORG_RATE_PER_SECOND,
          concurrency: ARCHIVE_ORG_DEFAULTS.concurrency,
        }),
        contact,
        baseUrl: config.ARCHIVE_ORG_BASE_URL,
      });
    case "wikidata":
      if (contact === null) {
        miss("Wikidata is not asked: set CONTACT, which Wikimedia demands of every client");
        return null;
      }
      return createWikidata({
        ...WIKIDATA_DEFAULTS,
        ...limits({
          ratePerSecond: config.WIKIDATA_RATE_PER_SECOND,
          concurrency: WIKIDATA_DEFAULTS.concurrency,
        }),
        contact,
        apiUrl: config.WIKIDATA_BASE_URL,
        sparqlUrl: config.WIKIDATA_SPARQL_URL,
      });
    case "isbndb": {
      const { ISBNDB_API_KEY: apiKey } = config;
      if (apiKey === undefined) {
        miss("ISBNdb is not asked: set ISBNDB_API_KEY to resolve more books");
        return null;
      }
      return createIsbndb({
        ...ISBNDB_DEFAULTS,
        ...limits({
          ratePerSecond: config.ISBNDB_RATE_PER_SECOND,
          concurrency: ISBNDB_DEFAULTS.concurrency,
          quota: quotaOf(config, "ISBNDB"),
          credential: apiKey,
          address: { setting: "ISBNDB_BASE_URL", baseUrl: config.ISBNDB_BASE_URL },
        }),
        apiKey,
        baseUrl: config.ISBNDB_BASE_URL,
      });
    }
  }
}

interface Pace {
  readonly ratePerSecond: number;
  readonly concurrency: number;
}

/** A provider whose rate was lifted on purpose is not held back by its usual concurrency either. */
function paceOf(
  config: Config,
  { ratePerSecond, byDefault }: { ratePerSecond: number; byDefault: number },
): Pace {
  const isUnlimited = ratePerSecond === Infinity;
  const concurrency = isUnlimited ? config.MONTH_CONCURRENCY * config.BOOK_CONCURRENCY : byDefault;
  return { ratePerSecond, concurrency };
}

/** The calls of a day we allow ourselves, counted on the provider's own day. */
function quotaOf(config: Config, provider: "ISBNDB" | "GOOGLE_BOOKS"): DailyQuota | null {
  const granted = config[`${provider}_DAILY_QUOTA`];
  if (granted === Infinity) return null;
  const buffer = config[`${provider}_QUOTA_BUFFER`];
  return { limit: granted - buffer, buffer, zone: provider === "ISBNDB" ? "utc" : "pacific" };
}
