/** Generators there are, by the name settings and records use. */
export const GENERATOR_NAMES = ["gemini"] as const;

/** Resolvers there are, in the order they are asked by default: free ones first. */
export const RESOLVER_NAMES = ["open_library", "isbndb"] as const;
