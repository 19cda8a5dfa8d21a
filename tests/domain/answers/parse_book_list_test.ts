import { NO_SERIES } from "../../../src/domain/series/series_fields.ts";
import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { type BookListResult, parseBookList } from "../../../src/domain/answers/parse_book_list.ts";

const EMMA = { title: "Emma", author: "Jane Austen", month: 12, ...NO_SERIES };
const SALT = { title: "The Salt Ledger", author: "Mara Quill", month: null, ...NO_SERIES };
const NOTHING_DROPPED = { invalid: 0, duplicate: 0, over_limit: 0 };

function parse(value: unknown, maxBooks = 20): BookListResult {
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return parseBookList(text, { maxBooks });
}

function books(...list: readonly unknown[]) {
  return { kind: "books", books: list, dropped: NOTHING_DROPPED };
}

Deno.test("parseBookList() accepts the list under every name and bare", () => {
  for (const name of ["books", "results", "items"]) {
    assertEquals<unknown>(parse({ [name]: [EMMA, SALT] }), books(EMMA, SALT), name);
  }
  assertEquals<unknown>(parse([EMMA, SALT]), books(EMMA, SALT));
  assertEquals<unknown>(parse({ note: "as asked", books: [EMMA] }), books(EMMA));
});

Deno.test("parseBookList() strips fences and prose", () => {
  const json = JSON.stringify({ books: [EMMA] });
  assertEquals<unknown>(parse("```json\n" + json + "\n```"), books(EMMA));
  assertEquals<unknown>(parse(`Sure! Here is the list:\n\n${json}\n\nEnjoy.`), books(EMMA));
});

Deno.test("parseBookList() takes a single book for a list of one", () => {
  assertEquals<unknown>(parse(EMMA), books(EMMA));
});

Deno.test("parseBookList() takes an honest empty list as one", () => {
  for (const text of ['{"books":[]}', "[]", '```\n{"results": []}\n```']) {
    assertEquals<unknown>(parse(text), books(), text);
  }
});

Deno.test("parseBookList() recognises refusals in JSON and in prose", () => {
  const cases: readonly [unknown, string][] = [
    [{ error: "Unable to generate a list of exactly 20 books" }, "Unable to generate"],
    [{ error: { message: "Not possible", code: 1 } }, "Not possible"],
    [{ error: "Nothing known", books: [] }, "Nothing known"],
    [{ refusal: "I won't" }, "I won't"],
    ["I'm sorry, but I can’t help with that.", "I'm sorry"],
    ["I am unable to verify any books of that month.", "I am unable"],
    ["I cannot list books of a month that lies ahead.", "I cannot"],
  ];
  for (const [answer, words] of cases) {
    const result = parse(answer);
    assertEquals(result.kind, "refusal", JSON.stringify(answer));
    assert(result.kind === "refusal" && result.message.includes(words));
  }
});

Deno.test("parseBookList() does not take books for a refusal because an error stands beside them", () => {
  assertEquals<unknown>(parse({ error: "fewer than asked", books: [EMMA] }), books(EMMA));
});

Deno.test("parseBookList() bounds the message of a refusal", () => {
  const result = parse({ error: "no ".repeat(1000) });
  assert(result.kind === "refusal" && result.message.length <= 300);
});

Deno.test("parseBookList() calls an answer without a list unusable and says why", () => {
  for (
    const [answer, reason] of [
      ["", "empty"],
      ["  \n ", "empty"],
      ["Emma by Jane Austen; Persuasion by the same.", "no JSON"],
      ["Emma [1] by Jane Austen [2].", "None of the 1 items"],
      ["<think>Emma?</think>", "nothing but thoughts"],
      ["{}", "no list"],
      ['{"answer": 42}', "no list"],
      ['{"books": "none"}', "no list"],
      ['{"books": [', "cut off"],
      ['{"books": [{"title": "Em', "cut off"],
      ['{"books": [1, 2]}', "None of the 2 items"],
    ] as const
  ) {
    const result = parse(answer);
    assertEquals(result.kind, "unusable", answer);
    assert(result.kind === "unusable" && result.reason.includes(reason), JSON.stringify(result));
  }
});

Deno.test("parseBookList() salvages the complete items of an answer that was cut off", () => {
  const text = JSON.stringify({ books: [EMMA, SALT, EMMA] });
  assertEquals<unknown>(parse(text.slice(0, -20)), books(EMMA, SALT));
});

Deno.test("parseBookList() drops and counts wrong items, duplicates and those beyond the limit", () => {
  const result = parse({
    books: [
      EMMA,
      { title: "", author: "Nobody" },
      { title: true, author: "Somebody" },
      { title: "No author" },
      { title: "Unknown author", author: "Unknown" },
      { title: "x".repeat(501), author: "Too Long" },
      { title: "Too long", author: "y".repeat(301) },
      null,
      "Emma",
      { title: "  EMMA! ", author: "jane  austen", month: 1 },
      SALT,
      { title: "Third", author: "C" },
      { title: "Fourth", author: "D" },
    ],
  }, 2);
  assertEquals<unknown>(result, {
    kind: "books",
    books: [EMMA, SALT],
    dropped: { invalid: 8, duplicate: 1, over_limit: 2 },
  });
});

Deno.test("parseBookList() keeps titles of the greatest length allowed", () => {
  const longest = { title: "x".repeat(500), author: "y".repeat(300), month: 1, ...NO_SERIES };
  assertEquals<unknown>(parse([longest]), books(longest));
});

