import { assertEquals } from "@std/assert";
import { parseWording, wordingName } from "../../../src/domain/generation/wording.ts";

Deno.test("parseWording() reads variants of today and of older versions, and nothing else", () => {
  assertEquals(parseWording("baseline"), { variant: "baseline", version: "2" });
  assertEquals(parseWording("baseline@2"), { variant: "baseline", version: "2" });
  assertEquals(parseWording("genre-rotation@1"), { variant: "genre-rotation", version: "1" });
  for (const text of ["", "@1", "baseline@", "baseline@3", "baseline@1@2", "annual"]) {
    assertEquals(parseWording(text), null, text);
  }
});

Deno.test("wordingName() says the version where it is not today's", () => {
  const named = (prompt_version: string) =>
    wordingName({ prompt_variant: "baseline", prompt_version });
  assertEquals([named("2"), named("1")], ["baseline", "baseline@1"]);
});
