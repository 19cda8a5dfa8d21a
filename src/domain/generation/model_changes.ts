import type { GeneratorRole, ModelChange } from "../providers/provider_record.ts";
import { GENERATORS } from "../providers/provider_records.ts";

const ROLES: readonly GeneratorRole[] = GENERATORS.map(({ generator }) => generator);
const CHANGES = ROLES.flatMap(({ model_changes = [] }) => model_changes);

/**
 * What becomes of a model's name; null for one that nobody has announced anything of.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(modelChange("gemini-2.5-flash")?.answered_by, "gemini-3.5-flash-lite");
 * assertEquals(modelChange("grok-4.3"), null);
 * ```
 */
export function modelChange(model: string): ModelChange | null {
  return CHANGES.find(([name]) => name.test(model))?.[1] ?? null;
}

/** Who answers to a model's name at a moment, by what its provider has announced. */
export function answeringModel(model: string, at: Date): string {
  const change = modelChange(model);
  const isChanged = change !== null && at >= new Date(`${change.from}T00:00:00Z`);
  return isChanged ? change.answered_by ?? model : model;
}
