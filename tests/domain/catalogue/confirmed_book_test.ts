import { assertEquals, assertNotEquals } from "@std/assert";
import {
  keysOfBook,
  namedBook,
  nameOfBook,
  storedBook,
} from "../../../src/domain/catalogue/confirmed_book.ts";
import { found, record } from "../../support/books/match_records.ts";

const ASKED = { title: "The Slat Ledger", author: "Quil, Mara", series: null };

Deno.test("storedBook() is what the records say, however the book was asked for", () => {
  const records = [record("isbndb", { title: "The Salt Ledger (Ledgers, #2)" })];
  const book = storedBook({ ...ASKED, decision: found(records[0]!), records });
  assertEquals({ ...book, authors: book.authors.map(({ name }) => name) }, {
    title: "The Salt Ledger",
    subtitle: null,
    series: "Ledgers",
    series_place: "2",
    authors: ["Mara Quill"],
  });
  assertEquals(nameOfBook(book), {
    title: "The Salt Ledger (Ledgers, #2)",
    author: "Mara Quill",
  });
});

Deno.test("storedBook() of a book nobody could confirm is what it was named, its author turned round", () => {
  const book = storedBook({ ...ASKED, decision: null, records: [] });
  assertEquals(book, namedBook(ASKED));
  assertEquals([book.title, book.authors[0]!.name], ["The Slat Ledger", "Mara Quil"]);
});

Deno.test("keysOfBook() tells volumes apart that bear the name of their series", () => {
  const volume = (series_place: string) =>
    keysOfBook({ ...namedBook(ASKED), title: "Ledgers", series: "The Ledgers", series_place });
  assertNotEquals(volume("1").identity_key, volume("2").identity_key);
  const named = { ...namedBook(ASKED), series: "Ledgers", series_place: "2" };
  assertEquals(keysOfBook(named).identity_key, keysOfBook(namedBook(ASKED)).identity_key);
});
