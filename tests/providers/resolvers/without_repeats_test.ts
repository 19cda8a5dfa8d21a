import { assertEquals } from "@std/assert";
import type { WorkCandidate } from "../../../src/domain/matching/resolver.ts";
import { withoutRepeats } from "../../../src/providers/resolvers/without_repeats.ts";

function work(provider_key: string, title: string): WorkCandidate {
  return {
    provider: "isbndb",
    provider_key,
    title,
    subtitle: null,
    authors: [],
    first_published: null,
    popularity: null,
    editions: [],
  };
}

Deno.test("withoutRepeats() keeps the last record of each key, in the order of the first", () => {
  const works = withoutRepeats([work("a", "first"), work("b", "other"), work("a", "last")]);
  assertEquals(works.map(({ provider_key, title }) => [provider_key, title]), [
    ["a", "last"],
    ["b", "other"],
  ]);
  assertEquals(withoutRepeats([]), []);
});
