import { assertEquals } from "@std/assert";
import { isKeySlip } from "../../../src/domain/text/key_slip.ts";

Deno.test("isKeySlip() knows letters swapped and struck twice, and no other change", () => {
  for (
    const [a, b] of [["teh", "the"], ["aumlet", "amulet"], ["ddan", "dan"], ["idane", "diane"]]
  ) {
    assertEquals([isKeySlip(a!, b!), isKeySlip(b!, a!)], [true, true], `${a} / ${b}`);
  }
  for (const [a, b] of [["tide", "time"], ["hunted", "haunted"], ["torn", "born"], ["on", "no"]]) {
    assertEquals([isKeySlip(a!, b!), isKeySlip(b!, a!)], [false, false], `${a} / ${b}`);
  }
  assertEquals(isKeySlip("salt", "salt"), false);
});
