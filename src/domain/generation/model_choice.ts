import { type ModelProvider, MODELS } from "../providers/provider_records.ts";

/** Generators that are language models, whose wording and model can be compared. */
export const MODEL_GENERATORS: readonly ModelProvider["name"][] = MODELS.map(({ name }) => name);

/** A model to ask; null is the one the settings name. */
export interface ModelChoice {
  readonly generator: ModelProvider["name"];
  readonly model: string | null;
}

/**
 * Reads a generator, or a generator and its model; null when there is no such generator or the model is
 * missing after the colon.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(parseModelChoice("gemini"), { generator: "gemini", model: null });
 * assertEquals(parseModelChoice("xai:grok-4.3"), { generator: "xai", model: "grok-4.3" });
 * assertEquals(parseModelChoice("openai_compatible:llama3:8b")?.model, "llama3:8b");
 * assertEquals(parseModelChoice("grok-4.3"), null);
 * ```
 */
export function parseModelChoice(text: string): ModelChoice | null {
  const [, name, model = null] = /^(\w+)(?::(\S+))?$/.exec(text.trim()) ?? [];
  const generator = MODEL_GENERATORS.find((one) => one === name);
  return generator === undefined ? null : { generator, model };
}
