import { assertEquals } from "@std/assert";
import { mergeBooks } from "../../../src/domain/generation/merge_books.ts";

Deno.test("mergeBooks() makes one candidate of a book named by several generators", () => {
  const merged = mergeBooks([
    { title: "The Salt Ledger", author: "Mara Quill", month: null, named_by: "gemini" },
    { title: "Winter Arithmetic", author: "Tomas Breck", month: 3, named_by: "gemini" },
    { title: "Salt Ledger: A Novel", author: "Quill, Mara", month: 3, named_by: "xai" },
    { title: "The Salt Ledger", author: "Mara Quill", month: 4, named_by: "xai" },
  ]);
  assertEquals(merged, [
    { title: "The Salt Ledger", author: "Mara Quill", month: 3, named_by: ["gemini", "xai"] },
    { title: "Winter Arithmetic", author: "Tomas Breck", month: 3, named_by: ["gemini"] },
  ]);
});

Deno.test("mergeBooks() keeps namesakes by different authors apart", () => {
  const books = [
    { title: "Inferno", author: "Dan Brown", month: 5, named_by: "gemini" as const },
    { title: "Inferno", author: "Dante Alighieri", month: 5, named_by: "gemini" as const },
  ];
  assertEquals(mergeBooks(books).length, 2);
});
