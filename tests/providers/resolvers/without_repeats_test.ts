import { assertEquals } from "@std/assert";
import { withoutRepeats } from "../../../src/providers/resolvers/without_repeats.ts";
import { work } from "../../support/books/match_records.ts";

Deno.test("withoutRepeats() keeps the last record of each key, in the order of the first", () => {
  const given = [["a", "first"], ["b", "other"], ["a", "last"]] as const;
  const works = withoutRepeats(
    given.map(([provider_key, title]) => work({ provider_key, title })),
  );
  assertEquals(works.map(({ provider_key, title }) => [provider_key, title]), [
    ["a", "last"],
    ["b", "other"],
  ]);
  assertEquals(withoutRepeats([]), []);
});
