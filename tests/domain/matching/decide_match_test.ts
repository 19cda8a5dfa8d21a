import { assert, assertEquals, assertExists, assertLessOrEqual } from "@std/assert";
import fc from "fast-check";
import { decideMatch, type MatchDecision } from "../../../src/domain/matching/decide_match.ts";
import { parsePartialDate } from "../../../src/domain/months/partial_date.ts";
import type {
  BookQuery,
  EditionCandidate,
  ResolverName,
  WorkCandidate,
} from "../../../src/domain/matching/resolver.ts";
import * as records from "../../support/books/match_records.ts";
import { ISBN, OTHER_ISBN, PRINTED } from "../../support/books/match_records.ts";

const THIRD_ISBN = "9781402894640";
const QUERY: BookQuery = { ...records.QUERY, month: 3 };

interface RecordFields {
  title?: string;
  subtitle?: string | null;
  authors?: readonly string[];
  isbn13?: string | null;
  published?: string;
  provider?: ResolverName;
  key?: string;
  edition?: Partial<EditionCandidate>;
}

/** A flat record, as a catalogue of editions returns it. */
function record(fields: RecordFields = {}): WorkCandidate {
  const { provider = "isbndb", isbn13 = ISBN, published = "2012", key, edition, ...named } = fields;
  const dated = { isbn13, published: parsePartialDate(published) };
  const flat = records.record(provider, { ...PRINTED, ...named, ...dated });
  return {
    ...flat,
    provider_key: key ?? `${provider}:${isbn13}`,
    editions: flat.editions.map((only) => ({ ...only, ...edition })),
  };
}

function foundIsbn(decision: MatchDecision): string | null {
  return decision.kind === "found" ? decision.isbn13 : null;
}

function verdictOf(decision: MatchDecision): string | undefined {
  return decision.considered[0]?.verdict;
}

Deno.test("decideMatch() finds the book and says why", () => {
  const decision = decideMatch(QUERY, [record()]);
  assert(decision.kind === "found");
  assertEquals(decision.isbn13, ISBN);
  assertEquals(decision.providers, ["isbndb"]);
  assertEquals(decision.considered, [{
    provider: "isbndb",
    provider_key: `isbndb:${ISBN}`,
    title: "The Salt Ledger",
    authors: ["Mara Quill"],
    score: 95,
    parts: { title: 50, author: 25, year: 15, edition: 5, agreement: 0 },
    verdict: "accepted",
  }]);
});

Deno.test("decideMatch() finds nothing among other books", () => {
  assertEquals(decideMatch(QUERY, []), { kind: "not_found", considered: [] });
  const vetoed: [WorkCandidate, string][] = [
    [record({ authors: ["Kate Morton"] }), "vetoed: another author"],
    [record({ title: "The Winter Ledger" }), "vetoed: another title"],
    [record({ title: "The Salt Ledger, Vol. 2" }), "vetoed: another volume"],
    [record({ title: "Summary of The Salt Ledger" }), "vetoed: a summary"],
    [record({ authors: ["Instaread", "Mara Quill"] }), "vetoed: a summary mill"],
  ];
  for (const [work, verdict] of vetoed) {
    const decision = decideMatch(QUERY, [work]);
    assertEquals(decision.kind, "not_found", verdict);
    assertEquals(verdictOf(decision), verdict);
  }
});

Deno.test("decideMatch() takes a record without authors for no proof", () => {
  const decision = decideMatch(QUERY, [record({ authors: [] })]);
  assertEquals(decision.kind, "ambiguous");
  assertEquals(
    foundIsbn(decideMatch(QUERY, [record({ authors: [], isbn13: OTHER_ISBN }), record()])),
    ISBN,
  );
});

Deno.test("decideMatch() accepts a year on either side, a reprint, and no year at all", () => {
  for (const published of ["2011", "2013", "2019", ""]) {
    assertEquals(foundIsbn(decideMatch(QUERY, [record({ published })])), ISBN, published);
  }
});

Deno.test("decideMatch() doubts a book that existed years before it was published", () => {
  const early = record({ published: "1998" });
  assertEquals(decideMatch(QUERY, [early]).kind, "ambiguous");
  const agreed = [early, record({ published: "1998", provider: "open_library" })];
  assertEquals(foundIsbn(decideMatch(QUERY, agreed)), ISBN, "two providers who agree are believed");
});

