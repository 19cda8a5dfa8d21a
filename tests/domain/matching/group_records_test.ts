import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { groupRecords } from "../../../src/domain/matching/group_records.ts";
import { prepareQuery } from "../../../src/domain/matching/record_title.ts";
import {
  type MeasuredRecord,
  measureRecord,
  sharesTitleAndAuthor,
} from "../../../src/domain/matching/score_work.ts";
import { QUERY, record } from "../../support/books/match_records.ts";

const ISBNS = ["9781402894626", "9781402894633", "9781402894640", "9798887001005", null];

/** Titles that are one work with some of the others and not with the rest, as catalogues have them. */
const TITLES = [
  "The Salt Ledger",
  "Salt Ledger",
  "The Salt Legder",
  "The Salt Ledger: A Novel",
  "The Salt Ledger: Winter Accounts",
  "The Salt Ledger: Winter Acounts",
  "The Salt Ledger: Summer Accounts of the North",
  "The Salt Ledger, Vol. 2",
  "The Salt Ledger 2",
  "The Salt Ledger (Salt Ledger, #1)",
  "The Salt Ledger (Salt Ledger, #1-3)",
  "Harbour: The Salt Ledger",
  "Winter Arithmetic: The Salt Ledger",
  "Winter Arithmetic",
];

const AUTHORS = [["Mara Quill"], ["M. Quill"], ["Max Quill"], ["Quill"], [
  "A. Breck",
  "Mara Quill",
]];

const PREPARED = prepareQuery(QUERY);

interface Drawn {
  readonly title: string;
  readonly authors: readonly string[];
  readonly isbn13: string | null;
}

function measured({ title, authors, isbn13 }: Drawn, place: number): MeasuredRecord {
  const provider = place % 2 === 0 ? "isbndb" : "open_library";
  const work = record(provider, { title, authors, isbn13 });
  return measureRecord(PREPARED, { ...work, provider_key: `${place}` });
}

function sharesIsbn(a: MeasuredRecord, b: MeasuredRecord): boolean {
  const isbns = new Set(a.editions.map(({ edition }) => edition.isbn13));
  return b.editions.some(({ edition }) => isbns.has(edition.isbn13));
}

/** The definition, word for word: every record against every member of every group. */
function groupByDefinition(records: readonly MeasuredRecord[]): MeasuredRecord[][] {
  const groups: MeasuredRecord[][] = [];
  for (const record of records) {
    const [first, ...others] = groups.filter((group) =>
      group.some((member) => sharesIsbn(member, record) || sharesTitleAndAuthor(member, record))
    );
    if (first === undefined) groups.push([record]);
    else {
      first.push(record, ...others.flat());
      for (const other of others) groups.splice(groups.indexOf(other), 1);
    }
  }
  return groups;
}

const drawn = fc.record({
  title: fc.constantFrom(...TITLES),
  authors: fc.constantFrom(...AUTHORS),
  isbn13: fc.constantFrom(...ISBNS),
});

function keysOf(groups: readonly (readonly MeasuredRecord[])[]): number[][] {
  return groups.map((group) => group.map(({ work }) => Number(work.provider_key)))
    .map((keys) => keys.toSorted((a, b) => a - b));
}

Deno.test("groupRecords() finds the groups that comparing everybody with everybody finds", () => {
  let joined = 0;
  let apart = 0;
  fc.assert(
    fc.property(fc.array(drawn, { minLength: 2, maxLength: 9 }), (all) => {
      const records = all.map(measured);
      const groups = keysOf(groupRecords(records));
      assertEquals(groups, keysOf(groupByDefinition(records)));
      joined += records.length - groups.length;
      apart += groups.length - 1;
    }),
    { numRuns: 1_500 },
  );
  assert(joined > 1_000 && apart > 1_000, `${joined} joined, ${apart} apart`);
});

Deno.test("groupRecords() keeps groups and their records in the order they came in", () => {
  const records = ["Winter Arithmetic", "The Salt Ledger", "Winter Arithmetic", "Salt Ledger"]
    .map((title) => ({ title, authors: ["Mara Quill"], isbn13: null }))
    .map(measured);
  assertEquals(
    groupRecords(records).map((group) => group.map(({ work }) => work.provider_key)),
    [["0", "2"], ["1", "3"]],
  );
});

Deno.test("groupRecords() joins by ISBN and by the very same text however many there are", () => {
  const letters = [..."abcdefghijklmnopqrst"];
  const titles = letters.flatMap((a) => letters.flatMap((b) => letters.map((c) => a + b + c)))
    .map((word) => `The Salt Ledger: ${word.repeat(4)} ${word.repeat(3)} ${word.repeat(5)}`);
  const authors = ["Mara Quill"];
  const strangers = titles.slice(0, 4_000).map((title) => ({ title, authors, isbn13: null }));
  const [isbn13] = ISBNS;
  const last = "The Salt Ledger: Harbour Tales Retold";
  const records = [
    ...strangers,
    { title: "The Salt Ledger: First Of Its Kind", authors, isbn13: isbn13! },
    { title: "The Salt Ledger: Second By Another Press", authors, isbn13: isbn13! },
    { title: last, authors, isbn13: null },
    { title: last, authors, isbn13: null },
  ].map(measured);
  const groups = keysOf(groupRecords(records)).slice(-2);
  assertEquals(groups, [[4_000, 4_001], [4_002, 4_003]]);
});
