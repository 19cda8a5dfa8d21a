import { editDistance } from "./edit_distance.ts";

/**
 * Whether two words of at least three letters differ by letters swapped or struck twice, as only a slip of
 * the keys makes them: no other word looks like that. A letter left out or changed may make another word.
 *
 * @example
 * ```ts
 * import { assert, assertFalse } from "@std/assert";
 * assert(isKeySlip("aumlet", "amulet"));
 * assert(isKeySlip("ffever", "fever"));
 * assertFalse(isKeySlip("hunted", "haunted"));
 * ```
 */
export function isKeySlip(a: string, b: string): boolean {
  if (Math.min(a.length, b.length) < 3 || editDistance(a, b, 1) !== 1) return false;
  const single = (word: string) => word.replace(/(\p{L})\1/gu, "$1");
  return [...a].sort().join("") === [...b].sort().join("") || single(a) === single(b);
}
