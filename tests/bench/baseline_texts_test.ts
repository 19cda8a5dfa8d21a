import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import {
  authorVariants,
  calibreTokens,
  containsAll,
  cutSubtitle,
  importerAuthorPoints,
  importerTitlePoints,
  levenshteinDistance,
  levenshteinRatio,
  lowestDistance,
  plainText,
  titleVariants,
} from "./baseline_texts.ts";

Deno.test("levenshteinDistance() counts insertions, deletions and substitutions, not swaps", () => {
  const cases: [string, string, number][] = [
    ["", "", 0],
    ["", "salt", 4],
    ["kitten", "sitting", 3],
    ["salt", "satl", 2],
    ["ledger", "ledger", 0],
  ];
  for (const [a, b, distance] of cases) assertEquals(levenshteinDistance(a, b), distance, a + b);
});

Deno.test("levenshteinDistance() is a metric", () => {
  const text = fc.string({ maxLength: 12 });
  fc.assert(fc.property(text, text, text, (a, b, c) => {
    const [ab, bc, ac] = [
      levenshteinDistance(a, b),
      levenshteinDistance(b, c),
      levenshteinDistance(a, c),
    ];
    assertEquals(ab, levenshteinDistance(b, a));
    assertEquals(ab === 0, a === b);
    assert(ac <= ab + bc);
  }));
});

Deno.test("levenshteinRatio() divides by the longer text", () => {
  assertEquals(levenshteinRatio("", ""), 1);
  assertEquals(levenshteinRatio("salt", "salts"), 0.8);
  assertEquals(levenshteinRatio("abc", "xyz"), 0);
});

Deno.test("plainText() keeps letters of every script and no accents", () => {
  assertEquals(plainText("  Nesbø’s “Frelseren” — Été 2 "), "nesbø s frelseren ete 2");
  assertEquals(plainText("黑暗森林!"), "黑暗森林");
});

Deno.test("importerTitlePoints() adds the short title to how the whole titles agree", () => {
  const cases: [string, string, number][] = [
    ["The Salt Ledger", "Salt Ledger (Ledgers, #1)", 450 + 600],
    ["Salt & Ledger Houses", "salt and ledger houses", 450 + 600],
    // The first 25 letters differ, but one title is inside the other.
    ["Salt Ledger", "Salt Ledger: A Novel", 350],
    ["A History of the Northern Sea Trade", "A History of the Northern Sea", 350 + 450],
    // Two of three words, in order; then out of it.
    ["Winter Salt Ledger", "Summer Salt Ledger", 300 + 50],
    ["Winter Salt Ledger", "Ledger Salt Summer", 300],
    // Below nine letters only the same title counts.
    ["Salt", "Salt Road", -600],
    ["Winter Arithmetic", "Summer Geometry", -600],
  ];
  for (const [asked, given, points] of cases) {
    assertEquals(importerTitlePoints(asked, given), points, `${asked} / ${given}`);
  }
});

Deno.test("importerAuthorPoints() takes the best of the names given", () => {
  const cases: [string, string[], number][] = [
    ["Mara Quill", ["Somebody Else", "mara quill"], 125],
    ["Mara Jane Quill", ["Mara Quill"], Math.round(80 * 2 / 3) + 10],
    ["Quill Mara Jane", ["Mara Quill"], Math.round(80 * 2 / 3)],
    ["Mara Quill", ["Ida Quill"], -200],
    ["Mara Quill", [], -25],
    ["", ["Mara Quill"], -25],
    ["", [], 75],
  ];
  for (const [asked, given, points] of cases) {
    assertEquals(importerAuthorPoints(asked, given), points, `${asked} / ${given}`);
  }
});

Deno.test("titleVariants() drops subtitle, bracket, number and the author in front", () => {
  assertEquals(titleVariants({ title: "Mara Quill: Salt Ledger, Vol. 2", author: "Mara Quill" }), [
    "mara quill salt ledger vol 2",
    "salt ledger vol 2",
    "salt ledger",
  ]);
  assertEquals(
    titleVariants({ title: "Salt Ledger (Ledgers #1): A Novel", author: "x" }),
    ["salt ledger ledgers 1 a novel", "salt ledger", "salt ledger a novel"],
  );
});

Deno.test("authorVariants() splits names and turns them round at the comma", () => {
  assertEquals(authorVariants("Quill, Mara & Ida Voss"), ["quill mara", "ida voss", "mara quill"]);
});

Deno.test("lowestDistance() takes the best pair, and 1 when there is none", () => {
  assertEquals(lowestDistance(["salt", "ledger"], ["ledger"]), 0);
  assertEquals(lowestDistance([], ["ledger"]), 1);
});

Deno.test("cutSubtitle() cuts at the first separator, but never all", () => {
  assertEquals(cutSubtitle("Salt: A Novel (2)"), "Salt");
  assertEquals(cutSubtitle("(Salt)"), "(Salt)");
});

Deno.test("calibreTokens() wants the telling words of title and first author", () => {
  assertEquals(
    calibreTokens("The Salt & the Ledger (Hardcover Edition)", "J. R. van Quill & Ida"),
    [
      "salt",
      "ledger",
      "quill",
    ],
  );
  assertEquals(calibreTokens("It", "Quill, Mara"), ["mara", "quill"]);
});

Deno.test("containsAll() finds whole words, and nothing when nothing is wanted", () => {
  assert(containsAll("The Salt Ledger by Mara Quill", ["salt", "quill"]));
  assertEquals(containsAll("The Salty Ledger", ["salt"]), false);
  assertEquals(containsAll("The Salt Ledger", []), false);
});
