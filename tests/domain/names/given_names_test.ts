import { assertEquals } from "@std/assert";
import { areTwoNames, isOneName } from "../../../src/domain/names/given_names.ts";

Deno.test("areTwoNames() keeps apart names a letter or an ending away", () => {
  const pairs = "mary mark,erin eric,jane jake,peter petra,joan john,eric erica,louis louise," +
    "julia julian,daniel danielle,jane janet,mary marie,anna anne,frances francis,lara laura";
  for (const pair of pairs.split(",")) {
    const [a, b] = pair.split(" ") as [string, string];
    assertEquals([areTwoNames(a, b), areTwoNames(b, a)], [true, true], pair);
  }
});

Deno.test("areTwoNames() says nothing of spellings, short forms and names it does not know", () => {
  const pairs =
    "jon john,sara sarah,stefanie stephanie,eric erik,steven stephen,katherine kathryn," +
    "tim timothy,dan daniel,mara mraa,fyodor fedor,philip phillip";
  for (const pair of pairs.split(",")) {
    const [a, b] = pair.split(" ") as [string, string];
    assertEquals([areTwoNames(a, b), areTwoNames(b, a)], [false, false], pair);
  }
});

Deno.test("isOneName() hears through spellings", () => {
  for (const pair of ["jon john", "theresa teresa", "geoffrey jeffrey", "isabelle isabel"]) {
    const [a, b] = pair.split(" ") as [string, string];
    assertEquals(isOneName(a, b), true, pair);
  }
  assertEquals(isOneName("joan", "john"), false);
});
