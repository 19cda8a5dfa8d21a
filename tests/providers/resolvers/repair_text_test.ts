import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { repairText } from "../../../src/providers/resolvers/repair_text.ts";

Deno.test("repairText() reads entities and UTF-8 that was taken for windows-1252", () => {
  const table = [
    ["Eleanor &amp; Park", "Eleanor & Park"],
    ["Ender&#39;s Shadow", "Ender's Shadow"],
    ["The Handmaid\u00e2\u20ac\u2122s Song", "The Handmaid’s Song"],
    ["Gabriel Garc\u00c3\u00ada M\u00c3\u00a1rquez", "Gabriel García Márquez"],
    // Without the soft hyphen, which others drop on the way.
    ["Gabriel Garc\u00c3a M\u00c3\u00a1rquez", "Gabriel García Márquez"],
  ] as const;
  for (const [damaged, expected] of table) assertEquals(repairText(damaged), expected);
});

Deno.test("repairText() leaves what is no such damage", () => {
  for (const text of ["Ã", "São Paulo", "R&D", "AT&T &copy", "Ça va?", "Âge d’or", "村上春樹"]) {
    assertEquals(repairText(text), text);
  }
});

Deno.test("repairText() undoes the misreading of any text that has letters beyond ASCII in it", () => {
  const letters = fc.string({
    unit: fc.constantFrom(..."abc éüñçØß"),
    minLength: 1,
    maxLength: 20,
  });
  fc.assert(fc.property(letters, (text) => {
    const misread = new TextDecoder("windows-1252").decode(new TextEncoder().encode(text));
    assertEquals(repairText(misread), text);
  }));
});
