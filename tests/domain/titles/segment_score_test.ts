import { assertEquals } from "@std/assert";
import { parseTitle } from "../../../src/domain/titles/parse_title.ts";
import { compareSegments } from "../../../src/domain/titles/segment_score.ts";

function compare(asked: string, given: string): unknown {
  const match = compareSegments(parseTitle(asked), parseTitle(given));
  return match === null ? null : [match.agreement, match.needs];
}

Deno.test("compareSegments() finds the title behind a series, on either side", () => {
  const table = [
    ["Alex Rider: Stormbreaker", "Stormbreaker (Alex Rider, #1)", ["main", null]],
    ["Divergent: The Insurgent Girl", "The Insurgent Girl", ["segment", "near_year"]],
    ["Divergent: Insurgent", "Insurgent", ["segment", "near_year"]],
    ["Insurgent", "Divergent: Insurgent", ["segment", "near_year"]],
    ["John Corey 1: Plum Island", "Plum Island", ["segment", null]],
    ["Star Wars: Fate of the Jedi: Omen", "Fate of the Jedi: Omen", ["main", null]],
    ["Omen (Star Wars: Fate of the Jedi, #2)", "Star Wars: Fate of the Jedi: Omen", [
      "segment",
      "near_year",
    ]],
    ["Jack Reacher: A Wanted Man", "A Wanted Man", ["segment", "near_year"]],
    ["Salt Street: Low Tide: A Story of the Sea", "Low Tide", ["segment", "near_year"]],
    ["Stormbreaker: Alex Rider", "Stormbreaker (Alex Rider, #1)", ["main", null]],
  ] as const;
  for (const [asked, given, expected] of table) {
    assertEquals(compare(asked, given), expected as unknown, `${asked} / ${given}`);
  }
});

Deno.test("compareSegments() does not care which half comes first", () => {
  const swapped = compare("Star Wars: Dark Disciple", "Dark Disciple: Star Wars");
  assertEquals(swapped, ["segment", null]);
});

Deno.test("compareSegments() takes neither a bare series nor several works in one for the title", () => {
  for (
    const [asked, given] of [
      ["Divergent: Insurgent", "Divergent"],
      ["Divergent: Insurgent", "Allegiant"],
      ["Low Tide", "High Water; Low Tide"],
      ["Star Wars: Fate of the Jedi: Omen", "Fate of the Jedi: Ascension"],
    ] as const
  ) assertEquals(compare(asked, given), null, `${asked} / ${given}`);
});
