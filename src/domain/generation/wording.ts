import { isPromptVariant, type PromptVariant } from "./prompt.ts";
import { PROMPT_VERSION, PROMPT_VERSIONS, type PromptVersion } from "./prompt_version.ts";

/** What a question is worded with. */
export interface Wording {
  readonly variant: PromptVariant;
  readonly version: PromptVersion;
}

/**
 * Reads a variant, with an older version behind an at sign; null when there is no such one.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(parseWording("baseline@1"), { variant: "baseline", version: "1" });
 * assertEquals(parseWording("baseline@0"), null);
 * ```
 */
export function parseWording(text: string): Wording | null {
  const [variant = "", asked = PROMPT_VERSION, ...more] = text.split("@");
  const version = PROMPT_VERSIONS.find((one) => one === asked);
  return isPromptVariant(variant) && version !== undefined && more.length === 0
    ? { variant, version }
    : null;
}

/** A wording as people write it: the version is said where it is not today's. */
export function wordingName(
  { prompt_variant, prompt_version }: {
    readonly prompt_variant: string;
    readonly prompt_version: string;
  },
): string {
  return prompt_version === PROMPT_VERSION ? prompt_variant : `${prompt_variant}@${prompt_version}`;
}
