import { assertEquals } from "@std/assert";
import { unmasked } from "../../../src/domain/titles/masked_words.ts";

Deno.test("unmasked() writes out a word however a cover masks it, and no other", () => {
  for (const mask of ["F*ck", "f**k", "F***", "F#ck"]) {
    assertEquals(unmasked(`Go the ${mask} to Sleep`), "Go the fuck to Sleep", mask);
  }
  assertEquals(unmasked("Sh*t My Dad Says"), "shit My Dad Says");
  for (const title of ["M*A*S*H", "C++", "Half*Back", "#Girlboss"]) {
    assertEquals(unmasked(title), title);
  }
});
