import { NO_SERIES } from "../../../src/domain/series/series_fields.ts";
import { assertEquals } from "@std/assert";
import { mergeBooks } from "../../../src/domain/generation/merge_books.ts";

Deno.test("mergeBooks() makes one candidate of a book named by several generators", () => {
  const merged = mergeBooks([
    {
      title: "The Salt Ledger",
      author: "Mara Quill",
      month: null,
      ...NO_SERIES,
      named_by: "gemini",
    },
    {
      title: "Winter Arithmetic",
      author: "Tomas Breck",
      month: 3,
      ...NO_SERIES,
      named_by: "gemini",
    },
    {
      title: "Salt Ledger: A Novel",
      author: "Quill, Mara",
      month: 3,
      ...NO_SERIES,
      named_by: "xai",
    },
    { title: "The Salt Ledger", author: "Mara Quill", month: 4, ...NO_SERIES, named_by: "xai" },
  ]);
  assertEquals(merged, [
    {
      title: "The Salt Ledger",
      author: "Mara Quill",
      month: 3,
      ...NO_SERIES,
      named_by: ["gemini", "xai"],
    },
    {
      title: "Winter Arithmetic",
      author: "Tomas Breck",
      month: 3,
      ...NO_SERIES,
      named_by: ["gemini"],
    },
  ]);
});

Deno.test("mergeBooks() keeps namesakes by different authors apart", () => {
  const books = [
    { title: "Inferno", author: "Dan Brown", month: 5, ...NO_SERIES, named_by: "gemini" as const },
    {
      title: "Inferno",
      author: "Dante Alighieri",
      month: 5,
      ...NO_SERIES,
      named_by: "gemini" as const,
    },
  ];
  assertEquals(mergeBooks(books).length, 2);
});

const BY = { author: "Veronica Roth", month: 5, named_by: "gemini" as const };

Deno.test("mergeBooks() knows a book wherever each generator says its series", () => {
  const insurgent = { ...BY, title: "Insurgent" };
  const forms = [
    { ...insurgent, series: "Divergent", number: "2" },
    { ...insurgent, ...NO_SERIES },
    { ...insurgent, series: "The Divergent Trilogy", number: null },
    { ...insurgent, title: "Divergent: Insurgent", series: "Divergent", number: null },
    { ...insurgent, title: "Insurgent (Divergent, #2)", ...NO_SERIES },
    { ...insurgent, title: "Insurgent, Divergent #2", series: "Divergent", number: "2" },
    { ...insurgent, series: "The Hunger Games", number: "3" },
  ];
  for (const first of forms) {
    for (const second of forms) {
      const merged = mergeBooks([first, { ...second, named_by: "xai" }]);
      assertEquals(merged.length, 1, JSON.stringify([first, second]));
      assertEquals(merged[0]!.series, first.series ?? second.series);
    }
  }
});

Deno.test("mergeBooks() takes a missing number from who names the same series only", () => {
  const insurgent = { ...BY, title: "Insurgent" };
  const unplaced = { ...insurgent, series: "Divergent", number: null };
  const numberBeside = (series: string) =>
    mergeBooks([unplaced, { ...insurgent, series, number: "2" }])[0]!.number;
  assertEquals(numberBeside("the Divergent series"), "2");
  assertEquals(numberBeside("The Hunger Games"), null);
});

Deno.test("mergeBooks() keeps volumes apart that are called like their series", () => {
  const naruto = { ...BY, title: "Naruto", author: "Masashi Kishimoto", series: "Naruto" };
  const merged = mergeBooks(["1", "3", "4", "3"].map((number) => ({ ...naruto, number })));
  assertEquals(merged.map(({ title }) => title), [
    "Naruto",
    "Naruto (Naruto, #3)",
    "Naruto (Naruto, #4)",
  ]);
});
