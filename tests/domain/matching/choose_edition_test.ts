import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { chooseEdition, type EditionChoice } from "../../../src/domain/matching/choose_edition.ts";
import { parsePartialDate } from "../../../src/domain/months/partial_date.ts";
import type { BookQuery, EditionCandidate } from "../../../src/domain/matching/resolver.ts";
import { prepareQuery } from "../../../src/domain/matching/record_title.ts";
import { measureRecord } from "../../../src/domain/matching/score_work.ts";
import * as records from "../../support/books/match_records.ts";

const QUERY: BookQuery = { ...records.QUERY, month: 3 };

const LOW = records.ISBN;
const HIGH = records.OTHER_ISBN;

interface EditionFields extends Partial<Omit<EditionCandidate, "published">> {
  readonly date?: string;
}

function edition({ date = "2012-03", ...fields }: EditionFields): EditionCandidate {
  return records.edition({ ...records.PRINTED, published: parsePartialDate(date), ...fields });
}

function choices(editions: readonly EditionCandidate[]): EditionChoice[] {
  const measured = measureRecord(prepareQuery(QUERY), records.work({ editions }));
  return measured.editions.map((eligible) => ({ ...eligible, record: measured }));
}

/** The winner of the two gets the higher ISBN, so that the last rule alone would choose the other. */
function assertPrefers(winner: EditionFields, loser: EditionFields): void {
  const pair = choices([edition({ ...loser, isbn13: LOW }), edition({ ...winner, isbn13: HIGH })]);
  const description = `${JSON.stringify(winner)} before ${JSON.stringify(loser)}`;
  assertEquals(chooseEdition(pair, QUERY)?.edition.isbn13, HIGH, description);
}

Deno.test("chooseEdition() puts the language asked for before everything else", () => {
  assertPrefers({ language: "en", date: "2020", binding: "library" }, { language: "de" });
  assertPrefers({ language: "en", date: "2020" }, { language: null, title: "Sal" });
  assertPrefers({ language: null }, { language: "de" });
});

Deno.test("chooseEdition() wants the title asked for, then the nearest month", () => {
  assertPrefers({ date: "2019" }, { title: "Another Name" });
  assertPrefers({ date: "2012-03" }, { date: "2012-06" });
  assertPrefers({ date: "2012-06" }, { date: "2013-01" });
  assertPrefers({ date: "2012" }, { date: "2013" });
  assertPrefers({ date: "2013" }, { date: "" });
  assertPrefers({ date: "" }, { date: "2022" });
});

Deno.test("chooseEdition() orders bindings from trade editions to special ones", () => {
  const order = [
    "hardcover",
    "paperback",
    "ebook",
    "mass_market",
    "large_print",
    "library",
  ] as const;
  for (const [index, binding] of order.slice(1).entries()) {
    assertPrefers({ binding: order[index]! }, { binding });
  }
});

Deno.test("chooseEdition() breaks ties by the fuller description, then the lowest ISBN", () => {
  assertPrefers({}, { pages: null });
  const pair = choices([edition({ isbn13: HIGH }), edition({ isbn13: LOW })]);
  assertEquals(chooseEdition(pair, QUERY)?.edition.isbn13, LOW);
  assertEquals(chooseEdition([], QUERY), null);
});

Deno.test("chooseEdition() answers the same in any order", () => {
  const fields = fc.record({
    isbn13: fc.constantFrom(LOW, HIGH, "9781402894640"),
    language: fc.constantFrom("en", "de", null),
    binding: fc.constantFrom("hardcover" as const, "ebook" as const, null),
    date: fc.constantFrom("", "2012", "2012-03", "2015"),
  });
  const shuffled = fc.uniqueArray(fields, { selector: ({ isbn13 }) => isbn13, minLength: 1 })
    .chain((all) =>
      fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length }))
    );
  fc.assert(fc.property(shuffled, ([all, reordered]) => {
    const pick = (some: EditionFields[]) => chooseEdition(choices(some.map(edition)), QUERY);
    assertEquals(pick(reordered)?.edition, pick(all)?.edition);
  }));
});
