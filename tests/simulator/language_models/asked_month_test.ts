import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { monthKey, monthName } from "../../../src/domain/months/month.ts";
import { buildPrompt, PROMPT_VARIANTS } from "../../../src/domain/generation/prompt.ts";
import {
  findAskedLimit,
  findAskedMonth,
} from "../../../src/simulator/language_models/asked_month.ts";

Deno.test("findAskedMonth() reads the forms a prompt may use", () => {
  for (
    const text of [
      "Up to 20 notable books first published in March 2012.",
      "books of 2012-03, please",
      "between 2012-03-01 and 2012-03-31",
      "published from 1 March 2012 to 31 March 2012",
      "published from March 1, 2012 to March 31st, 2012",
      "the month of March in the year 2012",
      "MARCH, 2012",
      "Mar. 2012",
      "03/2012",
      "2012/3",
      "year: 2012, month: 3",
      "month 3 of year 2012",
    ]
  ) assertEquals(findAskedMonth(text), "2012-03", text);
});

Deno.test("findAskedMonth() prefers the month named most often, then the first", () => {
  assertEquals(findAskedMonth("Not February 2012, not April 2012: April 2012!"), "2012-04");
  assertEquals(findAskedMonth("March 2012 rather than April 2012"), "2012-03");
});

Deno.test("findAskedMonth() finds none where there is none", () => {
  for (const text of ["", "books of 2012", "the 13/2012 issue", "isbn 978-1402", "marching 2012"]) {
    assertEquals(findAskedMonth(text), null, text);
  }
});

Deno.test("findAskedMonth() reads back every month's own name and key", () => {
  const months = fc.record({
    year: fc.integer({ min: 1900, max: 2100 }),
    month: fc.integer({ min: 1, max: 12 }),
  });
  fc.assert(fc.property(months, (month) => {
    assertEquals(findAskedMonth(`Books of ${monthName(month)}.`), monthKey(month));
    assertEquals(findAskedMonth(`Books of ${monthKey(month)}.`), monthKey(month));
  }));
});

Deno.test("findAskedLimit() reads how many are wanted at most", () => {
  assertEquals(findAskedLimit("Name up to 15 books"), 15);
  assertEquals(findAskedLimit("at most 7, fewer if unsure"), 7);
  assertEquals(findAskedLimit("List 30 historically significant books"), 30);
  assertEquals(findAskedLimit("List the books of 2012"), null);
});

Deno.test("findAskedMonth() and findAskedLimit() understand every prompt of this service", () => {
  for (const variant of PROMPT_VARIANTS) {
    for (
      const month of [{ year: 2000, month: 1 }, { year: 2012, month: 5 }, { year: 2024, month: 12 }]
    ) {
      const { user } = buildPrompt({ month, variant, maxBooks: 17 });
      assertEquals(findAskedMonth(user), monthKey(month), `${variant}: ${user}`);
      assertEquals(findAskedLimit(user), 17, `${variant}: ${user}`);
    }
  }
});
