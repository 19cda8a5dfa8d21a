import { assertEquals } from "@std/assert";
import { listedSeriesReadings } from "../../../src/domain/titles/listed_series.ts";
import { parseTitle } from "../../../src/domain/titles/parse_title.ts";

Deno.test("listedSeriesReadings() puts a series behind a comma into brackets, at every comma", () => {
  const table = [
    ["Insurgent, Divergent #2", ["Insurgent (Divergent, #2)"]],
    ["Insurgent, Divergent Book 2", ["Insurgent (Divergent, #2)"]],
    ["X, Kinsey Millhone #24", ["X (Kinsey Millhone, #24)"]],
    ["Plum Lucky, Stephanie Plum #13.5", ["Plum Lucky (Stephanie Plum, #13.5)"]],
    ["Skin Trade, Anita Blake, Vampire Hunter #17", [
      "Skin Trade, Anita Blake (Vampire Hunter, #17)",
      "Skin Trade (Anita Blake, Vampire Hunter, #17)",
    ]],
    ["Sea of Swords, Forgotten Realms: Paths of Darkness #4", [
      "Sea of Swords (Forgotten Realms: Paths of Darkness, #4)",
    ]],
  ] as const;
  for (const [title, readings] of table) {
    assertEquals(listedSeriesReadings(title), readings as readonly string[], title);
  }
});

Deno.test("listedSeriesReadings() leaves a title that lists no series", () => {
  for (
    const title of [
      "Eats, Shoots & Leaves",
      "Fruits Basket, Vol. 2",
      "Saga, Volume #3",
      "Wheel of Time, #3",
      "Mary, Mary - Alex Cross, Book 11",
      "Alex Cross, Run: Book 20",
      "Sin City, Vol. 2: A Dame: Sin City, Book 2",
      "Catch-22",
    ]
  ) assertEquals(listedSeriesReadings(title), [title]);
});

Deno.test("parseTitle() reads a listed series as one in brackets", () => {
  const listed = parseTitle("Insurgent, Divergent #2");
  assertEquals(listed, parseTitle("Insurgent (Divergent, #2)"));
  assertEquals(listed.series, [{ name: "divergent", numbers: ["2"], isRange: false }]);
});
