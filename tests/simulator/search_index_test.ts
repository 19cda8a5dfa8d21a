import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import {
  buildSearchIndex,
  documentsWithAll,
  documentsWithMost,
  tokensOf,
  tokenWeight,
} from "../../src/simulator/search_index.ts";

Deno.test("tokensOf() folds marks, letters without decomposition, apostrophes and ampersands", () => {
  assertEquals(tokensOf("My Sister’s Keeper & Co."), ["my", "sisters", "keeper", "and", "co"]);
  assertEquals(tokensOf("J.R. Ward"), ["j", "r", "ward"]);
  assertEquals(tokensOf("Jo Nesbø, Ødegård"), ["jo", "nesbo", "odegard"]);
  assertEquals(tokensOf("Émile Straße"), ["emile", "strasse"]);
  assertEquals(tokensOf("—"), []);
});

const documents = fc.array(
  fc.array(fc.constantFrom<string[]>("a", "b", "c", "d", "e"), { maxLength: 5 }),
  {
    maxLength: 12,
  },
);
const query = fc.array(fc.constantFrom<string[]>("a", "b", "c", "x"), {
  minLength: 1,
  maxLength: 3,
});

Deno.test("documentsWithAll() finds exactly the documents that hold every token", () => {
  fc.assert(fc.property(documents, query, (texts, tokens) => {
    const found = documentsWithAll(buildSearchIndex(texts), tokens);
    const expected = texts.flatMap((text, position) =>
      tokens.every((token) => text.includes(token)) ? [position] : []
    );
    assertEquals(found, expected);
  }));
});

Deno.test("documentsWithAll() finds nothing for no token", () => {
  assertEquals(documentsWithAll(buildSearchIndex([["a"]]), []), []);
});

Deno.test("documentsWithMost() gives a full match the score 1 and keeps to the least share", () => {
  fc.assert(fc.property(documents, query, (texts, tokens) => {
    const index = buildSearchIndex(texts);
    for (const { document, score } of documentsWithMost(index, tokens, { minShare: 0.5 })) {
      const text = texts[document] ?? [];
      const isFull = tokens.every((token) => text.includes(token));
      assert(score >= 0.5 && score <= 1 + 1e-9);
      assertEquals(isFull, Math.abs(score - 1) < 1e-9);
    }
  }));
});

Deno.test("tokenWeight() is greater for rarer tokens", () => {
  const index = buildSearchIndex([["a", "b"], ["a"], ["a"]]);
  assert(tokenWeight(index, "x") > tokenWeight(index, "b"));
  assert(tokenWeight(index, "b") > tokenWeight(index, "a"));
});
