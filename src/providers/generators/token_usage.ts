import { z } from "zod";
import type { TokenUsage } from "../../domain/generation/generator.ts";

/** Far beyond what any model takes, and little enough for the database to hold. */
const MAX_COUNT = 100_000_000;

/** A count as a number or, as in Google's JSON of large numbers and some proxies, in quotes. */
const countSchema = z.union([z.number(), z.string().trim().regex(/^\d+$/).transform(Number)])
  .pipe(z.number().int().nonnegative()).transform((count) => Math.min(count, MAX_COUNT));

/** A count that is billed; null, or none, is one that nobody made. */
export const billedSchema = countSchema.nullish().transform((count) => count ?? 0);

/** A count that only helps to understand the others. */
export const helpfulSchema = countSchema.optional().catch(undefined);

/** The thinking of OpenAI's two APIs, and of xAI's. */
export const reasoningSchema = z.object({ reasoning_tokens: billedSchema }).nullish()
  .transform((details) => details?.reasoning_tokens ?? 0);

/** The counts of an answer, whatever their names are there. */
export interface TokenCounts extends TokenUsage {
  /** The provider's own sum. */
  readonly total?: number | undefined;
}

/**
 * What is counted when a count that is billed cannot be read: the others alone would be a smaller bill
 * than the real one.
 */
export const NO_TOKENS = { input: 0, output: 0, thinking: 0, total: undefined };

/** Whether a provider counts thinking among the output tokens or beside them. */
export type CountsThinking = "within" | "beside";

/**
 * Tokens as billed, thinking apart from the visible output and counted once. Providers, and the
 * descriptions of xAI's two APIs among themselves, disagree whether thinking is part of the output; their
 * own sum tells, and `expected` is for where there is none.
 */
export function toTokenUsage(
  { input, output, thinking, total }: TokenCounts,
  expected: CountsThinking,
): TokenUsage {
  const isBeside = total === input + output + thinking ||
    (total !== input + output && (expected === "beside" || thinking > output));
  return { input, output: isBeside ? output : Math.max(0, output - thinking), thinking };
}
