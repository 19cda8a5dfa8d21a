import type { AppError, ErrorCode } from "../../errors.ts";
import type { GeneratorRequest, TokenUsage } from "../generation/generator.ts";
import type { ModelPrice } from "./model_prices.ts";

/** What one call of a model may cost. */
export interface CallSize {
  readonly price: ModelPrice;
  /** Tokens of the question, rather too many than too few. */
  readonly input_tokens: number;
  /** Tokens the answer may take when money is no object. */
  readonly wanted_output_tokens: number;
  /** Fewer than these are not worth asking with. */
  readonly needed_output_tokens: number;
}

export type CallPlan =
  | {
    readonly kind: "fits";
    readonly max_output_tokens: number;
    /** The most the call can cost. */
    readonly reserved_usd: number;
  }
  | { readonly kind: "exceeds"; readonly needed_usd: number };

/** Dollars are counted in millionths, like the ledger, so that sums of them are exact. */
const MICRO = 1_000_000;

/**
 * The largest answer that can be asked for with `roomUsd` dollars left (`Infinity` without a cap).
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const size = {
 *   price: { input_usd: 0.3, output_usd: 2.5 },
 *   input_tokens: 2_000,
 *   wanted_output_tokens: 16_384,
 *   needed_output_tokens: 4_000,
 * };
 * assertEquals(planCall(size, 1), { kind: "fits", max_output_tokens: 16_384, reserved_usd: 0.04156 });
 * assertEquals(planCall(size, 0.02), { kind: "fits", max_output_tokens: 7_760, reserved_usd: 0.02 });
 * assertEquals(planCall(size, 0.01), { kind: "exceeds", needed_usd: 0.0106 });
 * ```
 */
export function planCall(size: CallSize, roomUsd: number): CallPlan {
  const roomMicro = Math.max(0, Math.floor(roomUsd * MICRO + 1e-6));
  const inputMicro = size.input_tokens * size.price.input_usd;
  const affordable = size.price.output_usd === 0
    ? Infinity
    : Math.floor((roomMicro - inputMicro) / size.price.output_usd + 1e-6);
  const max_output_tokens = Math.min(size.wanted_output_tokens, affordable);
  const cost = (outputTokens: number): number =>
    Math.max(0, Math.ceil(inputMicro + outputTokens * size.price.output_usd - 1e-6));
  const isTooSmall = max_output_tokens < size.needed_output_tokens;
  if (isTooSmall || cost(max_output_tokens) > roomMicro) {
    return { kind: "exceeds", needed_usd: cost(size.needed_output_tokens) / MICRO };
  }
  return { kind: "fits", max_output_tokens, reserved_usd: cost(max_output_tokens) / MICRO };
}

/** What the wrapping of a question takes beside its words. */
const WRAPPING_TOKENS = 200;

/** Models split English into about four characters a token; two is more than any of them needs. */
const CHARACTERS_PER_TOKEN = 2;

/** The most tokens a question can be billed with; some providers count the schema too. */
export function inputTokensAtMost({ prompt, answer_schema }: GeneratorRequest): number {
  const bytes = new TextEncoder().encode(
    prompt.system + prompt.user + JSON.stringify(answer_schema),
  ).length;
  return Math.ceil(bytes / CHARACTERS_PER_TOKEN) + WRAPPING_TOKENS;
}

/**
 * A model may think beyond its limit, and a proxy put words of its own before the question; neither
 * makes ten times of it.
 */
const BELIEVED_TIMES = 10;

/**
 * Whether a call can have taken as many tokens as its provider says. Counts far beyond the question, or
 * beyond the answer it was allowed, would close a day's cap for money that nobody spent.
 */
export function isBelievable(
  { input, output, thinking }: TokenUsage,
  request: GeneratorRequest,
): boolean {
  return input <= BELIEVED_TIMES * inputTokensAtMost(request) &&
    output + thinking <= BELIEVED_TIMES * request.max_output_tokens;
}

/**
 * The fewest tokens that leave room for a list of so many books: a book takes about 40, so 150 covers
 * long titles and some thought, and 1,000 more the thinking no model can be talked out of.
 */
export function outputTokensAtLeast(books: number): number {
  return 150 * books + 1_000;
}

/** The most any of the models accepts (Gemini: https://ai.google.dev/gemini-api/docs/models). */
const LARGEST_ANSWER_TOKENS = 65_536;

/** How many tokens to try when so few were not enough for one book; null when more are not to be had. */
export function largerAnswer(tokens: number): number | null {
  return tokens >= LARGEST_ANSWER_TOKENS ? null : Math.min(4 * tokens, LARGEST_ANSWER_TOKENS);
}

/** Answers with these errors are not billed; after any other nobody knows. */
const UNBILLED: ReadonlySet<ErrorCode> = new Set([
  "PROVIDER_RATE_LIMITED",
  "PROVIDER_QUOTA_SPENT",
  "PROVIDER_OUT_OF_CREDIT",
  "PROVIDER_KEY_REFUSED",
  "PROVIDER_REJECTED_REQUEST",
]);

/**
 * Whether a failed call may have been billed. It was not when nothing left, when no connection was
 * made, when its last try was held back (earlier ones were then answered with errors, or a call is not
 * tried again), or when the provider answered with an error; after silence, a broken answer or a call
 * that was broken off it may have been.
 */
export function mayBeBilled(error: AppError, { hasLeft }: { hasLeft: boolean }): boolean {
  if (!hasLeft || UNBILLED.has(error.code) || error.details["is_unsent"] === true) return false;
  if (error.code !== "PROVIDER_UNAVAILABLE") return true;
  return error.details["status"] === undefined;
}
