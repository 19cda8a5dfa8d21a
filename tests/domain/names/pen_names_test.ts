import { assertEquals } from "@std/assert";
import { compareAuthors } from "../../../src/domain/names/author_score.ts";
import { isAlias } from "../../../src/domain/names/pen_names.ts";

Deno.test("isAlias() knows the names of one person, in both directions, and not of two", () => {
  assertEquals(isAlias("richard bachman", "stephen king"), true);
  assertEquals(isAlias("stephen king", "richard bachman"), true);
  assertEquals(isAlias("richard bachman", "robert galbraith"), false);
  assertEquals(isAlias("mara quill", "mara quill"), false);
});

Deno.test("isAlias() does not make two people one for a name they share", () => {
  // James S. A. Corey is two people; each of them is him, and neither is the other.
  assertEquals(isAlias("daniel abraham", "james s a corey"), true);
  assertEquals(isAlias("ty franck", "james s a corey"), true);
  assertEquals(isAlias("daniel abraham", "ty franck"), false);
});

Deno.test("compareAuthors() accepts a pen name as catalogues write it", () => {
  for (const given of ["Rowling, J. K.", "J.K. Rowling", "Joanne Rowling"]) {
    assertEquals(compareAuthors("Robert Galbraith", [given]).verdict, "same", given);
  }
});
