import type { GeneratorName } from "../generation/generator.ts";
import type { GeneratorIdentity } from "../providers/provider_lineup.ts";

/** Who answered for a month, asked with which wording. */
export interface Answerer {
  readonly generator: GeneratorName;
  readonly model: string;
  readonly prompt_version: string;
}

/**
 * Why a completed month would be made otherwise today: a generator has another `model` by now, the
 * `prompt` is worded otherwise, or it was made only by generators that are `gone`.
 */
export type StaleReason = "gone" | "model" | "prompt";

/**
 * Whether a completed month is stale, and why; null when it is not. A generator that was never asked
 * about the month makes it no staler, and a catalogue is asked without the prompt. Without a model to
 * ask, what absent generators made is the best there is.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const now = {
 *   generators: [{ name: "xai" as const, kind: "model" as const, model: "grok-4.3" }],
 *   prompt_version: "2",
 * };
 * const by = (model: string, prompt_version: string) => [
 *   { generator: "xai" as const, model, prompt_version },
 * ];
 * assertEquals(staleReason(by("grok-4.3", "2"), now), null);
 * assertEquals(staleReason(by("grok-4.3", "1"), now), "prompt");
 * assertEquals(staleReason(by("grok-3", "2"), now), "model");
 * ```
 */
export function staleReason(
  answerers: readonly Answerer[],
  now: { readonly generators: readonly GeneratorIdentity[]; readonly prompt_version: string },
): StaleReason | null {
  if (answerers.length === 0) return null;
  const reasons = now.generators.map((generator) => {
    const own = answerers.filter((one) => one.generator === generator.name);
    if (own.length === 0) return "absent";
    const sameModel = own.filter(({ model }) => model === generator.model);
    if (sameModel.length === 0) return "model";
    const isCurrent = generator.kind === "catalogue" ||
      sameModel.some(({ prompt_version }) => prompt_version === now.prompt_version);
    return isCurrent ? "current" : "prompt";
  });
  if (reasons.includes("model")) return "model";
  if (reasons.includes("prompt")) return "prompt";
  const isGone = reasons.every((reason) => reason === "absent") &&
    now.generators.some(({ kind }) => kind === "model");
  return isGone ? "gone" : null;
}