Deno.test("decideMatch() counts the agreement of providers, not of records of one provider", () => {
  const twice = decideMatch(QUERY, [record(), record({ isbn13: OTHER_ISBN })]);
  const agreed = decideMatch(QUERY, [record(), record({ provider: "google_books" })]);
  assert(twice.kind === "found" && agreed.kind === "found");
  assertEquals(twice.providers, ["isbndb"]);
  assertEquals(twice.score, 95);
  assertEquals(agreed.providers, ["google_books", "isbndb"]);
  assertEquals(agreed.score, 100);
});

Deno.test("decideMatch() never lets agreement make up for a weak title", () => {
  const works = (["isbndb", "open_library", "google_books"] as const)
    .map((provider) => record({ provider, title: "The Salt Ledger, Vol. 1" }));
  assertEquals(decideMatch(QUERY, works).kind, "ambiguous");
});

Deno.test("decideMatch() stays undecided between two works of one name", () => {
  const asked = { ...QUERY, author: "Quill" };
  const works = [record(), record({ authors: ["Ned Quill"], isbn13: OTHER_ISBN })];
  const decision = decideMatch(asked, works);
  assert(decision.kind === "ambiguous");
  assert(decision.reason.startsWith("Two works are too close"), decision.reason);
  const parts = ["Jarka Ruus", "Straken"].map((part, index) =>
    record({ title: `High Druid: ${part}`, isbn13: [ISBN, OTHER_ISBN][index]! })
  );
  assertEquals(decideMatch({ ...QUERY, title: "High Druid" }, parts).kind, "ambiguous");
});

Deno.test("decideMatch() prefers what is spelt as asked to what nearly is", () => {
  const works = [record({ title: "The Salt Ledgers", isbn13: OTHER_ISBN }), record()];
  assertEquals(foundIsbn(decideMatch(QUERY, works)), ISBN);
  assertEquals(foundIsbn(decideMatch({ ...QUERY, title: "The Salt Leger" }, [record()])), ISBN);
});

Deno.test("decideMatch() never answers with an audio, derived or invalid edition", () => {
  const editions: RecordFields[] = [
    { edition: { binding: "audio" } },
    { edition: { title: "The Salt Ledger: A Reader's Guide" } },
    { isbn13: null },
    { isbn13: "9781402894627" },
  ];
  for (const fields of editions) {
    const decision = decideMatch(QUERY, [record(fields)]);
    assert(decision.kind === "ambiguous", JSON.stringify(fields));
    assert(decision.reason.includes("no edition"), decision.reason);
  }
});

Deno.test("decideMatch() finds the English edition of a work under its original title", () => {
  const work: WorkCandidate = {
    ...record({ title: "Ut og stjæle hester", authors: ["Per Petterson"] }),
    editions: [
      { ...record({ title: "Ut og stjæle hester" }).editions[0]!, language: "no" },
      { ...record({ title: "Out Stealing Horses", isbn13: OTHER_ISBN }).editions[0]! },
    ],
  };
  const asked = { ...QUERY, title: "Ut og stjæle hester", author: "Per Petterson" };
  assertEquals(foundIsbn(decideMatch(asked, [work])), OTHER_ISBN);
});

Deno.test("decideMatch() takes the volume asked for out of a record of the series", () => {
  const series: WorkCandidate = {
    ...record({ title: "Naruto" }),
    editions: [ISBN, OTHER_ISBN, THIRD_ISBN].map((isbn13, index) =>
      record({ title: `Naruto, Vol. ${index + 2}`, isbn13 }).editions[0]!
    ),
  };
  assertEquals(foundIsbn(decideMatch({ ...QUERY, title: "Naruto, Vol. 3" }, [series])), OTHER_ISBN);
  assertEquals(decideMatch({ ...QUERY, title: "Naruto, Vol. 9" }, [series]).kind, "not_found");
});

Deno.test("decideMatch() keeps at most eight records as evidence, the accepted one first", () => {
  const junk = Array.from(
    { length: 30 },
    (_, index) => record({ title: `Salt ${index}`, key: `junk-${index}`, isbn13: OTHER_ISBN }),
  );
  const decision = decideMatch(QUERY, [...junk, record()]);
  assertEquals(verdictOf(decision), "accepted");
  assertLessOrEqual(decision.considered.length, 8);
});

