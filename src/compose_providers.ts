import type { Clock } from "./clock.ts";
import type { Config } from "./config.ts";
import type { Generator } from "./domain/generator.ts";
import { GENERATOR_NAMES, RESOLVER_NAMES } from "./domain/provider_names.ts";
import type { Resolver } from "./domain/resolver.ts";
import type { Log } from "./log.ts";
import { createGemini, GEMINI_DEFAULTS } from "./providers/generators/gemini.ts";
import type { HttpEvent } from "./providers/http_event.ts";
import { createIsbndb, ISBNDB_DEFAULTS } from "./providers/resolvers/isbndb.ts";
import { createOpenLibrary, OPEN_LIBRARY_DEFAULTS } from "./providers/resolvers/open_library.ts";

/** The outside services this process can use with the settings it has. */
export interface Providers {
  readonly generators: readonly Generator[];
  readonly resolvers: readonly Resolver[];
  /** What is left out for want of a setting, in sentences for the operator. */
  readonly missing: readonly string[];
}

/** Makes the clients of every service that is named, or can be used, by the settings. */
export function composeProviders(
  config: Config,
  { clock, log }: { clock: Clock; log: Log },
): Providers {
  const shared = { clock, onEvent: (event: HttpEvent): void => logEvent(log, event) };
  const missing: string[] = [];

  const generators = (config.GENERATORS ?? GENERATOR_NAMES).flatMap((name): Generator[] => {
    switch (name) {
      case "gemini": {
        const apiKey = config.GEMINI_API_KEY;
        if (apiKey === undefined) {
          missing.push("No generator: set GEMINI_API_KEY, or no month can name a book");
          return [];
        }
        return [createGemini({
          ...GEMINI_DEFAULTS,
          ...shared,
          apiKey,
          model: config.GEMINI_MODEL,
          baseUrl: config.GEMINI_BASE_URL,
          ratePerSecond: config.GEMINI_RATE_PER_SECOND,
          concurrency: Math.max(GEMINI_DEFAULTS.concurrency, config.MONTH_CONCURRENCY),
        })];
      }
    }
  });

  const resolvers = (config.RESOLVERS ?? RESOLVER_NAMES).flatMap((name): Resolver[] => {
    switch (name) {
      case "open_library": {
        const { CONTACT: contact } = config;
        if (contact === undefined) {
          missing.push("Open Library is asked at its lower rate: set CONTACT to go faster");
        }
        const byDefault = contact === undefined
          ? OPEN_LIBRARY_DEFAULTS.anonymousRatePerSecond
          : OPEN_LIBRARY_DEFAULTS.ratePerSecond;
        const ratePerSecond = config.OPEN_LIBRARY_RATE_PER_SECOND ?? byDefault;
        return [createOpenLibrary({
          ...OPEN_LIBRARY_DEFAULTS,
          ...shared,
          contact: contact ?? null,
          baseUrl: config.OPEN_LIBRARY_BASE_URL,
          ratePerSecond,
          concurrency: concurrencyFor(config, {
            ratePerSecond,
            byDefault: OPEN_LIBRARY_DEFAULTS.concurrency,
          }),
        })];
      }
      case "isbndb": {
        const apiKey = config.ISBNDB_API_KEY;
        if (apiKey === undefined) {
          missing.push("ISBNdb is not asked: set ISBNDB_API_KEY to resolve more books");
          return [];
        }
        const ratePerSecond = config.ISBNDB_RATE_PER_SECOND;
        return [createIsbndb({
          ...ISBNDB_DEFAULTS,
          ...shared,
          apiKey,
          baseUrl: config.ISBNDB_BASE_URL,
          ratePerSecond,
          concurrency: concurrencyFor(config, {
            ratePerSecond,
            byDefault: ISBNDB_DEFAULTS.concurrency,
          }),
        })];
      }
    }
  });
  return { generators, resolvers, missing };
}

/** A provider whose rate was lifted on purpose is not held back by its usual concurrency either. */
function concurrencyFor(
  config: Config,
  { ratePerSecond, byDefault }: { ratePerSecond: number; byDefault: number },
): number {
  if (ratePerSecond !== Infinity) return byDefault;
  return config.MONTH_CONCURRENCY * config.BOOK_CONCURRENCY;
}

function logEvent(log: Log, { kind, ...fields }: HttpEvent): void {
  const isLoud = kind === "failed" || kind === "breaker_opened";
  log[isLoud ? "warn" : "debug"](`provider_${kind}`, fields);
}
