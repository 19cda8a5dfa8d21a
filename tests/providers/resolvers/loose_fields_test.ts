import { assert, assertEquals } from "@std/assert";
import { z } from "zod";
import {
  looseCount,
  looseList,
  looseText,
  looseTexts,
  recordList,
  requiredText,
} from "../../../src/providers/resolvers/loose_fields.ts";

Deno.test("looseTexts and looseText accept a text, a list, a number or nothing", () => {
  const schema = z.object({ one: looseText, many: looseTexts });
  const table: readonly [unknown, string[]][] = [
    ["a", ["a"]],
    [["a", " b ", "", null, 3, {}], ["a", "b", "3"]],
    [1984, ["1984"]],
    [null, []],
    [{}, []],
    [undefined, []],
  ];
  for (const [value, expected] of table) {
    assertEquals<unknown>(schema.parse({ one: value, many: value }), {
      one: expected[0] ?? null,
      many: expected,
    });
  }
  assertEquals<unknown>(schema.parse({}), { one: null, many: [] });
});

Deno.test("looseCount reads whole numbers and nothing else", () => {
  const schema = z.object({ n: looseCount });
  const table: readonly [unknown, number | null][] = [
    [352, 352],
    ["352", 352],
    [0, 0],
    [["7"], 7],
    [-1, null],
    [3.5, null],
    ["352 p.", null],
    [null, null],
  ];
  for (const [value, expected] of table) assertEquals(schema.parse({ n: value }).n, expected);
});

Deno.test("looseList() drops what does not fit and keeps the rest", () => {
  const schema = looseList(z.object({ a: z.string() }), 10);
  assertEquals(schema.parse([{ a: "x" }, { a: 1 }, null, { a: "y" }]), [{ a: "x" }, { a: "y" }]);
  assertEquals(schema.safeParse({ a: "x" }).success, false);
});

Deno.test("looseTexts and requiredText take no text that is too long to be a title or name", () => {
  const long = "x".repeat(2_000);
  assertEquals(looseTexts.parse([long, `${long}x`, " y "]), [long, "y"]);
  assertEquals(looseText.parse("( ".repeat(100_000)), null);
  assertEquals(looseTexts.parse(Array(10_000).fill("x")).length, 100);
  assertEquals(looseTexts.parse(Array(100).fill(long)).length, 5, "together they are too long");
  assertEquals(requiredText.safeParse(` ${long} `).data, long);
  for (const text of [`${long}x`, " ", 7, null]) assert(!requiredText.safeParse(text).success);
});

Deno.test("looseList() and recordList() look at no more than was asked for", () => {
  let looked = 0;
  const schema = z.number().refine(() => ++looked > 0);
  for (const list of [looseList(schema, 3), recordList(schema, 3)]) {
    looked = 0;
    assertEquals(list.parse(Array.from({ length: 10_000 }, (_, index) => index)), [0, 1, 2]);
    assertEquals(looked, 3);
  }
});

Deno.test("recordList() takes a list of which nothing can be read for no list", () => {
  const schema = recordList(z.object({ a: z.string() }), 10);
  assertEquals(schema.parse([]), []);
  assertEquals(schema.parse([null, { a: "x" }, { b: 1 }]), [{ a: "x" }]);
  const parsed = schema.safeParse([{ b: "x" }, { b: "y" }, null]);
  assertEquals(parsed.error?.issues[0]?.message, "none of 3 records can be read");
  assert(!schema.safeParse({ a: "x" }).success);
});
