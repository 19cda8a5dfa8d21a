import type { GeneratorIdentity } from "../providers/provider_lineup.ts";

/**
 * What is assumed before there is history. Tokens: 20 books take 450 in and 1,700
 * out with thinking, a third of that without; the rest was measured with 108 months on the simulator,
 * 2008–2014, with its usual oddities.
 */
export const PRIOR = {
  characters_per_token: 4,
  /** For each book a model names; what it thinks besides stands in its record. */
  tokens_written: 33,
  /** Requests for each answer: some are sent again. */
  calls_per_answer: 1.05,
  calls_per_catalogue_month: 4,
  /** Of the books asked for, how many a generator names. */
  named_share: { model: 0.62, catalogue: 0.28 },
  /** Of what any further generator names, how much is new. */
  new_share: 0.3,
  /** Of the books a provider is asked about, how many it leaves to those behind it. */
  left_share: 0.3,
} as const satisfies {
  named_share: Record<GeneratorIdentity["kind"], number>;
  [name: string]: unknown;
};

/** How many months, and the books in them, the assumptions weigh as much as. */
export const PRIOR_MONTHS = 2;
export const PRIOR_BOOKS = 30;
