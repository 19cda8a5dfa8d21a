import { assert, assertEquals, assertNotEquals } from "@std/assert";
import fc from "fast-check";
import {
  seededRandom,
  stableChoice,
  stableHash,
  stableShare,
} from "../../../src/simulator/faults/random.ts";

Deno.test("stableHash() gives the published FNV-1a values", () => {
  assertEquals(stableHash(""), 0x811c9dc5);
  assertEquals(stableHash("a"), 0xe40c292c);
  assertEquals(stableHash("foobar"), 0xbf9cf968);
});

Deno.test("stableChoice() picks one of the choices, the same one every time", () => {
  fc.assert(fc.property(fc.string(), (key) => {
    const choice = stableChoice(key, ["a", "b", "c"]);
    assert(["a", "b", "c"].includes(choice));
    assertEquals(stableChoice(key, ["a", "b", "c"]), choice);
  }));
});

Deno.test("seededRandom() repeats for a seed, differs between seeds and stays in [0, 1)", () => {
  const draw = (seed: number) => {
    const random = seededRandom(seed);
    return Array.from({ length: 20 }, random);
  };
  assertEquals(draw(7), draw(7));
  assertNotEquals(draw(7), draw(8));
  fc.assert(fc.property(fc.integer(), (seed) => draw(seed).every((n) => n >= 0 && n < 1)));
});

Deno.test("stableShare() spreads keys that look alike evenly over [0, 1)", () => {
  const counts = new Array<number>(10).fill(0);
  for (let number = 0; number < 10_000; number++) {
    const share = stableShare(`work:open_library:k${number}`);
    assert(share >= 0 && share < 1);
    const tenth = Math.floor(share * 10);
    counts[tenth] = (counts[tenth] ?? 0) + 1;
  }
  for (const count of counts) assert(count > 880 && count < 1_120, counts.join(" "));
});
