import type { Thinking } from "./question.ts";

/** English takes about one token for four characters; Google's and OpenAI's documentation agree on it. */
const CHARACTERS_PER_TOKEN = 4;

/** Names, quotes and braces of a list take more. */
const CHARACTERS_PER_LISTED_TOKEN = 3;

/** Thinking tokens for each token written: a list of twenty books costs about 1,700 in all. */
const THOUGHTS_PER_TOKEN: Readonly<Record<Thinking, number>> = { none: 0, little: 1, usual: 1.5 };

/** What a model thinks however short its answer is. */
const FEWEST_THOUGHTS = 40;

/** Tokens of a prompt. */
export function promptTokens(text: string): number {
  return Math.ceil(text.length / CHARACTERS_PER_TOKEN);
}

/** Tokens of an answer. */
export function answerTokens(text: string): number {
  return Math.ceil(text.length / CHARACTERS_PER_LISTED_TOKEN);
}

/** As much of an answer as so many tokens hold. */
export function firstTokens(text: string, tokenCount: number): string {
  return text.slice(0, tokenCount * CHARACTERS_PER_LISTED_TOKEN);
}

/** Tokens thought before an answer of so many tokens. */
export function thinkingTokens(answerTokenCount: number, thinking: Thinking): number {
  if (thinking === "none") return 0;
  return Math.ceil(answerTokenCount * THOUGHTS_PER_TOKEN[thinking]) + FEWEST_THOUGHTS;
}
