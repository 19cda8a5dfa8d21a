import { assertEquals } from "@std/assert";
import { otherNamesOf } from "../../../src/simulator/books/pen_names.ts";

Deno.test("otherNamesOf() knows a person by every name, however it is written", () => {
  assertEquals(otherNamesOf("J.D. Robb"), ["Nora Roberts"]);
  assertEquals(otherNamesOf("nora roberts"), ["J. D. Robb"]);
  assertEquals(otherNamesOf("John Le Carre"), ["David Cornwell"]);
  assertEquals(otherNamesOf("Mara Quill"), []);
});