Deno.test("parseBookList() forgives the month rather than the book", () => {
  const months: readonly [unknown, number | null][] = [
    [3, 3],
    ["3", 3],
    ["03", 3],
    [null, null],
    [undefined, null],
    [0, null],
    [13, null],
    [3.5, null],
    ["March", null],
    [{}, null],
  ];
  for (const [month, expected] of months) {
    const result = parse([{ title: "T", author: "A", month }]);
    assertEquals<unknown>(
      result,
      books({ title: "T", author: "A", month: expected, ...NO_SERIES }),
    );
  }
});

Deno.test("parseBookList() reads several authors and tidies white space", () => {
  assertEquals<unknown>(
    parse([
      { title: " Good\n\tOmens ", authors: ["Terry Pratchett", "Neil  Gaiman"] },
      { title: "Go Ask Alice", author: "Anonymous" },
    ]),
    books(
      { title: "Good Omens", author: "Terry Pratchett; Neil Gaiman", month: null, ...NO_SERIES },
      { title: "Go Ask Alice", author: "Anonymous", month: null, ...NO_SERIES },
    ),
  );
});

Deno.test("parseBookList() never throws and keeps its bounds, whatever the text", () => {
  const anything = fc.oneof(
    fc.string(),
    fc.json(),
    fc.anything().map((value) => JSON.stringify(value) ?? ""),
  );
  fc.assert(fc.property(anything, fc.integer({ min: 0, max: 5 }), (text, maxBooks) => {
    const result = parseBookList(text, { maxBooks });
    if (result.kind !== "books") return;
    assert(result.books.length <= maxBooks);
    for (const { title, author } of result.books) {
      assert(title.length > 0 && title.length <= 500 && author.length > 0 && author.length <= 300);
    }
  }));
});

Deno.test("parseBookList() reads errors within errors, however deep they lie", () => {
  const nested = (depth: number): string =>
    '{"error":'.repeat(depth) + '"no such month"' + "}".repeat(depth);
  assertEquals(parse(nested(2)), { kind: "refusal", message: "no such month" });
  assertEquals(parse(nested(20_000)).kind, "refusal");
});

Deno.test("parseBookList() leaves escapes alone that are within a title", () => {
  for (const title of ['["', 'Goodbye, "Columbus"', '{ "A" }', "[&quot;", "{&quot;A&quot;: 1}"]) {
    const json = JSON.stringify({ books: [{ title, author: "A" }] });
    for (const text of [json, `\`\`\`json\n${json}\n\`\`\``, `Gladly: ${json} That is all.`]) {
      const result = parse(text);
      const titles = result.kind === "books" ? result.books.map((book) => book.title) : [];
      assertEquals(titles, [title.replaceAll("&quot;", '"')], text);
    }
  }
});

Deno.test("parseBookList() accounts for every item of a list", () => {
  const item = fc.oneof(
    fc.record({ title: fc.string({ maxLength: 3 }), author: fc.constantFrom("A", "B", "") }),
    fc.constant(null),
  );
  fc.assert(fc.property(fc.array(item), fc.integer({ min: 1, max: 4 }), (items, maxBooks) => {
    const result = parse({ books: items }, maxBooks);
    if (result.kind !== "books") return;
    const { invalid, duplicate, over_limit } = result.dropped;
    assertEquals(result.books.length + invalid + duplicate + over_limit, items.length);
  }));
});

Deno.test("parseBookList() reads series and number from fields of their own, under any usual name", () => {
  const insurgent = { title: "Insurgent", author: "Veronica Roth", month: 5 };
  const divergent = books({ ...insurgent, series: "Divergent", number: "2" });
  for (
    const fields of [
      { series: "Divergent", number: "2" },
      { series: "Divergent", number: 2 },
      { series_name: "Divergent", series_number: "#2" },
      { seriesTitle: "Divergent", "Book Number": "Book Two" },
      { series: { name: "Divergent", number: 2 } },
      { series: "Divergent, Book 2" },
    ]
  ) assertEquals<unknown>(parse([{ ...insurgent, ...fields }]), divergent, JSON.stringify(fields));
});

Deno.test("parseBookList() never drops a book for what it says of its series", () => {
  const insurgent = { title: "Insurgent", author: "Veronica Roth", month: 5 };
  const said = [
    "",
    "none",
    "N/A",
    "Standalone",
    null,
    7.5,
    true,
    [],
    {},
    [[]],
    [null],
    "x".repeat(999),
  ];
  for (const series of said) {
    for (const number of said) {
      const result = parse([{ ...insurgent, series, number }]);
      assert(result.kind === "books", JSON.stringify([series, number]));
      assertEquals(result.books.map(({ title }) => title), ["Insurgent"]);
    }
  }
});

Deno.test("parseBookList() reads series out of broken JSON and tables as well", () => {
  const insurgent = {
    title: "Insurgent",
    author: "Veronica Roth",
    month: 5,
    series: 'The "D" Saga',
    number: "2",
  };
  const broken = '{"books": [{"title": "Insurgent", "author": "Veronica Roth", "month": 5, ' +
    '"series": "The "D" Saga", "number": 2}]}';
  assertEquals<unknown>(parseBookList(broken, { maxBooks: 20 }), books(insurgent));
  const table = "| Title | Author | Month | Series | Number |\n|---|---|---|---|---|\n" +
    '| *Insurgent* | Veronica Roth | 5 | The "D" Saga | #2 |';
  assertEquals<unknown>(parseBookList(table, { maxBooks: 20 }), books(insurgent));
});
