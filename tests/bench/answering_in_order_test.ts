import { assertEquals } from "@std/assert";
import type { Resolver, ResolverName } from "../../src/domain/matching/resolver.ts";
import { answeringInOrder } from "./answering_in_order.ts";

const QUERY = { title: "The Salt Ledger", author: "Mara Quill", year: 2012, month: null };

Deno.test("answeringInOrder() asks one after the other, the first one before all others", async () => {
  const begun: string[] = [];
  const ended: string[] = [];
  const speaker = (name: ResolverName): Resolver => ({
    name,
    async find() {
      begun.push(name);
      // Whoever is asked side by side would begin before the first has ended.
      assertEquals(begun.length, ended.length + 1);
      await new Promise((resolve) => setImmediate(resolve));
      ended.push(name);
      return { kind: "not_found" };
    },
  });
  const tiers = [[speaker("open_library"), speaker("google_books"), speaker("wikidata")]];
  const call = { signal: new AbortController().signal, onCall: () => {} };
  await Promise.all(
    answeringInOrder(tiers, "wikidata").flat().map((one) =>
      one.find({ ...QUERY, language: "en", series: null, number: null }, call)
    ),
  );
  assertEquals(ended, ["wikidata", "open_library", "google_books"]);
});
