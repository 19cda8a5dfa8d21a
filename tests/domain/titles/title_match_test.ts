import { assertEquals } from "@std/assert";
import {
  ADDED,
  matchInYears,
  orConflict,
  PLACED,
  STEM,
  WEAK_SEGMENT,
} from "../../../src/domain/titles/title_match.ts";

Deno.test("matchInYears() meets a need by the years that are known, each in its own way", () => {
  const table = [
    [PLACED, [2012], null],
    [PLACED, [2011], "exact_year"],
    [PLACED, [1999, 2012], null],
    [WEAK_SEGMENT, [2011], null],
    [WEAK_SEGMENT, [2010], "near_year"],
    [WEAK_SEGMENT, [], "near_year"],
    [ADDED, [], null],
    [ADDED, [2012], null],
    [ADDED, [2013], "no_other_year"],
    [STEM, [2012], "another_record"],
  ] as const;
  for (const [match, years, needs] of table) {
    assertEquals(matchInYears(match, { asked: 2012, years }).needs, needs, JSON.stringify(years));
  }
});

Deno.test("matchInYears() makes an unmet need with a reason a conflict, unless no date is known", () => {
  const doubtful = orConflict(PLACED, "another volume");
  const other = matchInYears(doubtful, { asked: 2012, years: [2014] });
  assertEquals([other.agreement, other.reason], ["conflict", "another volume"]);
  const undated = matchInYears(doubtful, { asked: 2012, years: [] });
  assertEquals([undated.agreement, undated.needs], ["main", "exact_year"]);
  const met = matchInYears(doubtful, { asked: 2012, years: [2012] });
  assertEquals([met.agreement, met.needs, met.reason], ["main", null, null]);
});
