import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { findJson } from "../../../src/domain/answers/find_json.ts";

function values(text: string): readonly unknown[] {
  return findJson(text).found.map(({ value }) => value);
}

Deno.test("findJson() finds JSON wherever it stands", () => {
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
    const { found, isCut } = findJson(text);
    assertEquals(found, [{ value, isAdjacent: false, isPart: false }], text);
    assertEquals(isCut, false);
  }
});

Deno.test("findJson() finds nothing in a text without JSON", () => {
  for (
    const text of ["", "No books known.", "a { b ] c", "[see note 3] and (this)", '"text"', "7"]
  ) {
    assertEquals(findJson(text), { found: [], isCut: false }, text);
  }
});

Deno.test("findJson() finds everything, in order, and says what stands side by side", () => {
  const { found } = findJson('[1][2] and {"a":1},\n{"b":2} {c: None}');
  assertEquals(found.map(({ value, isAdjacent }) => [value, isAdjacent]), [
    [[1], false],
    [[2], true],
    [{ a: 1 }, false],
    [{ b: 2 }, true],
    [{ c: null }, true],
  ]);
});

Deno.test("findJson() finds the complete items of a list that was cut off anywhere, and no half one", () => {
  const item = fc.record({
    title: fc.string(),
    author: fc.string(),
    month: fc.option(fc.integer({ min: 1, max: 12 })),
  });
  const lists = fc.tuple(fc.array(item, { minLength: 1, maxLength: 5 }), fc.nat(), fc.boolean());
  fc.assert(fc.property(lists, ([items, at, isBare]) => {
    const whole = JSON.stringify(isBare ? items : { books: items });
    const cut = 1 + at % (whole.length - 1);
    const { found, isCut } = findJson(whole.slice(0, cut));
    assert(isCut, "it says so");
    const complete = items.filter((_, index) => {
      const end = JSON.stringify(items.slice(0, index + 1)).length - 1 + (isBare ? 0 : 9);
      return end <= cut;
    });
    const read = found.flatMap(({ value }) => Array.isArray(value) ? value : booksOf(value));
    // Braces within a title may leave a scrap that is no object, and so no book to anybody.
    const named = read.filter((one) =>
      typeof one === "object" && "title" in one && "author" in one && "month" in one
    );
    assertEquals(JSON.stringify(named), JSON.stringify(complete));
  }));
});

function booksOf(value: unknown): object[] {
  const { books } = value as { books?: object[] };
  return books ?? [value as object];
}

Deno.test("findJson() repairs what is malformed but complete", () => {
  const table: readonly [string, unknown][] = [
    ['[{"a":1} {"a":2}]', [{ a: 1 }, { a: 2 }]],
    ['{"a":"the "b" word"}', { a: 'the "b" word' }],
    ["{'a':'it's'}", { a: "it's" }],
    ['{"a":True,"b":None, // why\n}', { a: true, b: null }],
  ];
  for (const [text, value] of table) assertEquals(values(text), [value], text);
});

Deno.test("findJson() believes no repair that makes names of words", () => {
  assertEquals(values('{"a":"A: "b"","c":"d"}'), []);
  assertEquals(values('[{"a":"A: "b"","c":"d"},{"a":"e"}]'), [{ a: "e" }]);
});

Deno.test("findJson() lets its caller read what nothing else can", () => {
  const readBroken = (text: string) => ({ read: text });
  const { found } = findJson('[{"a":"A: "b"","c":"d"},{"a":"e"}]', { readBroken });
  assertEquals(found.map(({ value }) => value), [
    { read: '{"a":"A: "b"","c":"d"}' },
    { a: "e" },
  ]);
});

Deno.test("findJson() never throws and finds only containers in noise", () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(..."{}[]\",:\\ a1'#\n".split("")) }), (text) => {
      assert(values(text).every((value) => typeof value === "object" && value !== null));
    }),
  );
});

Deno.test("findJson() gives up megabytes that hold no list", () => {
  assertEquals(values("[".repeat(20_000)), []);
  assertEquals(values("[".repeat(40_000) + "?" + "]".repeat(40_000)), []);
  assertEquals(values("[" + '{"title":{}"A"},'.repeat(200_000)), []);
  // Repairing this as a whole would take minutes.
  const faulty = '{"title":"The "C" word","author":"B","month":None},'.repeat(10_000);
  assert(values(`{"books":[${faulty}]}`).length > 1_000);
});
