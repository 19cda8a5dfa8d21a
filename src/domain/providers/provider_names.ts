/** Generators there are, by the name settings and records use. */
export const GENERATOR_NAMES = ["gemini", "xai", "openai_compatible", "wikidata"] as const;

/** Resolvers there are. */
export const RESOLVER_NAMES = [
  "open_library",
  "google_books",
  "archive_org",
  "wikidata",
  "isbndb",
] as const;

/**
 * Whom to ask by default: the free ones first and side by side, then the one that is paid for, about
 * what is left.
 */
export const DEFAULT_RESOLVER_TIERS = [
  ["open_library", "google_books", "archive_org", "wikidata"],
  ["isbndb"],
] as const;

/** Resolvers whose every request costs money. */
export const PAID_RESOLVERS: readonly string[] = ["isbndb"];