const AUTHORS = fc.constantFrom("Mara Quill", "M. Quill", "Ned Quill", "Kate Morton", "Various");
const TITLES = fc.constantFrom(
  "The Salt Ledger",
  "Salt Ledger: A Novel",
  "The Salt Ledger: Tides",
  "The Salt Ledger (Ledgers, #1)",
  "The Salt Ledger, Vol. 2",
  "The Salt Leger",
  "Summary of The Salt Ledger",
  "Winter Arithmetic",
);
const RECORDS = fc.array(
  fc.record({
    title: TITLES,
    authors: fc.array(AUTHORS, { maxLength: 2 }),
    isbn13: fc.constantFrom(ISBN, OTHER_ISBN, THIRD_ISBN, null),
    published: fc.constantFrom("", "1998", "2011", "2012-03", "2019"),
    provider: fc.constantFrom<ResolverName>("isbndb", "open_library", "google_books"),
  }).map(record),
  { maxLength: 7 },
);

Deno.test("decideMatch() does not depend on the order of candidates", () => {
  const shuffled = RECORDS.chain((works) =>
    fc.tuple(fc.constant(works), fc.shuffledSubarray(works, { minLength: works.length }))
  );
  fc.assert(
    fc.property(shuffled, ([works, reordered]) => {
      assertEquals(decideMatch(QUERY, reordered), decideMatch(QUERY, works));
    }),
    { numRuns: 300 },
  );
});

Deno.test("decideMatch() is not moved by records of other authors and other books", () => {
  const junk = fc.array(
    fc.record({
      title: fc.constantFrom("The Salt Ledger", "Winter Arithmetic", "Salt"),
      authors: fc.constantFrom(["Kate Morton"], ["Ned Pike", "Ann Bee"]),
      isbn13: fc.constantFrom("9780142004333", "9780316018784"),
      published: fc.constantFrom("2012", "1999"),
    }).map(record),
    { maxLength: 6 },
  );
  fc.assert(
    fc.property(RECORDS, junk, (works, added) => {
      const before = decideMatch(QUERY, works);
      const after = decideMatch(QUERY, [...added, ...works]);
      assertEquals(after.kind, before.kind);
      assertEquals(foundIsbn(after), foundIsbn(before));
    }),
    { numRuns: 300 },
  );
});

Deno.test("decideMatch() does not care for case, accents and punctuation of the query", () => {
  const dress = fc.constantFrom<(text: string) => string>(
    (text) => text.toUpperCase(),
    (text) => text.toLowerCase(),
    (text) => text.replaceAll("a", "a\u0301"),
    (text) => `“${text}”!`,
    (text) => text.replaceAll(" ", "  "),
  );
  fc.assert(fc.property(RECORDS, dress, (works, change) => {
    const plain = decideMatch(QUERY, works);
    const title = decideMatch({ ...QUERY, title: change(QUERY.title) }, works);
    assertEquals(title, plain);
    const author = decideMatch({ ...QUERY, author: change(QUERY.author) }, works);
    assertEquals(author, plain);
  }));
});

Deno.test("decideMatch() only ever answers with an ISBN some candidate offered", () => {
  fc.assert(fc.property(RECORDS, (works) => {
    const decision = decideMatch(QUERY, works);
    if (decision.kind !== "found") return;
    const offer = works.find(({ editions }) =>
      editions.some(({ isbn13 }) => isbn13 === decision.isbn13)
    );
    assertExists(offer);
    assert(decision.work.authors.some((author) => author.endsWith("Quill")));
  }));
});

Deno.test("decideMatch() says that it accepted a title before its series, in the evidence as well", () => {
  const dated = (title: string, isbn13: string, year: number) =>
    record({ title, isbn13, published: String(year) });
  const query = { ...QUERY, title: "High Water: The Salt Books" };
  const works = [dated("High Water", ISBN, 2012), dated("The Salt Books", OTHER_ISBN, 2009)];
  const decision = decideMatch(query, works);
  assertEquals(foundIsbn(decision), ISBN);
  assertEquals(decision.considered.map(({ title, verdict }) => [title, verdict]), [
    ["High Water", "accepted"],
    ["The Salt Books", "vetoed: another record is nearer to the title asked for"],
  ]);
});
