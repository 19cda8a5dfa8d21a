/**
 * How many single-letter slips separate two texts: insertion, deletion, substitution, or the swap of
 * two neighbours (optimal string alignment). Swaps count once because they are the commonest slip in
 * typed titles. Any distance above `limit` is reported as `limit + 1`.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(editDistance("taubes", "atubes", 3), 1);
 * assertEquals(editDistance("abc", "xyz", 1), 2);
 * ```
 */
export function editDistance(a: string, b: string, limit: number): number {
  const tooFar = limit + 1;
  // A letter has at most two units of UTF-16, so the longer text may be measured without taking it apart.
  if (a.length > 2 * (b.length + limit) || b.length > 2 * (a.length + limit)) return tooFar;
  const left = [...a];
  const right = [...b];
  if (Math.abs(left.length - right.length) > limit) return tooFar;
  const width = right.length + 1;
  let [beforeLast, last, current] = [0, 1, 2].map(() => new Int32Array(width).fill(tooFar)) as [
    Int32Array,
    Int32Array,
    Int32Array,
  ];
  for (let column = 0; column <= Math.min(limit, right.length); column++) last[column] = column;
  let leastOfLast = 0;
  for (let row = 1; row <= left.length; row++) {
    // Further from the diagonal the lengths alone differ by more than the limit.
    const [from, to] = [Math.max(0, row - limit), Math.min(right.length, row + limit)];
    if (from > 0) current[from - 1] = tooFar;
    if (to < right.length) current[to + 1] = tooFar;
    let least = tooFar;
    for (let column = from; column <= to; column++) {
      let best = column === 0 ? row : Math.min(
        last[column]! + 1,
        current[column - 1]! + 1,
        last[column - 1]! + (left[row - 1] === right[column - 1] ? 0 : 1),
      );
      const isSwap = row > 1 && column > 1 && left[row - 1] === right[column - 2] &&
        left[row - 2] === right[column - 1];
      if (isSwap) best = Math.min(best, beforeLast[column - 2]! + 1);
      current[column] = best;
      least = Math.min(least, best);
    }
    // Two rows, because a swap reaches back over one.
    if (least > limit && leastOfLast > limit) return tooFar;
    leastOfLast = least;
    [beforeLast, last, current] = [last, current, beforeLast];
  }
  return Math.min(last[right.length]!, tooFar);
}
