import { type GeneratorRequest, MAX_OUTPUT_TOKENS } from "../domain/generation/generator.ts";
import { BOOK_LIST_SCHEMA, buildPrompt, type PromptOptions } from "../domain/generation/prompt.ts";

/**
 * What a generator is asked about a month. Months and experiments both ask this, so that they remember
 * each other's answers.
 */
export function generatorRequest(options: PromptOptions): GeneratorRequest {
  return {
    month: options.month,
    max_books: options.maxBooks,
    prompt: buildPrompt(options),
    answer_schema: BOOK_LIST_SCHEMA,
    max_output_tokens: MAX_OUTPUT_TOKENS,
  };
}
