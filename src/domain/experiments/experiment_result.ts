import { z } from "zod";
import type { BookTally } from "../generation/book_tally.ts";
import type { TokenUsage } from "../generation/generator.ts";
import type { Month } from "../months/month.ts";
import { PROMPT_VARIANTS } from "../generation/prompt.ts";
import { wordingName } from "../generation/wording.ts";
import { GENERATOR_NAMES } from "../providers/provider_names.ts";

/** One of the wordings put to one of the models. */
export const contenderSchema = z.object({
  prompt_variant: z.enum(PROMPT_VARIANTS),
  prompt_version: z.string(),
  generator: z.enum(GENERATOR_NAMES),
  model: z.string(),
});

export type Contender = Readonly<z.infer<typeof contenderSchema>>;

/**
 * What came of asking: a list, also an empty one; a refusal; an answer nobody can use; or nothing that
 * could be judged, because the model or every resolver was away.
 */
export type QuestionOutcome = "named" | "refused" | "unusable" | "unavailable";

/** What came of putting one wording for one month to one model. */
export interface ExperimentResult extends Contender, Month, BookTally {
  readonly asked_books: number;
  readonly outcome: QuestionOutcome;
  /** Why there is no list, in words; null when there is one. */
  readonly detail: string | null;
  /** The answer was there before, so it cost nothing this time. */
  readonly is_remembered: boolean;
  /** Entries of the list that were no books, or a book named before. */
  readonly dropped: number;
  /** One for each resolved book. */
  readonly isbns: readonly string[];
  /** Of the resolved books, those that the catalogue got from this; null when it was to get none. */
  readonly books_stored: number | null;
  /** Of the ISBNs, those that were not stored before; null like the books. */
  readonly isbns_stored: number | null;
  readonly tokens: TokenUsage;
  /** US dollars the answer has cost, when it was asked for; null when nobody knows. */
  readonly cost_usd: number | null;
}

/** Tells contenders apart. */
export function contenderKey({ generator, model, ...wording }: Contender): string {
  return `${wordingName(wording)} ${generator}:${model}`;
}
