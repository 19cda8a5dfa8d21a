import { NO_SERIES } from "../../../src/domain/series/series_fields.ts";
import { assert, assertEquals, assertFalse } from "@std/assert";
import fc from "fast-check";
import {
  looksLike,
  searchTerms,
  searchWords,
} from "../../../src/providers/resolvers/search_terms.ts";

Deno.test("searchTerms() cuts a title to what catalogues know it by", () => {
  const table: readonly [string, string][] = [
    ["The Salt Ledger", "The Salt Ledger"],
    ["The Salt Ledger: A Novel", "The Salt Ledger"],
    ["The Salt Ledger, a novel", "The Salt Ledger"],
    ["Salt, a History", "Salt, a History"],
    ["Lessons From Lucy - The Simple Joys of an Old, Happy Dog", "Lessons From Lucy"],
    ["Frankenstein; or, The Modern Prometheus", "Frankenstein"],
    ["The Bride (Lairds' Fiancées, #1)", "The Bride"],
    ["Good Omens [Illustrated]", "Good Omens"],
    ["(Not That You Asked)", "(Not That You Asked)"],
    ["4:50 from Paddington", "4:50 from Paddington"],
    ["Spider-Man", "Spider-Man"],
    ["  Two   spaces ", "Two spaces"],
    ["?", "?"],
  ];
  for (const [title, expected] of table) {
    assertEquals(searchTerms({ title, author: "", ...NO_SERIES }).titles[0], expected);
  }
});

Deno.test("searchTerms() asks for what may be the title behind a series, and for both halves", () => {
  const table: readonly [string, readonly string[]][] = [
    ["Night Huntress 3: At Grave's End", ["At Grave's End", "Night Huntress 3"]],
    ["Divergent: Insurgent", ["Insurgent", "Divergent"]],
    ["Star Wars: Fate of the Jedi: Omen", ["Omen", "Star Wars"]],
    ["Jack Reacher: A Wanted Man", ["A Wanted Man", "Jack Reacher"]],
    ["Insurgent, Divergent #2", ["Insurgent"]],
    ["Skin Trade, Anita Blake, Vampire Hunter #17", ["Skin Trade, Anita Blake", "Skin Trade"]],
    ["Insurgent: Book 2", ["Insurgent"]],
    ["61 Hours: Jack Reacher, Book 14", ["61 Hours"]],
    ["The Salt Ledger by Mara Quill", ["The Salt Ledger"]],
    ["Mara Quill's Lullaby", ["Lullaby"]],
    ["Lessons From Lucy — The Simple Joys", ["The Simple Joys", "Lessons From Lucy"]],
    ["Unbroken: A World War II Story of Survival and Redemption", ["Unbroken"]],
  ];
  for (const [title, expected] of table) {
    assertEquals(
      searchTerms({ title, author: "Mara Quill", ...NO_SERIES }).titles,
      expected,
      title,
    );
  }
});

Deno.test("searchTerms() finds the first author's name and surname in every usual form", () => {
  const table: readonly [string, string, string][] = [
    ["Mara Quill", "Mara Quill", "Quill"],
    ["Quill, Mara", "Mara Quill", "Quill"],
    ["Tomas Breck writing as Mara Quill", "Mara Quill", "Quill"],
    ["Steel", "Steel", "Steel"],
    ["J. R. R. Tolkien", "J. R. R. Tolkien", "Tolkien"],
    ["Kurt Vonnegut Jr.", "Kurt Vonnegut", "Vonnegut"],
    ["Kurt Vonnegut, Jr.", "Kurt Vonnegut", "Vonnegut"],
    ["Terry Pratchett & Neil Gaiman", "Terry Pratchett", "Pratchett"],
    ["Terry Pratchett and Neil Gaiman", "Terry Pratchett", "Pratchett"],
    ["Terry Pratchett; Neil Gaiman", "Terry Pratchett", "Pratchett"],
    ["Terry Pratchett, Neil Gaiman", "Terry Pratchett", "Pratchett"],
    ["Mara Quill (editor)", "Mara Quill", "Quill"],
    ["Simone de Beauvoir", "Simone de Beauvoir", "Beauvoir"],
    ["", "", ""],
  ];
  for (const [author, name, surname] of table) {
    const terms = searchTerms({ title: "T", author, ...NO_SERIES });
    assertEquals([terms.author, terms.surname], [name, surname], author);
  }
});

