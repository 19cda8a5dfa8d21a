import { assertEquals } from "@std/assert";
import { parseAuthors } from "../../../src/domain/names/author_name.ts";
import { parseTitle } from "../../../src/domain/titles/parse_title.ts";
import { compareBehindBrand, withoutCredit } from "../../../src/domain/titles/title_credit.ts";

Deno.test("withoutCredit() takes out the name of who wrote the book, wherever it stands", () => {
  const persons = parseAuthors("Mara Quill and Tom Clancy");
  const table = [
    ["The Salt Ledger / Mara Quill", "The Salt Ledger"],
    ["The Salt Ledger / by somebody", "The Salt Ledger"],
    ["The Salt Ledger by Mara Quill", "The Salt Ledger"],
    ["The Salt Ledger, by Mara Quill (Salt, #2)", "The Salt Ledger (Salt, #2)"],
    ["By Mara Quill The Salt Ledger", "The Salt Ledger"],
    ["The Salt Ledger - Mara Quill", "The Salt Ledger"],
    ["Mara Quill's The Salt Ledger", "The Salt Ledger"],
    ["Tom Clancy’s Op-Center: State of Siege", "Op-Center: State of Siege"],
    ["Tom Clancy Commander in Chief", "Commander in Chief"],
  ] as const;
  for (const [title, expected] of table) assertEquals(withoutCredit(title, persons), expected);
});

Deno.test("withoutCredit() leaves names that are part of the title", () => {
  const persons = parseAuthors("Mara Quill");
  for (
    const title of [
      "Stand by Me",
      "Bound by Quill",
      "Charlotte's Web",
      "Mara Quill: A Life",
      "Mara Quill",
      "Either / Or",
      "Winter / Summer",
    ]
  ) assertEquals(withoutCredit(title, persons), title);
});

Deno.test("compareBehindBrand() knows a title behind the name of somebody else", () => {
  const needs = (long: string, short: string) =>
    compareBehindBrand(long, parseTitle(short))?.needs ?? null;
  assertEquals(needs("Robert B. Parker's Lullaby", "Lullaby"), "near_year");
  assertEquals(needs("Tom Clancy Full Force and Effect", "Full Force and Effect"), "exact_year");
  assertEquals(needs("Charlotte's Web", "Web"), null);
  assertEquals(needs("Blue Moon Light", "Light"), null);
  assertEquals(needs("The Dark Tower's Song", "Song"), null);
  assertEquals(needs("Robert B. Parker's Lullaby", "Requiem"), null);
});
