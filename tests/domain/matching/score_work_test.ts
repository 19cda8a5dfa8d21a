import { assertEquals } from "@std/assert";
import type { WorkCandidate } from "../../../src/domain/matching/resolver.ts";
import { prepareQuery } from "../../../src/domain/matching/record_title.ts";
import { measureRecord, sumParts, yearPoints } from "../../../src/domain/matching/score_work.ts";
import * as records from "../../support/books/match_records.ts";

const QUERY = prepareQuery(records.QUERY);

function work(fields: Partial<WorkCandidate>): WorkCandidate {
  const authors = ["Quill, Mara, 1971- author"];
  return records.work({ provider: "archive_org", authors, ...fields });
}

Deno.test("yearPoints() grades the years a record knows against the one asked for", () => {
  const cases: [number[], number][] = [
    [[2012], 15],
    [[1900, 2012, 2020], 15],
    [[2011], 13],
    [[2013, 2020], 13],
    [[], 10],
    [[2014, 2020], 9],
    [[2008], 3],
    [[2008, 2020], 3],
  ];
  for (const [years, points] of cases) assertEquals(yearPoints(2012, years), points, String(years));
});

Deno.test("measureRecord() cuts the statement of responsibility off a library's title", () => {
  for (const title of ["The salt ledger / Mara Quill", "The salt ledger : a novel / by M. Quill"]) {
    assertEquals(measureRecord(QUERY, work({ title })).title_match.agreement, "full", title);
  }
  for (const credit of ["", " / Mara Quill"]) {
    const title = `The Salt Ledger / Winter Arithmetic${credit}`;
    const double = measureRecord(QUERY, work({ title }));
    assertEquals(double.veto, "another title", "two books bound together are neither");
  }
});

Deno.test("measureRecord() sums its parts to the score of a perfect record less the agreement", () => {
  const year = { year: 2012, month: null, day: null };
  const measured = measureRecord(QUERY, work({ first_published: year }));
  assertEquals(measured.parts, { title: 50, author: 25, year: 15, edition: 0, agreement: 0 });
  assertEquals(sumParts(measured.parts), 90);
  assertEquals(measured.veto, null);
});
