import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { NO_SERIES, readSeriesFields } from "../../../src/domain/series/series_fields.ts";

Deno.test("readSeriesFields() reads a place however it is written", () => {
  const table: readonly [unknown, string | null][] = [
    [2, "2"],
    ["2", "2"],
    ["02", "2"],
    ["2.0", "2"],
    [8.5, "8.5"],
    ["8.50", "8.5"],
    ["#3", "3"],
    ["# 3", "3"],
    ["Book Three", "3"],
    ["book 3", "3"],
    ["Vol. 03", "3"],
    ["No. 3", "3"],
    ["3rd", "3"],
    ["third", "3"],
    ["the third book", "3"],
    ["III", "3"],
    ["twenty-one", "21"],
    ["3 of 7", "3"],
    ["3/7", "3"],
    ["1-3", "1-3"],
    ["prequel", "prequel"],
    [[4], "4"],
    ["", null],
    ["none", null],
    ["N/A", null],
    [null, null],
    [undefined, null],
    [true, null],
    [{}, null],
    ["x".repeat(100), null],
  ];
  for (const [number, expected] of table) {
    const read = readSeriesFields("Divergent", number);
    assertEquals(read, { series: "Divergent", number: expected }, JSON.stringify(number));
  }
});

Deno.test("readSeriesFields() takes the place out of the name of the series", () => {
  for (
    const series of [
      "Divergent #2",
      "Divergent, #2",
      "Divergent (#2)",
      "Divergent, Book 2",
      "Divergent: Book Two",
      "Divergent - Volume II",
    ]
  ) assertEquals(readSeriesFields(series, null), { series: "Divergent", number: "2" }, series);
  for (const series of ["Area 51", "Catch-22", "The 100", "The Book Thief", "Number Nine"]) {
    assertEquals(readSeriesFields(series, null), { series, number: null });
  }
  assertEquals(readSeriesFields("Divergent #2", 3), { series: "Divergent", number: "3" });
});

Deno.test("readSeriesFields() knows what stands for no series, and counts nothing then", () => {
  for (
    const series of [
      ...["", " ", "none", "None.", "null", "n/a", "NA", "-", "…", "unknown", "Standalone"],
      ...["stand-alone novel", "not part of a series", null, undefined, false, [], {}, [null]],
    ]
  ) assertEquals(readSeriesFields(series, "1"), NO_SERIES, JSON.stringify(series));
});

Deno.test("readSeriesFields() reads fields within an object, and several series", () => {
  const divergent = { series: "Divergent", number: "2" };
  assertEquals(readSeriesFields({ name: "Divergent", position: 2 }, null), divergent);
  assertEquals(readSeriesFields({ title: "Divergent" }, "2"), divergent);
  assertEquals(readSeriesFields(["Narnia", "Lewis's Fantasies", "Narnia"], 1), {
    series: "Narnia; Lewis's Fantasies",
    number: "1",
  });
});

Deno.test("readSeriesFields() never throws, and gives texts of one line or null", () => {
  fc.assert(fc.property(fc.anything(), fc.anything(), (series, number) => {
    const read = readSeriesFields(series, number);
    for (const text of [read.series, read.number]) {
      assert(text === null || (text.trim() !== "" && !/\n/.test(text)), JSON.stringify(read));
    }
    assert(read.series !== null || read.number === null);
  }));
});
