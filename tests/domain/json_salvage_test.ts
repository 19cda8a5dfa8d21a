import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { extractJson } from "../../src/domain/json_salvage.ts";

Deno.test("extractJson() finds JSON wherever it stands", () => {
  const value = { books: [{ title: "A [B] {C}", author: 'D "E" \\' }] };
  const json = JSON.stringify(value, null, 1);
  for (
    const text of [
      json,
      "```json\n" + json + "\n```",
      "Here are [some] books, as {asked}:\n" + json + "\nI hope this helps.",
      "  " + json + "\n```",
    ]
  ) {
    assertEquals(extractJson(text), { value, isCut: false }, text);
  }
});

Deno.test("extractJson() gives null for a text without JSON", () => {
  for (
    const text of ["", "No books known.", "a { b ] c", "[see note 3] and (this)", '"text"', "7"]
  ) {
    assertEquals(extractJson(text), null, text);
  }
});

Deno.test("extractJson() keeps the complete items of a list that was cut off anywhere", () => {
  const item = fc.record({
    title: fc.string(),
    author: fc.string(),
    month: fc.option(fc.integer({ min: 1, max: 12 })),
  });
  const lists = fc.tuple(fc.array(item, { minLength: 1, maxLength: 5 }), fc.nat(), fc.boolean());
  fc.assert(fc.property(lists, ([items, at, isBare]) => {
    const whole = JSON.stringify(isBare ? items : { books: items });
    const cut = at % whole.length;
    const found = extractJson(whole.slice(0, cut));
    const complete = items.filter((_, index) => {
      const end = JSON.stringify(items.slice(0, index + 1)).length - 1 + (isBare ? 0 : 9);
      return end <= cut;
    });
    if (found === null) return assertEquals(complete, []);
    assert(found.isCut);
    const list = Array.isArray(found.value)
      ? found.value
      : (found.value as { books: unknown[] }).books;
    assertEquals(JSON.stringify(list), JSON.stringify(complete));
  }));
});

Deno.test("extractJson() keeps what stands before an item that is broken", () => {
  const text = '{"books":[{"title":"A"},{"title":"B"},{"title":"The "C" word"},{"title":"D"}]}';
  assertEquals(extractJson(text), {
    value: { books: [{ title: "A" }, { title: "B" }] },
    isCut: true,
  });
});

Deno.test("extractJson() never throws and never takes long on noise", () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(...'{}[]",:\\ a1'.split("")) }), (text) => {
      const found = extractJson(text);
      assert(found === null || typeof found.value === "object");
    }),
  );
  assertEquals(extractJson("[".repeat(20_000)), null);
});

Deno.test("extractJson() gets through megabytes that hold no list", () => {
  const broken = '{"title":{}"A"},';
  assertEquals(extractJson("[" + broken.repeat(200_000)), { value: [], isCut: true });
  assertEquals(extractJson("[".repeat(40_000) + "?" + "]".repeat(40_000)), null);
});
