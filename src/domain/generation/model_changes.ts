/** The moment from which a model no longer answers to its name. */
export interface ModelChange {
  /** `YYYY-MM-DD`, from 00:00 UTC on. */
  readonly from: string;
  /** Who answers, and is paid for, instead; null when nobody does. */
  readonly answered_by: string | null;
}

/**
 * Models that are switched off, as their providers announced it by 2026-11-27: Google routes the names of
 * Gemini 2.5 to newer models, xAI's older names are unknown.
 */
const CHANGES: readonly (readonly [RegExp, ModelChange])[] = [
  [/^gemini-2\.5-flash-lite$/, { from: "2026-12-01", answered_by: null }],
  [/^gemini-2\.5-flash$/, { from: "2026-12-01", answered_by: "gemini-3.5-flash-lite" }],
  [/^gemini-2\.5-pro$/, { from: "2026-12-01", answered_by: "gemini-3.8-flash" }],
  [
    /^grok-(3|4-0709|4-fast|4-1-fast|code-fast-1)(-|$)/,
    { from: "2026-05-15", answered_by: null },
  ],
];

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
