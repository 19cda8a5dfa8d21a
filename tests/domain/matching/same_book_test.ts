import { assert, assertEquals, assertFalse } from "@std/assert";
import fc from "fast-check";
import { type BookName, sameBook } from "../../../src/domain/matching/same_book.ts";

function book(title: string, author = "Mara Quill"): BookName {
  return { title, author };
}

Deno.test("sameBook() merges what several generators call one book", () => {
  const names = [
    book("Salt Ledger"),
    book("The Salt Ledger: A Novel", "Quill, Mara"),
    book("THE SALT LEDGER", "M. Quill"),
    book("The Salt Ledger (Ledgers, #1)", "Mara Quill & Ned Pike"),
    book("The Salt Ledger: A History of Tides"),
  ];
  for (const name of names) assert(sameBook(book("The Salt Ledger"), name), JSON.stringify(name));
});

Deno.test("sameBook() keeps volumes, guides, namesakes and near titles apart", () => {
  const names = [
    book("The Salt Ledger, Vol. 2"),
    book("The Salt Ledger Boxed Set"),
    book("Summary of The Salt Ledger"),
    book("The Salt Ledger", "Kate Morton"),
    book("The Salt Ledger", "Various"),
    book("The Silt Ledge"),
    book("The Salt Ledger: Low Tide"),
    book("The Salt Ledger: Book Two"),
  ];
  for (const name of names) {
    assertFalse(sameBook(book("The Salt Ledger"), name), JSON.stringify(name));
  }
  assertFalse(sameBook(book("High Druid: Straken"), book("High Druid: Tanequil")));
});

Deno.test("sameBook() merges books without any author only on the whole title", () => {
  assert(sameBook(book("Beowulf", ""), book("Beowulf", "Anonymous")));
  assertFalse(
    sameBook(book("Beowulf", ""), book("Beowulf: The Monsters and the Critics", "Various")),
  );
});

Deno.test("sameBook() is reflexive and symmetric", () => {
  const titles = [
    "The Salt Ledger",
    "Salt Ledger: Tides",
    "Tides",
    "The Salt Leger",
    "Salt Ledger 2",
  ];
  const books = fc.record({
    title: fc.constantFrom(...titles, "Salt: The Ledger", "Summary of Tides"),
    author: fc.constantFrom("Mara Quill", "Quill", "N. Quill", "Ned Quill; Ann Bee", ""),
  });
  fc.assert(
    fc.property(books, books, (a, b) => {
      assert(sameBook(a, a), JSON.stringify(a));
      assertEquals(sameBook(a, b), sameBook(b, a));
    }),
    { numRuns: 400 },
  );
});
