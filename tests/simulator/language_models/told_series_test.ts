import { assert, assertEquals } from "@std/assert";
import {
  NO_ODDITIES,
  type SeriesOddities,
  USUAL_ODDITIES,
} from "../../../src/simulator/faults/oddities.ts";
import { tellSeries } from "../../../src/simulator/language_models/told_series.ts";

const INSURGENT = { title: "Insurgent", series: "Divergent #2" };

function tell(
  oddities: Partial<SeriesOddities>,
  book: { title: string; series: string | undefined } = INSURGENT,
) {
  return Array.from({ length: 2_000 }, (_, index) =>
    tellSeries(book, {
      oddities: { ...NO_ODDITIES.series, ...oddities },
      key: `book ${index}`,
      others: ["Alex Rider #1", "Discworld"],
    }));
}

Deno.test("tellSeries() says the series as asked where there are no oddities", () => {
  assertEquals(
    new Set(tell({}).map((told) => JSON.stringify(told))),
    new Set([
      JSON.stringify({ title: "Insurgent", series: "Divergent", number: "2" }),
    ]),
  );
  const [emma] = tell({}, { title: "Emma", series: undefined });
  assertEquals(emma, { title: "Emma", series: null, number: null });
  const [unplaced] = tell({}, { title: "Emma", series: "Area 51" });
  assertEquals(unplaced, { title: "Emma", series: "Area 51", number: null });
});

Deno.test("tellSeries() leaves the series in the title in every form, with and without its field", () => {
  const told = tell({ inTitleShare: 1 });
  assertEquals(
    new Set(told.map(({ title }) => title)),
    new Set([
      "Divergent: Insurgent",
      "Insurgent (Divergent, #2)",
      "Insurgent, Divergent #2",
    ]),
  );
  assertEquals(new Set(told.map(({ series }) => series)), new Set(["Divergent", null]));
});

Deno.test("tellSeries() takes a series for another, or miscounts in it", () => {
  const told = tell({ wrongShare: 1 });
  assertEquals(
    new Set(told.map(({ series, number }) => `${series} ${number}`)),
    new Set([
      "Divergent 3",
      "Alex Rider 1",
      "Discworld null",
    ]),
  );
});

Deno.test("tellSeries() keeps to the usual shares, the same for the same key", () => {
  const told = tell(USUAL_ODDITIES.series);
  assertEquals(tell(USUAL_ODDITIES.series), told);
  const share =
    told.filter(({ title, series, number }) =>
      title === "Insurgent" && series === "Divergent" && number === "2"
    ).length / told.length;
  assert(Math.abs(share - 0.75) < 0.03, `${share} as asked`);
  const standalone = tell(USUAL_ODDITIES.series, { title: "Emma", series: undefined });
  const madeUp = standalone.filter(({ series }) => series !== null).length / standalone.length;
  assert(madeUp > 0.01 && madeUp < 0.03, `${madeUp} made up`);
});
