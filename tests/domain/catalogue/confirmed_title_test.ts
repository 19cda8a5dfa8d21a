import { assertEquals } from "@std/assert";
import { confirmedTitle } from "../../../src/domain/catalogue/confirmed_title.ts";
import type { ResolverName } from "../../../src/domain/matching/resolver.ts";
import { edition, OTHER_ISBN, record, work } from "../../support/books/match_records.ts";

const PROVIDERS: readonly ResolverName[] = [
  "isbndb",
  "open_library",
  "google_books",
  "archive_org",
];

type Named = string | readonly [string, string];

/** What a book is called by records of one provider each, the best first: titles, with their subtitles. */
function called(
  titles: readonly Named[],
  asked = "The Salt Ledger",
  said: string | null = null,
) {
  const records = titles.map((named, index) => {
    const [title, subtitle = null] = typeof named === "string" ? [named] : named;
    return record(PROVIDERS[index]!, { title, subtitle });
  });
  const { title, subtitle, series, series_place } = confirmedTitle({
    records,
    edition: edition(),
    asked,
    series: said,
  });
  return [title, subtitle, series, series_place];
}

const CALLED: readonly (readonly [readonly Named[], readonly (string | null)[]])[] = [
  // A slip gives way to most providers, and so does a missing accent.
  [["The Slat Ledger", "The Salt Ledger", "The Salt Ledger"], [
    "The Salt Ledger",
    null,
    null,
    null,
  ]],
  [["The Debutante Divorcee", "The Debutante Divorcée", "The Debutante Divorcée"], [
    "The Debutante Divorcée",
    null,
    null,
    null,
  ]],
  // A series is no part of the title, wherever it stands.
  [["Dust (Kay Scarpetta, #21)"], ["Dust", null, "Kay Scarpetta", "21"]],
  [["Dust (Kay Scarpetta, #21)", "Dust", "Dust"], ["Dust", null, "Kay Scarpetta", "21"]],
  [["Star Ledgers: Phasma", "Phasma"], ["Phasma", null, "Star Ledgers", null]],
  [["Bearers of the Staff (Legends of Salt)"], [
    "Bearers of the Staff",
    null,
    "Legends of Salt",
    null,
  ]],
  [["Salt (Peregrine Books)", "Salt", "Salt"], ["Salt", null, null, null]],
  // The half before the colon is the title where a record has it alone.
  [["Outliers: The Story of Success", "Outliers"], [
    "Outliers",
    "The Story of Success",
    null,
    null,
  ]],
  [["Halo: Silentium", "Halo: Silentium"], ["Halo: Silentium", null, null, null]],
  [["Halo: Silentium", ["Halo", "Silentium"]], ["Halo", "Silentium", null, null]],
  // Capitals give way, and where nobody writes otherwise are put right.
  [["THE SALT LEDGER", "The Salt Ledger"], ["The Salt Ledger", null, null, null]],
  [["THE SALT LEDGER"], ["The Salt Ledger", null, null, null]],
  [["STAR LEDGERS: Rogue Salt"], ["Star Ledgers: Rogue Salt", null, null, null]],
  [["The 6Th Ledger"], ["The 6th Ledger", null, null, null]],
  [["NOS4A2"], ["NOS4A2", null, null, null]],
  [["The 6Th Ledger", "The 6Th Ledger", "The 6th Ledger"], ["The 6th Ledger", null, null, null]],
];

Deno.test("confirmedTitle() is the title that most providers bear, without its series", () => {
  for (const [titles, expected] of CALLED) {
    assertEquals(called(titles), expected as unknown[], titles.join(" | "));
  }
});

Deno.test("confirmedTitle() counts providers and not their editions", () => {
  const slips = Array.from(
    { length: 3 },
    (_, index) =>
      work({ provider: "isbndb", provider_key: String(index), title: "The Slat Ledger" }),
  );
  const others = PROVIDERS.slice(1, 3).map((provider) => record(provider));
  const { title } = confirmedTitle({
    records: [...slips, ...others],
    edition: edition(),
    asked: "The Slat Ledger",
    series: null,
  });
  assertEquals(title, "The Salt Ledger");
});

Deno.test("confirmedTitle() leaves a tie to the best record, not to what was asked for", () => {
  const titles = ["The Salt Ledger", "The Slat Ledger"];
  assertEquals(called(titles, "The Slat Ledger")[0], "The Salt Ledger");
});

Deno.test("confirmedTitle() is the translation's title, not the original's of its work", () => {
  const translated = work({
    title: "El libro de la sal",
    editions: [edition({ title: "The Salt Ledger" })],
  });
  const { title } = confirmedTitle({
    records: [translated],
    edition: edition(),
    asked: "Salt Ledger",
    series: null,
  });
  assertEquals(title, "The Salt Ledger");
});

Deno.test("confirmedTitle() takes a subtitle from one record of another edition for nobody's", () => {
  const records = [
    record("isbndb", { title: "Aftermath" }),
    record("google_books", { title: "Aftermath", subtitle: "Empire's End", isbn13: OTHER_ISBN }),
  ];
  const { subtitle } = confirmedTitle({
    records,
    edition: edition(),
    asked: "Aftermath",
    series: null,
  });
  assertEquals(subtitle, null);
});

Deno.test("confirmedTitle() believes a series that was said where a record has it in front", () => {
  const titles = ["Star Ledgers: Phasma", "Star Ledgers: Phasma"];
  const expected = ["Phasma", null, "Star Ledgers", null];
  assertEquals(called(titles, "Phasma", "Star Ledgers"), expected);
  assertEquals(called(titles, "Star Ledgers: Phasma", "The Star Ledgers"), expected);
  assertEquals(called(titles, "Phasma", "Harbour Tales"), [
    "Star Ledgers: Phasma",
    null,
    null,
    null,
  ]);
  assertEquals(called(["Phasma"], "Phasma", "Star Ledgers"), ["Phasma", null, null, null]);
  // What follows is the volume, and no title.
  assertEquals(called([["Salt", "Book One"]], "Book One", "Salt")[0], "Salt");
});