Deno.test("searchTerms() never loses a title", () => {
  fc.assert(fc.property(fc.string({ minLength: 1 }), fc.string(), (title, author) => {
    fc.pre(title.trim() !== "");
    assert(searchTerms({ title, author, ...NO_SERIES }).titles[0] !== "");
  }));
});

Deno.test("looksLike() wants the surname and most of the title's words", () => {
  const terms = searchTerms({
    title: "The Salt Ledger: A Novel",
    author: "Mara Quill",
    ...NO_SERIES,
  });
  const record = { title: "The Salt Ledger", subtitle: null, authors: ["Quill, Mara"] };
  assert(looksLike(record, terms));
  assert(looksLike({ ...record, title: "Salt Ledger", subtitle: "the novel" }, terms));
  assert(looksLike({ ...record, title: "The Satl Ledger" }, terms), "a slip");
  assertFalse(looksLike({ ...record, authors: ["QuickRead Press"] }, terms));
  assertFalse(looksLike({ ...record, authors: [] }, terms));
  assertFalse(looksLike({ ...record, title: "Pepper" }, terms));
});

Deno.test("looksLike() does not care for accents", () => {
  const terms = searchTerms({ title: "The Tiger's Wife", author: "Tea Obreht", ...NO_SERIES });
  assert(looksLike({ title: "The Tiger’s Wife", subtitle: null, authors: ["Téa Obreht"] }, terms));
});

Deno.test("searchWords() keeps words whole and what stands between them out", () => {
  const table: readonly [string, string][] = [
    ['The "Salt" Ledger: A/B (x)', "The|Salt|Ledger|A|B|x"],
    ["Smilla's Sense of Snow", "Smilla's|Sense|of|Snow"],
    ["Spider-Man – 4:50 -x", "Spider-Man|4|50|x"],
    ["J.R.R. Tolkien", "J.R.R|Tolkien"],
    ["Ångström キッチン", "Ångström|キッチン"],
    ["?! \ud800 *", ""],
  ];
  for (const [text, expected] of table) assertEquals(searchWords(text).join("|"), expected);
});

Deno.test("searchWords() never exceeds the length it is given, nor lets an operator through", () => {
  fc.assert(fc.property(fc.string(), fc.nat({ max: 60 }), (text, maxLength) => {
    const joined = searchWords(text, maxLength).join(" ");
    assert(joined.length <= maxLength);
    assertFalse(/["()[\]{}:*?\\/|&+!~^<>=]/.test(joined), joined);
  }));
});

Deno.test("searchTerms() asks for the title alone where the series is stated", () => {
  const divergent = { author: "Veronica Roth", series: "Divergent", number: "2" };
  for (const title of ["Insurgent", "Divergent: Insurgent", "Insurgent: Divergent, Book 2"]) {
    assertEquals(searchTerms({ title, ...divergent }).titles, ["Insurgent"], title);
  }
  const halves = (title: string, series: string) =>
    searchTerms({ title, author: "", series, number: null }).titles;
  // What is stated may be another series than the one in front.
  assertEquals(halves("Divergent: Insurgent", "The Hunger Games"), ["Insurgent", "Divergent"]);
  // What is left may still hold another series.
  assertEquals(halves("Star Wars: Fate of the Jedi: Omen", "Star Wars"), [
    "Omen",
    "Fate of the Jedi",
  ]);
});
