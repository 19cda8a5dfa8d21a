import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import {
  titleReadings,
  titleWithPlace,
  titleWithSeries,
  volumeTitle,
} from "../../../src/domain/series/title_with_series.ts";

const DIVERGENT = { series: "Divergent", number: "2" };

Deno.test("titleWithSeries() comes to the same wherever the series stands", () => {
  for (
    const title of [
      "Insurgent",
      "Divergent: Insurgent",
      "Divergent #2: Insurgent",
      "Divergent, Book Two: Insurgent",
      "Insurgent (Divergent, #2)",
      "Insurgent (Divergent)",
      "Insurgent, Divergent #2",
      "Insurgent: Divergent",
      "Insurgent: Divergent, Book 2",
      "Insurgent - Divergent Book Two",
      "Insurgent: A Divergent Novel",
    ]
  ) {
    const [first] = titleReadings({ title, ...DIVERGENT });
    const read = titleWithSeries({ title, ...DIVERGENT }).replace("(Divergent) ", "");
    assertEquals([read, first.replace("(Divergent) ", "")], [
      "Insurgent (Divergent, #2)",
      "Insurgent (Divergent, #2)",
    ], title);
  }
});

Deno.test("titleWithSeries() takes the place from the title where it is not stated", () => {
  const stated = { series: "Divergent", number: null };
  const asked = { title: "Divergent #2: Insurgent", ...stated };
  assertEquals(titleWithSeries(asked), "Insurgent (Divergent, #2)");
});

Deno.test("volumeTitle() leaves out the stated series and nothing else", () => {
  const table: readonly [title: string, series: string | null, volume: string][] = [
    ["Star Wars: Fate of the Jedi: Omen", "Fate of the Jedi", "Omen"],
    ["Star Wars: Fate of the Jedi: Omen", "Star Wars: Fate of the Jedi", "Omen"],
    ["Star Wars: Fate of the Jedi: Omen", "Star Wars", "Fate of the Jedi: Omen"],
    ["The Hunger Games: Catching Fire", "Hunger Games trilogy", "Catching Fire"],
    ["Catching Fire: The Hunger Games: A Novel", "The Hunger Games", "Catching Fire"],
    ["Area 51: The Mission", "Area 51", "The Mission"],
    // The title is the name of the series itself.
    ["Divergent", "Divergent", "Divergent"],
    ["Divergent: A Novel", "Divergent", "Divergent: A Novel"],
    ["Divergent: Book One", "Divergent", "Divergent: Book One"],
    ["Naruto, Vol. 3", "Naruto", "Naruto, Vol. 3"],
    // What is stated is another series, or none.
    ["Divergent: Insurgent", "The Hunger Games", "Divergent: Insurgent"],
    ["Divergent: Insurgent", null, "Divergent: Insurgent"],
    ["Divergent: Insurgent", "()", "Divergent: Insurgent"],
  ];
  for (const [title, series, volume] of table) {
    assertEquals(volumeTitle({ title, series, number: null }), volume, `${title} in ${series}`);
  }
  const wanted = { title: "Jack Reacher: A Wanted Man", series: "Jack Reacher" };
  assertEquals(volumeTitle({ ...wanted, number: "17" }), "A Wanted Man");
  const outliers = { title: "Outliers: The Story of Success", series: "Outliers" };
  assertEquals(volumeTitle({ ...outliers, number: "1" }), outliers.title);
});

Deno.test("titleReadings() leave a place out that another may stand against, but not a volume's", () => {
  assertEquals(titleReadings({ title: "Insurgent", ...DIVERGENT }), [
    "Insurgent (Divergent, #2)",
    "Insurgent (Divergent)",
  ]);
  const dobbs = { title: "Maisie Dobbs: An Incomplete Revenge", series: "Divergent", number: "1" };
  assertEquals(titleReadings(dobbs), [`${dobbs.title} (Divergent)`]);
  assertEquals(titleReadings({ title: "Naruto", series: "Naruto", number: "3" }), [
    "Naruto (Naruto, #3)",
  ]);
  assertEquals(titleReadings({ title: "Saga, Vol. 3: Dreams", series: "Saga", number: "3" }), [
    "Dreams (Saga, #3)",
    "Dreams (Saga)",
    "Saga, Vol. 3: Dreams",
  ]);
});

Deno.test("titleWithPlace() tells volumes apart that are called like their series", () => {
  const naruto = { title: "Naruto", series: "Naruto" };
  assertEquals(titleWithPlace({ ...naruto, number: "3" }), "Naruto (Naruto, #3)");
  assertEquals(titleWithPlace({ ...naruto, number: "1" }), "Naruto");
  assertEquals(titleWithPlace({ ...naruto, number: null }), "Naruto");
  for (const title of ["Insurgent", "Naruto, Vol. 3", "Naruto (Naruto, #3)", "Naruto: Dreams"]) {
    assertEquals(titleWithPlace({ ...naruto, title, number: "3" }), title);
  }
});

Deno.test("titles stay as they are without a series, and come to rest with one", () => {
  const texts = fc.string({ unit: "binary" });
  fc.assert(fc.property(texts, fc.option(texts), fc.option(texts), (title, series, number) => {
    const plain = { title, series: null, number };
    assertEquals([volumeTitle(plain), titleWithPlace(plain)], [title, title]);
    const placed = titleWithPlace({ title, series, number });
    assertEquals(titleWithPlace({ title: placed, series, number }), placed);
    assert(titleReadings({ title, series, number }).length > 0);
  }));
});
