import { assertEquals } from "@std/assert";
import {
  compareRecordTitle,
  prepareQuery,
  readRecordTitle,
} from "../../../src/domain/matching/record_title.ts";
import { QUERY, work } from "../../support/books/match_records.ts";

function compare(asked: string, given: string, others: readonly string[] = []): unknown {
  const query = { ...QUERY, title: asked };
  const prepared = prepareQuery(query, others.map((title) => work({ title })));
  const readings = readRecordTitle({ title: given, subtitle: null }, prepared.authors);
  const { agreement, needs } = compareRecordTitle(prepared, { text: given, readings });
  return [agreement, needs];
}

Deno.test("compareRecordTitle() reads titles with and without the author's name", () => {
  for (
    const [asked, given] of [
      ["The Salt Ledger by Mara Quill", "The Salt Ledger"],
      ["The Salt Ledger", "Mara Quill's The Salt Ledger"],
      ["Mara Quill: A Life", "Mara Quill: A Life"],
      ["Mara Quill's Ledger", "Mara Quill's Ledger"],
    ] as const
  ) assertEquals(compare(asked, given), ["full", null], `${asked} / ${given}`);
  const brand = compare("The Salt Ledger", "Ann Breck's The Salt Ledger");
  assertEquals(brand, ["segment", "near_year"]);
});

Deno.test("compareRecordTitle() learns from brackets of other records which half is the series", () => {
  const known = ["Low Tide (The Salt Books, #3)"];
  // Nobody says which: the half behind is the title if its year is near, the one in front is no volume.
  assertEquals(compare("High Water: The Salt Books", "High Water"), ["stem", "another_record"]);
  assertEquals(compare("High Water: The Salt Books", "The Salt Books"), ["segment", "near_year"]);
  // It is known: the other half is the title, and the bare series name is none.
  assertEquals(compare("High Water: The Salt Books", "High Water", known), ["main", "exact_year"]);
  assertEquals(compare("High Water: The Salt Books", "The Salt Books", known), ["conflict", null]);
  assertEquals(compare("The Salt Books: High Water", "The Salt Books", known), ["conflict", null]);
  assertEquals(compare("The Salt Books: High Water", "High Water", known), [
    "segment",
    "near_year",
  ]);
});

Deno.test("compareRecordTitle() reads every comma before a listed series", () => {
  assertEquals(compare("Skin Trade, Anita Blake, Vampire Hunter #17", "Skin Trade"), [
    "full",
    null,
  ]);
  assertEquals(compare("White Witch, Black Curse, The Hollows #7", "White Witch, Black Curse"), [
    "full",
    null,
  ]);
});
