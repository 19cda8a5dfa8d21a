import { assertEquals } from "@std/assert";
import fc from "fast-check";
import {
  applyFieldMask,
  parseFieldMask,
} from "../../../src/simulator/google_books/partial_response.ts";

const BODY = {
  kind: "books#volumes",
  totalItems: 2,
  items: [
    { id: "a", volumeInfo: { title: "Salt", authors: ["Mara Quill"] } },
    { id: "b", volumeInfo: { title: "Pepper" } },
  ],
};

function pick(fields: string): unknown {
  const mask = parseFieldMask(fields);
  return mask && applyFieldMask(BODY, mask);
}

Deno.test("applyFieldMask() keeps the named parts, through lists", () => {
  assertEquals(pick("totalItems,items(id,volumeInfo(title))"), {
    totalItems: 2,
    items: [
      { id: "a", volumeInfo: { title: "Salt" } },
      { id: "b", volumeInfo: { title: "Pepper" } },
    ],
  });
  assertEquals(pick("items/volumeInfo/authors"), {
    items: [{ volumeInfo: { authors: ["Mara Quill"] } }, { volumeInfo: {} }],
  });
  assertEquals(pick("items/id,items/volumeInfo/title"), pick("items(id,volumeInfo/title)"));
  assertEquals(pick("*"), BODY);
  assertEquals(pick("gone"), {});
});

Deno.test("parseFieldMask() refuses what breaks the grammar and comes to an end on any text", () => {
  for (const wrong of ["", "items(", "items(id", "items)", "a,,b", "a/", "a b"]) {
    assertEquals(parseFieldMask(wrong), null, wrong);
  }
  fc.assert(fc.property(fc.string({ unit: fc.constantFrom(..."ab,/()* ") }), (text) => {
    const mask = parseFieldMask(text);
    if (mask) applyFieldMask(BODY, mask);
  }));
});
