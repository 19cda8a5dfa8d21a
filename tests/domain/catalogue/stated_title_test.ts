import { assertEquals } from "@std/assert";
import { readStatedTitle } from "../../../src/domain/catalogue/stated_title.ts";

type Read = readonly [string, string | null, readonly string[]];

/** A record's title and subtitle, and what is read of them; series as "name" or "name #place". */
const TITLES: readonly (readonly [string, string | null, Read])[] = [
  ["Dust (Kay Scarpetta, #21)", null, ["Dust", null, ["Kay Scarpetta #21"]]],
  ["Dust [Kay Scarpetta Book 21]", null, ["Dust", null, ["Kay Scarpetta #21"]]],
  ["Insurgent, Divergent #2", null, ["Insurgent", null, ["Divergent #2"]]],
  ["The System of the World (The Baroque Cycle, #3)", null, [
    "The System of the World",
    null,
    ["The Baroque Cycle #3"],
  ]],
  ["No Mercy (Dark-Hunter #18, Were-Hunter, #5)", null, [
    "No Mercy",
    null,
    ["Dark-Hunter #18", "Were-Hunter #5"],
  ]],
  ["A Touch of Dead (Sookie Stackhouse, #4.1, #4.3)", null, [
    "A Touch of Dead",
    null,
    ["Sookie Stackhouse #4.1, 4.3"],
  ]],
  ["Bearers of the Black Staff (Legends of Shannara)", null, [
    "Bearers of the Black Staff",
    null,
    ["Legends of Shannara"],
  ]],
  ["The Last Summer (of You and Me)", null, ["The Last Summer (of You and Me)", null, []]],
  ["The Salt Ledger (Revised)", null, ["The Salt Ledger", null, []]],
  ["The Salt Ledger (Large Print Edition)", null, ["The Salt Ledger", null, []]],
  // Without its bracket this would be the first book.
  ["The Hunger Games (The Hunger Games, #1-3)", null, [
    "The Hunger Games (The Hunger Games, #1-3)",
    null,
    [],
  ]],
  ["Insurgent", "Book Two of the Divergent Trilogy", ["Insurgent", null, ["Divergent Trilogy #2"]]],
  ["Insurgent", "Divergent, Book 2", ["Insurgent", null, ["Divergent #2"]]],
  ["Dear Life", "Stories", ["Dear Life", "Stories", []]],
  ["Saga, Vol. 3", null, ["Saga, Vol. 3", null, []]],
  ["The Salt Ledger / Mara Quill", null, ["The Salt Ledger", null, []]],
  ["The Salt Ledger by Mara Quill", null, ["The Salt Ledger", null, []]],
  ["Mara Quill's Ledger", null, ["Mara Quill's Ledger", null, []]],
];

Deno.test("readStatedTitle() takes series and credits out of titles and leaves the rest", () => {
  for (const [title, subtitle, expected] of TITLES) {
    const read = readStatedTitle({ title, subtitle, authors: ["Mara Quill"] });
    const series = read.series.map(({ name, place }) =>
      place === null ? name : `${name} #${place}`
    );
    assertEquals([read.title, read.subtitle, series], [...expected], title);
  }
});
