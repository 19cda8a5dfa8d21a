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
    ["Lessons From Lucy — The Simple Joys", "Lessons From Lucy"],
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
    assertEquals(searchTerms({ title, author: "" }).main_title, expected);
  }
});

Deno.test("searchTerms() sees the title behind a series and a number", () => {
  const terms = searchTerms({ title: "Night Huntress 3: At Grave's End", author: "J. Frost" });
  assertEquals(terms.title_in_series, "At Grave's End");
  assertEquals(searchTerms({ title: "Red: The Rescue", author: "" }).title_in_series, null);
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
    const terms = searchTerms({ title: "T", author });
    assertEquals([terms.author, terms.surname], [name, surname], author);
  }
});

Deno.test("searchTerms() never loses a title", () => {
  fc.assert(fc.property(fc.string({ minLength: 1 }), fc.string(), (title, author) => {
    fc.pre(title.trim() !== "");
    assert(searchTerms({ title, author }).main_title !== "");
  }));
});

Deno.test("looksLike() wants the surname and most of the title's words", () => {
  const terms = searchTerms({ title: "The Salt Ledger: A Novel", author: "Mara Quill" });
  const record = { title: "The Salt Ledger", subtitle: null, authors: ["Quill, Mara"] };
  assert(looksLike(record, terms));
  assert(looksLike({ ...record, title: "Salt Ledger", subtitle: "the novel" }, terms));
  assert(looksLike({ ...record, title: "The Satl Ledger" }, terms), "a slip");
  assertFalse(looksLike({ ...record, authors: ["QuickRead Press"] }, terms));
  assertFalse(looksLike({ ...record, authors: [] }, terms));
  assertFalse(looksLike({ ...record, title: "Pepper" }, terms));
});

Deno.test("looksLike() does not care for accents", () => {
  const terms = searchTerms({ title: "The Tiger's Wife", author: "Tea Obreht" });
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
