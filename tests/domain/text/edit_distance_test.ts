import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { editDistance } from "../../../src/domain/text/edit_distance.ts";

const WORD = fc.string({ unit: fc.constantFrom("a", "b", "c", "é"), maxLength: 8 });

/** The definition, without the shortcuts: optimal string alignment by plain recursion. */
function plainDistance(a: string, b: string): number {
  const [left, right] = [[...a], [...b]];
  const seen = new Map<string, number>();
  const distance = (i: number, j: number): number => {
    if (i === 0 || j === 0) return i + j;
    const key = `${i},${j}`;
    const known = seen.get(key);
    if (known !== undefined) return known;
    const cost = left[i - 1] === right[j - 1] ? 0 : 1;
    let best = Math.min(
      distance(i - 1, j) + 1,
      distance(i, j - 1) + 1,
      distance(i - 1, j - 1) + cost,
    );
    if (i > 1 && j > 1 && left[i - 1] === right[j - 2] && left[i - 2] === right[j - 1]) {
      best = Math.min(best, distance(i - 2, j - 2) + 1);
    }
    seen.set(key, best);
    return best;
  };
  return distance(left.length, right.length);
}

Deno.test("editDistance() counts a swap of neighbours once", () => {
  assertEquals(editDistance("knigs", "kings", 3), 1);
  assertEquals(editDistance("", "abc", 3), 3);
  assertEquals(editDistance("same", "same", 0), 0);
});

Deno.test("editDistance() agrees with the definition up to its limit", () => {
  fc.assert(
    fc.property(WORD, WORD, fc.nat(4), (a, b, limit) => {
      assertEquals(editDistance(a, b, limit), Math.min(plainDistance(a, b), limit + 1));
    }),
    { numRuns: 500 },
  );
});

Deno.test("editDistance() is symmetric and 0 only for equal texts", () => {
  fc.assert(fc.property(WORD, WORD, (a, b) => {
    assertEquals(editDistance(a, b, 9), editDistance(b, a, 9));
    assert((editDistance(a, b, 9) === 0) === (a === b));
  }));
});
