import { type GeneratorRequest, MAX_OUTPUT_TOKENS } from "../domain/generation/generator.ts";
import { buildPrompt, type PromptOptions } from "../domain/generation/prompt.ts";
import { bookListSchema, PROMPT_VERSION } from "../domain/generation/prompt_version.ts";

/**
 * What a generator is asked about a month. Months and experiments both ask this, so that they remember
 * each other's answers.
 */
export function generatorRequest(options: PromptOptions): GeneratorRequest {
  return {
    month: options.month,
    max_books: options.maxBooks,
    prompt: buildPrompt(options),
    answer_schema: bookListSchema(options.version ?? PROMPT_VERSION),
    max_output_tokens: MAX_OUTPUT_TOKENS,
  };
}
