import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { foldText } from "../../../src/domain/text/fold_text.ts";
import { trigramSimilarity } from "../../../src/domain/text/trigram_similarity.ts";
import { withDatabase } from "../../support/postgres/databases.ts";

Deno.test("trigramSimilarity() is 0 for what has no letters and 1 for the same words", () => {
  assertEquals(trigramSimilarity("?!", "?!"), 0);
  assertEquals(trigramSimilarity("", "salt"), 0);
  assertEquals(trigramSimilarity("ledger salt", "salt ledger"), 1);
});

Deno.test({
  // The locale of the embedded database knows the letters of every script; a server's may not.
  name: "trigramSimilarity() counts as pg_trgm does [embedded]",
  sanitizeOps: false,
  sanitizeResources: false,
  fn: () =>
    withDatabase("embedded", async ({ sql }) => {
      const title = fc.string({ unit: fc.constantFrom(..."saltß ég анж 12:"), maxLength: 24 })
        .map(foldText);
      const pairs = fc.sample(fc.tuple(title, title), 500);
      const rows = await sql<{ counted: number }[]>`
        SELECT public.similarity(a, b) AS counted
        FROM unnest(${pairs.map(([a]) => a)}::text[], ${pairs.map(([, b]) => b)}::text[])
          WITH ORDINALITY AS pair (a, b, place)
        ORDER BY place`;
      for (const [index, [a, b]] of pairs.entries()) {
        const ours = trigramSimilarity(a, b);
        assert(Math.abs(ours - rows[index]!.counted) < 1e-6, `${a} / ${b}: ${ours}`);
      }
    }),
});
