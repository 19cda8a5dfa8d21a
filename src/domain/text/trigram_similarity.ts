/**
 * The share of three-letter pieces that two folded texts have in common, 0–1, each word with two spaces
 * before and one behind it. What Postgres's similarity() of pg_trgm counts; that one sees only the
 * letters of the database's locale, which under "C" are those of ASCII.
 *
 * https://www.postgresql.org/docs/current/pgtrgm.html
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(trigramSimilarity("salt ledger", "salt ledger 2"), 12 / 14);
 * assertEquals(trigramSimilarity("анна каренина", "анна каренин"), 12 / 14);
 * ```
 */
export function trigramSimilarity(a: string, b: string): number {
  const [left, right] = [trigrams(a), trigrams(b)];
  if (left.size === 0 || right.size === 0) return 0;
  const shared = left.intersection(right).size;
  return shared / (left.size + right.size - shared);
}

function trigrams(text: string): Set<string> {
  const found = new Set<string>();
  for (const word of text.match(/[\p{L}\p{M}\p{N}]+/gu) ?? []) {
    const letters = [" ", " ", ...word, " "];
    for (let at = 0; at + 3 <= letters.length; at++) {
      found.add(letters.slice(at, at + 3).join(""));
    }
  }
  return found;
}
