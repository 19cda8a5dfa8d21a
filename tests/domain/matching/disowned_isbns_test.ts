import { assertEquals } from "@std/assert";
import { decideMatch } from "../../../src/domain/matching/decide_match.ts";
import type { BookQuery, WorkCandidate } from "../../../src/domain/matching/resolver.ts";
import { ISBN, OTHER_ISBN, QUERY, record } from "../../support/books/match_records.ts";

function decide(query: Partial<BookQuery>, works: readonly WorkCandidate[]): string | null {
  const decision = decideMatch({ ...QUERY, ...query }, works);
  return decision.kind === "found" ? decision.isbn13 : null;
}

Deno.test("decideMatch() gives no ISBN that another record knows as something else's", () => {
  const short = record("google_books");
  assertEquals(decide({}, [short]), ISBN);
  const others = [
    record("open_library", { subtitle: "A Study Guide" }),
    record("open_library", { subtitle: "A Study Guide", authors: ["Ned Pike"] }),
    record("open_library", { title: "The Salt Ledger, Vol. 2" }),
    record("open_library", { binding: "audio" }),
    { ...record("open_library"), title: "Summary of The Salt Ledger" },
  ];
  for (const other of others) {
    const name = JSON.stringify(other.editions);
    assertEquals(decide({}, [short, other]), null, name);
    // The book itself is found all the same, by an ISBN of its own.
    const own = record("wikidata", { isbn13: OTHER_ISBN });
    assertEquals(decide({}, [other, short, own]), OTHER_ISBN, name);
  }
});

Deno.test("decideMatch() says that a record lost its ISBN to what another says of it", () => {
  const works = [record("google_books"), record("open_library", { subtitle: "A Study Guide" })];
  const verdicts = decideMatch(QUERY, works).considered.map(({ verdict }) => verdict);
  assertEquals(verdicts.toSorted(), ["vetoed: a study guide", "vetoed: another book by its ISBN"]);
});

Deno.test("decideMatch() wants the subtitle that may be the title named by somebody", () => {
  const asked = { title: "The Salt Books: Low Tide" };
  const bare = record("google_books", { title: "The Salt Books" });
  const same = record("open_library", { title: "The Salt Books" });
  assertEquals(decide(asked, [bare, same]), null);
  // Not even of the very year asked for: a series' first book is printed every year.
  const dated = { published: { year: 2012, month: null, day: null } };
  assertEquals(decide(asked, [record("isbndb", { title: "The Salt Books", ...dated })]), null);
  // What names it gives its own ISBN, never that of the bare record.
  const named = record("wikidata", { title: "The Salt Books: Low Tide", isbn13: OTHER_ISBN });
  assertEquals(decide(asked, [bare, same, named]), OTHER_ISBN);
  const withoutIsbn = record("wikidata", { title: "The Salt Books: Low Tide", isbn13: null });
  assertEquals(decide(asked, [bare, same, withoutIsbn]), null);
});

Deno.test("decideMatch() believes no ISBN that as many know as somebody else's book", () => {
  const own = record("open_library");
  const other = (provider: "google_books" | "isbndb") =>
    record(provider, { title: "A History of Bread", authors: ["Tomas Breck"] });
  assertEquals(decide({}, [own, other("google_books")]), null);
  // Two against one: the third record is the mistaken one.
  assertEquals(decide({}, [own, record("archive_org"), other("isbndb")]), ISBN);
});

Deno.test("decideMatch() lets a book's own words stand until a clean ISBN comes", () => {
  const dated = { published: { year: 2012, month: null, day: null } };
  const worded = record("google_books", { subtitle: "A Graphic Novel", ...dated });
  assertEquals(decide({}, [worded]), ISBN);
  assertEquals(decide({}, [worded, record("open_library", dated)]), ISBN);
  const clean = record("open_library", { isbn13: OTHER_ISBN, ...dated });
  assertEquals(decide({}, [worded, clean]), OTHER_ISBN);
  // Made later, or with somebody who adapted it, it is another book.
  const later = { published: { year: 2016, month: null, day: null } };
  assertEquals(
    decide({}, [record("google_books", { subtitle: "A Graphic Novel", ...later })]),
    null,
  );
  const adapted = { subtitle: "A Graphic Novel", authors: ["Mara Quill", "Hope Larson"], ...dated };
  assertEquals(decide({}, [record("google_books", adapted)]), null);
});
