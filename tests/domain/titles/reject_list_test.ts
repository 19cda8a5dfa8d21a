import { assert, assertEquals } from "@std/assert";
import {
  derivationOf,
  derivativeReason,
  editionDerivation,
  isSummaryMill,
} from "../../../src/domain/titles/reject_list.ts";
import { edition, QUERY } from "../../support/books/match_records.ts";

const ASKED = QUERY.title;

Deno.test("derivativeReason() names what a record is instead of the book", () => {
  const cases: [string, string][] = [
    ["Summary of The Salt Ledger", "a summary"],
    ["The Salt Ledger: Key Takeaways", "a summary"],
    ["The Salt Ledger (SparkNotes)", "a study guide"],
    ["CliffsNotes on Quill's The Salt Ledger", "a study guide"],
    ["The Salt Ledger: A Reader's Guide", "a study guide"],
    ["Quill's The Salt Ledger (Modern Critical Interpretations)", "criticism"],
    ["The Salt Ledger: The Official Illustrated Movie Companion", "a companion book"],
    ["The Salt Ledger Workbook", "a workbook"],
    ["The Salt Ledger 2013 Wall Calendar", "a workbook"],
    ["The Salt Ledger: Chapter One Sampler", "an extract"],
    ["The Salt Ledger Boxed Set", "a set of several books"],
    ["The Salt Ledger: Books 1-3", "a set of several books"],
    ["The Salt Ledger 4-Book Bundle", "a set of several books"],
    ["The Salt Ledger - The Deluxe Edition Book One", "a set of several books"],
    ["The Salt Ledger: The Graphic Novel", "another form of it"],
    ["The Salt Ledger [Audio CD]", "another form of it"],
    ["The Salt Ledger: The Sequel", "a sequel"],
    ["The Salt Ledger: Notes", "a study guide"],
    ["The Salt Ledger: The Official Cookbook", "a companion book"],
    ["The Annotated Salt Ledger", "an annotated edition"],
  ];
  for (const [title, reason] of cases) assertEquals(derivativeReason(title, ASKED), reason, title);
});

Deno.test("derivativeReason() lets a record pass that is what was asked for", () => {
  for (const title of ["The Salt Ledger Boxed Set", "The Annotated Salt Ledger"]) {
    assertEquals(derivativeReason(title, title), null, title);
  }
  const innocent = [
    "The Hitchhiker's Guide to the Galaxy",
    "Diary of a Wimpy Kid",
    "The Golden Notebook Affair",
    "Empire: War, Deceit and the Making of the Modern Middle East",
    "A Companion of the Sea",
    "Suicide Notes",
    "Scarlett: The Sequel to Gone with the Wind",
    "The Box",
    "The Salt Ledger: Deluxe Edition",
  ];
  for (const title of innocent) assertEquals(derivativeReason(title, "x"), null, title);
});

Deno.test("isSummaryMill() knows the houses, not the people", () => {
  for (
    const name of [
      "Instaread",
      "SuperSummary",
      "QuickRead Press",
      "Spark Notes",
      "ABC Summaries Press",
    ]
  ) {
    assert(isSummaryMill(name), name);
  }
  for (const name of ["Mara Quill", "Sparky Sweets", "Anne Summers"]) {
    assert(!isSummaryMill(name), name);
  }
});

Deno.test("editionDerivation() refuses audio and machine-made reprints as a source of ISBNs", () => {
  assertEquals(editionDerivation(edition({}), ASKED)?.reason ?? null, null);
  assertEquals(editionDerivation(edition({ binding: "audio" }), ASKED)?.reason ?? null, "audio");
  assertEquals(editionDerivation(edition({ binding: "large_print" }), ASKED)?.reason ?? null, null);
  const reprint = edition({
    title: "The Salt Ledger (Illustrated)",
    publisher: "Independently published",
    published: { year: 2020, month: null, day: null },
  });
  assertEquals(editionDerivation(reprint, ASKED)?.reason ?? null, "a machine-made reprint");
  assertEquals(
    editionDerivation({ ...reprint, publisher: "Harrow & Pike" }, ASKED)?.reason ?? null,
    null,
  );
  const early = { year: 2012, month: null, day: null };
  assertEquals(editionDerivation({ ...reprint, published: early }, ASKED)?.reason ?? null, null);
});

Deno.test("derivationOf() knows words that a book may describe itself with", () => {
  const isOwn = (title: string, asked: string) => derivationOf(title, asked)?.isOwnWording;
  for (
    const [title, asked] of [
      ["Guts: A Graphic Novel", "Guts"],
      ["Mythos: The Greek Myths Retold", "Mythos"],
      ["Thug Kitchen: The Official Cookbook", "Thug Kitchen"],
      ["Almost Everything: Notes on Hope", "Almost Everything"],
      ["Zero Waste Home: The Ultimate Guide to Simplifying", "Zero Waste Home"],
      ["Secret Garden: An Inky Treasure Hunt and Colouring Book", "Secret Garden"],
    ] as const
  ) assertEquals(isOwn(title, asked), true, title);
  for (
    const [title, asked] of [
      ["Coraline: The Graphic Novel", "Coraline"],
      ["The Salt Ledger: A Companion to The Salt Ledger", "The Salt Ledger"],
      ["The Salt Ledger: The Official Movie Companion", "The Salt Ledger"],
      ["Notes on The Salt Ledger", "The Salt Ledger"],
      ["The Salt Ledger: A Study Guide", "The Salt Ledger"],
    ] as const
  ) assertEquals(isOwn(title, asked), false, title);
});

Deno.test("derivationOf() knows what passes for a subtitle and is no book, or another", () => {
  for (
    const addition of [
      "(Oxford Bookworms Library)",
      ": Macmillan Readers Intermediate",
      "(Reader's Digest Select Editions)",
      ": Chapters 1-10",
      ": Books One and Two",
      ": The Board Game",
      ": A Review",
      ": Key Insights",
      ": Teacher's Edition",
      "(Unabridged)",
      "(12-copy floor display)",
      ": BBC Radio 4 Full-Cast Dramatisation",
      ": A Parody",
      ": Adapted for Young Readers",
      ": Reading Group Guide",
    ]
  ) {
    const title = `The Salt Ledger ${addition}`;
    assertEquals(derivationOf(title, "The Salt Ledger")?.isOwnWording, false, title);
    assertEquals(derivationOf(title, title), null, title);
  }
});
