import type { TokenUsage } from "../../domain/generation/generator.ts";

/** Tokens as the SDK hands them on, `raw` as the provider sent them. */
export interface ModelUsage {
  readonly inputTokens: { readonly total: number | undefined };
  readonly outputTokens: {
    readonly total: number | undefined;
    readonly reasoning: number | undefined;
  };
  readonly raw?: Readonly<Record<string, unknown>>;
}

export interface TokenUsageOptions {
  /**
   * Whether the provider counts thinking among the output tokens or beside them, where its own sum
   * does not tell.
   */
  readonly countsThinking?: "within" | "beside";
}

/**
 * Tokens as billed, thinking apart from the visible output and counted once. Providers, and the
 * descriptions of xAI's two APIs among themselves, disagree whether thinking is part of the output;
 * `total_tokens` tells. A count that is missing or impossible is 0, and none is beyond 100 million,
 * which is more than anybody believes.
 */
export function toTokenUsage(
  { inputTokens, outputTokens, raw }: ModelUsage,
  { countsThinking = "within" }: TokenUsageOptions = {},
): TokenUsage {
  const input = toCount(inputTokens.total);
  const output = toCount(outputTokens.total);
  const thinking = toCount(outputTokens.reasoning);
  const sum = raw?.["total_tokens"];
  const isBeside = sum === input + output + thinking ||
    (sum !== input + output && (countsThinking === "beside" || thinking > output));
  return { input, output: isBeside ? output : Math.max(0, output - thinking), thinking };
}

/** Far beyond what any model takes, and little enough for the database to hold. */
const MAX_COUNT = 100_000_000;

function toCount(value: number | undefined): number {
  const isPossible = value !== undefined && Number.isInteger(value) && value >= 0;
  return isPossible ? Math.min(value, MAX_COUNT) : 0;
}
