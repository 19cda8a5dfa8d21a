/**
 * The words by which servers say that the limit of the answer is too high for them: by the name of the
 * field; as the part of the context that is asked for "in the completion" (OpenAI, vLLM, SGLang), "in the
 * output" (OpenRouter) or as "requested output tokens" (vLLM); as a request too large for a minute
 * (Groq's 413, OpenAI's 429), in which the limit is counted as if it were used.
 */
const TOKEN_LIMIT =
  /max[_ -](completion_|output_|new_)?tokens|maximum tokens|\b(in|for|or) (the )?(completion|output)\b|output tokens|request too large/i;

const NUMBER = "([\\d,]+)";
const CONTEXT = new RegExp(`context (?:length|window|size|limit)\\D{0,20}${NUMBER}`, "i");
const QUESTION = new RegExp(
  `${NUMBER} (?:(?:tokens )?(?:in|from|of) (?:the )?(?:messages|text input|input|prompt)|inputs? tokens)`,
  "i",
);

/** True where the limit of the answer is what does not fit, and not the question alone. */
export function isAboutTokenLimit(words: string): boolean {
  if (!TOKEN_LIMIT.test(words)) return false;
  const context = numberIn(words, CONTEXT);
  const question = numberIn(words, QUESTION);
  return context === null || question === null || question < context;
}

/** Numbers of Groq's and OpenAI's words for a request that no minute allows. */
const ALLOWED = new RegExp(`Limit:? ${NUMBER}, Requested:? ${NUMBER}`, "i");

/** The count of a question is estimated differently from one time to the next. */
const MARGIN_TOKENS = 200;

/** Fewer do not hold a list. */
const FEWEST_TOKENS = 1_000;

/**
 * The limit that would have been taken instead of `sent`, where the words give the numbers; null where
 * they do not, or where nothing worth having is left.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const words = "Request too large … on tokens per minute (TPM): Limit 6000, Requested 16884";
 * assertEquals(tokensLeftForAnswer(words, 16_384), 5_300);
 * ```
 */
export function tokensLeftForAnswer(words: string, sent: number): number | null {
  const [, limit, requested] = ALLOWED.exec(words) ?? [];
  if (limit === undefined || requested === undefined) return null;
  const question = Math.max(0, toNumber(requested) - sent);
  const room = toNumber(limit) - question - MARGIN_TOKENS;
  return room >= FEWEST_TOKENS && room < sent ? room : null;
}

function numberIn(words: string, pattern: RegExp): number | null {
  const found = pattern.exec(words)?.[1];
  return found === undefined ? null : toNumber(found);
}

function toNumber(digits: string): number {
  return Number(digits.replaceAll(",", ""));
}
