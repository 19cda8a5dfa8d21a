import { assertEquals } from "@std/assert";
import { confirmedAuthors, namedAuthors } from "../../../src/domain/catalogue/confirmed_authors.ts";
import type { ResolverName } from "../../../src/domain/matching/resolver.ts";
import { record } from "../../support/books/match_records.ts";

/** The authors of a book by one record of each provider, the best first. */
function authors(...records: readonly [ResolverName, readonly string[]][]) {
  return confirmedAuthors(records.map(([provider, names]) => record(provider, { authors: names })));
}

function names(...records: readonly [ResolverName, readonly string[]][]): string[] {
  return authors(...records).map(({ name }) => name);
}

Deno.test("confirmedAuthors() shows one person under the name most providers bear", () => {
  assertEquals(
    authors(
      ["isbndb", ["Rowling, Joanne K."]],
      ["open_library", ["J. K. Rowling"]],
      ["google_books", ["J. K. Rowling"]],
    ),
    [{ name: "J. K. Rowling", name_keys: ["joanne k rowling", "j k rowling"] }],
  );
});

Deno.test("confirmedAuthors() shows the fuller of names that as many bear", () => {
  assertEquals(
    names(["isbndb", ["J. K. Rowling"]], ["open_library", ["Joanne K. Rowling"]]),
    ["Joanne K. Rowling"],
  );
  assertEquals(names(["isbndb", ["Jo Nesbo"]], ["google_books", ["Jo Nesbø"]]), ["Jo Nesbø"]);
});

Deno.test("confirmedAuthors() never makes one of two people of a record, nor of two names", () => {
  assertEquals(names(["isbndb", ["J. Smith", "Jane Smith"]], ["open_library", ["Jane Smith"]]), [
    "J. Smith",
    "Jane Smith",
  ]);
  assertEquals(
    names(["isbndb", ["Mary Quill"]], ["google_books", ["Mark Quill"]], ["open_library", [
      "Mark Quill",
    ]]),
    ["Mary Quill", "Mark Quill"],
  );
});

Deno.test("confirmedAuthors() splits a joined credit as the other records do", () => {
  assertEquals(
    authors(
      ["isbndb", ["Tim LaHaye and Jerry B. Jenkins", "Jerry B. Jenkins"]],
      ["open_library", ["LaHaye, Tim", "Jenkins, Jerry B."]],
    ).map(({ name, name_keys }) => [name, name_keys.length]),
    [["Tim LaHaye", 1], ["Jerry B. Jenkins", 1]],
  );
  assertEquals(
    names(["isbndb", ["Will and Ariel Durant"]], ["open_library", ["Will Durant", "Ariel Durant"]]),
    ["Will Durant", "Ariel Durant"],
  );
});

Deno.test("confirmedAuthors() adds whom several providers and most of them name", () => {
  assertEquals(
    names(["isbndb", ["Mara Quill"]], ["open_library", ["Mara Quill", "Ida Voss"]]),
    ["Mara Quill"],
  );
  assertEquals(
    names(
      ["isbndb", ["Mara Quill"]],
      ["open_library", ["Mara Quill", "Ida Voss"]],
      ["google_books", ["Voss, Ida", "Quill, Mara"]],
    ),
    ["Mara Quill", "Ida Voss"],
  );
});

Deno.test("confirmedAuthors() lets the name most bear stand for a pen name too", () => {
  assertEquals(
    names(
      ["isbndb", ["J. K. Rowling", "Robert Galbraith"]],
      ["open_library", ["Robert Galbraith"]],
    ),
    ["Robert Galbraith"],
  );
});

Deno.test("confirmedAuthors() leaves out the house that published the book", () => {
  const records = [
    record("isbndb", { authors: ["Harrow & Pike", "Mara Quill"], publisher: "Harrow & Pike" }),
  ];
  assertEquals(confirmedAuthors(records).map(({ name }) => name), ["Mara Quill"]);
});

Deno.test("confirmedAuthors() keeps a slip in the surname out of the names of the author", () => {
  assertEquals(
    authors(
      ["isbndb", ["Karin Slaughtre"]],
      ["open_library", ["Karin Slaughter"]],
      ["google_books", ["Karin Slaughter"]],
    ),
    [{ name: "Karin Slaughter", name_keys: ["karin slaughter"] }],
  );
});

Deno.test("namedAuthors() keeps a name that names nobody", () => {
  assertEquals(namedAuthors("Various"), [{ name: "Various", name_keys: ["various"] }]);
  assertEquals(namedAuthors("Quill, Mara").map(({ name }) => name), ["Mara Quill"]);
});
