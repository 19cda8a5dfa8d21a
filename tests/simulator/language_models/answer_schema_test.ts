import { assertEquals } from "@std/assert";
import { fillAnswer, schemaLimit } from "../../../src/simulator/language_models/answer_schema.ts";

const BOOK = {
  title: "The Salt Ledger",
  authors: ["Mara Quill", "Jo Pike"],
  series: "Ledgers",
  number: "2",
  month: "2012-03",
};

function listOf(properties: Record<string, unknown>, key = "books") {
  return {
    type: "object",
    properties: { [key]: { type: "array", items: { type: "object", properties } } },
  };
}

Deno.test("fillAnswer() uses the plain form when there is no schema", () => {
  assertEquals(fillAnswer([BOOK], null), {
    books: [{
      title: "The Salt Ledger",
      author: "Mara Quill, Jo Pike",
      month: 3,
      series: "Ledgers",
      number: "2",
    }],
  });
});

Deno.test("fillAnswer() follows the types the schema gives its fields", () => {
  const schema = listOf({
    title: { type: "STRING" },
    authors: { type: "array", items: { type: "string" } },
    month: { type: "string" },
    year: { type: "integer" },
    publication_date: { type: "string" },
    publisher: { type: ["string", "null"] },
    isbn: { anyOf: [{ type: "string" }, { type: "null" }] },
    genre: { type: "string", enum: ["fiction", "other"] },
    note: { type: "string", nullable: true },
  }, "items");
  assertEquals(fillAnswer([BOOK], schema), {
    items: [{
      title: "The Salt Ledger",
      authors: ["Mara Quill", "Jo Pike"],
      month: "2012-03",
      year: 2012,
      publication_date: "2012-03",
      publisher: null,
      isbn: null,
      genre: "fiction",
      note: null,
    }],
  });
});

Deno.test("fillAnswer() lists at the root and follows references", () => {
  const schema = {
    type: "array",
    items: { $ref: "#/$defs/book" },
    $defs: { book: { type: "object", properties: { title: { type: "string" } } } },
  };
  assertEquals(fillAnswer([BOOK], schema), [{ title: "The Salt Ledger" }]);
});

Deno.test("fillAnswer() knows no month for a book that has none", () => {
  const schema = listOf({ title: { type: "string" }, month: { type: ["integer", "null"] } });
  assertEquals(fillAnswer([{ ...BOOK, month: null }], schema), {
    books: [{ title: "The Salt Ledger", month: null }],
  });
});

Deno.test("fillAnswer() says the series where a field asks for it, and nothing of none", () => {
  const text = { type: ["string", "null"] };
  const schema = listOf({ series_title: text, series: text, number: text, pages: text });
  assertEquals(fillAnswer([BOOK, { ...BOOK, series: null, number: null }], schema), {
    books: [
      { series_title: "Ledgers", series: "Ledgers", number: "2", pages: null },
      { series_title: null, series: null, number: null, pages: null },
    ],
  });
  const counted = listOf({ series_number: { type: ["integer", "null"] } });
  assertEquals(fillAnswer([BOOK], counted), { books: [{ series_number: 2 }] });
});

Deno.test("schemaLimit() is the list's maxItems", () => {
  const schema = { type: "object", properties: { books: { type: "array", maxItems: 5 } } };
  assertEquals(schemaLimit(schema), 5);
  assertEquals(schemaLimit(listOf({})), null);
  assertEquals(schemaLimit(null), null);
});
