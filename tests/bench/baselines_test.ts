import { assert, assertEquals, assertLessOrEqual } from "@std/assert";
import type { BookQuery, WorkCandidate } from "../../src/domain/matching/resolver.ts";
import * as records from "../support/books/match_records.ts";
import {
  type Baseline,
  baselineCandidates,
  calibre,
  firstHit,
  levenshtein,
  openLibraryPoints,
  readarr,
  readarrDistance,
} from "./baselines.ts";

const QUERY: BookQuery = { ...records.QUERY, year: 2020 };

function record(isbn13: string | null, fields: records.RecordFields = {}): WorkCandidate {
  const published = { year: 2020, month: null, day: null };
  return records.record("open_library", { isbn13, published, ...fields });
}

function choose(baseline: Baseline, ...works: readonly WorkCandidate[]): string | null {
  return baseline(QUERY, baselineCandidates(works));
}

const published = (year: number) => ({ published: { year, month: null, day: null } });

Deno.test("baselineCandidates() leaves out editions without ISBN and keeps the order", () => {
  const isbns = baselineCandidates([record("2"), record(null), record("1")])
    .map(({ edition }) => edition.isbn13);
  assertEquals(isbns, ["2", "1"]);
});

Deno.test("firstHit() takes the first ISBN, whatever it is of", () => {
  assertEquals(choose(firstHit, record("1", { title: "Another" }), record("2")), "1");
  assertEquals(choose(firstHit), null);
});

Deno.test("levenshtein() wants title and author alike, and takes the most alike", () => {
  const near = record("1", { title: "The Salt Ledgers" });
  assertEquals(choose(levenshtein, near, record("2")), "2");
  assertEquals(choose(levenshtein, near, record("2", { authors: ["Ida Voss"] })), "1");
  assertEquals(choose(levenshtein, record("1", { authors: [] })), null);
  assertEquals(choose(levenshtein, record("1", { title: "Salt" })), null);
});

Deno.test("levenshtein() takes another volume, whose title is nearly the same", () => {
  const other = record("1", { title: "The Salt Ledger 2" });
  assertEquals(choose(levenshtein, other), "1");
});

Deno.test("openLibraryPoints() accepts from 875", () => {
  const cases: [WorkCandidate, string | null][] = [
    // 1050 + 200 + 125
    [record("1"), "1"],
    // 1050 − 25 + 125
    [record("1", published(2018)), "1"],
    // 1050 − 800 + 125
    [record("1", published(2017)), null],
    [record("1", { published: null }), null],
    // 1050 + 200 − 200: another author is no veto
    [record("1", { authors: ["Ida Voss"] }), "1"],
    // 350 + 200 + 125
    [record("1", { subtitle: "A Novel" }), null],
  ];
  for (const [work, answer] of cases) {
    assertEquals(choose(openLibraryPoints, work), answer, JSON.stringify(work));
  }
});

Deno.test("readarrDistance() weighs what both sides say", () => {
  const distanceOf = (fields: records.RecordFields) =>
    readarrDistance(QUERY, {
      candidate: baselineCandidates([record("1", fields)])[0]!,
      thisYear: 2025,
    });
  const near = (actual: number, expected: number) =>
    assertLessOrEqual(Math.abs(actual - expected), 1e-9);
  // Weights: author 3, title 3, missing ISBN 0.1, year 1, language 5.
  near(distanceOf({}), 0.1 / 12.1);
  near(distanceOf(published(2015)), (0.1 + 5 / 10) / 12.1);
  near(distanceOf({ language: "de" }), (0.1 + 5) / 12.1);
  near(distanceOf({ language: null, published: null }), 0.1 / 6.1);
  near(distanceOf({ binding: "audio" }), (0.1 + 5) / 17.1);
  near(distanceOf({ authors: [] }), (0.1 + 3) / 12.1);
});

Deno.test("readarr() takes the nearest edition up to a distance of 0.20", () => {
  const nearest = readarr(2025);
  assertEquals(choose(nearest, record("1", published(2015)), record("2")), "2");
  assertEquals(choose(nearest, record("1", { language: "de" })), null);
});

Deno.test("calibre() wants every word of title and author, first with the subtitle", () => {
  assertEquals(choose(calibre, record("1", { title: "Salt Ledger" })), "1");
  assertEquals(choose(calibre, record("1", { title: "The Salty Ledger" })), null);
  assertEquals(choose(calibre, record("1", { authors: ["Quill, M."] })), null);
  const asked = { ...QUERY, title: "The Salt Ledger: A Novel of the Coast" };
  assertEquals(calibre(asked, baselineCandidates([record("1")])), "1");
});

Deno.test("calibre() prefers the fuller record, then the language, then the exact title", () => {
  const full = record("2", { publisher: "Harrow & Pike" });
  assertEquals(choose(calibre, record("1"), full), "2");
  assertEquals(choose(calibre, record("1", { language: "de" }), record("2")), "2");
  assertEquals(choose(calibre, record("1", { title: "Salt Ledger" }), record("2")), "2");
  assert(choose(calibre, record("1"), record("2")) === "1");
});
