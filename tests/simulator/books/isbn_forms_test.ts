import { assert, assertEquals, assertFalse } from "@std/assert";
import fc from "fast-check";
import {
  isbn10Of,
  isIsbn13,
  listedIsbns,
  readIsbn,
} from "../../../src/simulator/books/isbn_forms.ts";

Deno.test("isbn10Of() computes the check character, X included", () => {
  assertEquals(isbn10Of("9781402894626"), "1402894627");
  assertEquals(isbn10Of("9780804429573"), "080442957X");
});

Deno.test("isbn10Of() has none for the prefix 979", () => {
  assertEquals(isbn10Of("9798887001005"), null);
});

Deno.test("readIsbn() reads every ISBN-10 it made, with hyphens or without", () => {
  const digits = fc.stringMatching(/^\d{9}$/);
  fc.assert(fc.property(digits, (body) => {
    const isbn13 = ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"]
      .map((check) => `978${body}${check}`).find(isIsbn13);
    assert(isbn13 !== undefined);
    const isbn10 = isbn10Of(isbn13);
    assert(isbn10 !== null);
    assertEquals(readIsbn(isbn10), isbn13);
    assertEquals(
      readIsbn(`${isbn10.slice(0, 1)}-${isbn10.slice(1, 9)}-${isbn10.slice(9)}`),
      isbn13,
    );
    assertEquals(readIsbn(isbn13), isbn13);
  }));
});

Deno.test("isIsbn13() refuses a wrong check digit and a prefix that is no book's", () => {
  assert(isIsbn13("9781402894626"));
  assertFalse(isIsbn13("9781402894627"));
  assertFalse(isIsbn13("9771402894629"));
  assertEquals(readIsbn("hello"), null);
});

Deno.test("listedIsbns() writes an ISBN as its record lists it", () => {
  const isbn13 = "9781402894626";
  assertEquals(listedIsbns({ isbn13 }), { isbn13, isbn10: "1402894627" });
  assertEquals(listedIsbns({ isbn13, isbnListing: "hyphenated" }), {
    isbn13: "978-1-4028-9462-6",
    isbn10: "1-4028-9462-7",
  });
  const short = { isbn13: null, isbn10: "1402894627" };
  assertEquals(listedIsbns({ isbn13, isbnListing: "isbn10_only" }), short);
  assertEquals(listedIsbns({ isbn13, isbnListing: "none" }), { isbn13: null, isbn10: null });
});

Deno.test("listedIsbns() keeps an ISBN-13 that has no short form", () => {
  assertEquals(listedIsbns({ isbn13: "9798887001005", isbnListing: "isbn10_only" }), {
    isbn13: "9798887001005",
    isbn10: null,
  });
});

Deno.test("listedIsbns() makes no ISBN-10 of an ISBN-13 that is listed alone", () => {
  const isbn13 = "9781402894627";
  assertEquals(listedIsbns({ isbn13, isbnListing: "isbn13_only" }), { isbn13, isbn10: null });
});
