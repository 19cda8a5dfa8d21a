import { PROMPT_VERSION } from "../../../src/domain/generation/prompt_version.ts";
import { NO_SERIES } from "../../../src/domain/series/series_fields.ts";
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { explanationScreen } from "../../../src/cli/screens/render_explanation.ts";
import type { ExplainedBook, ExplainedNaming } from "../../../src/database/stats/explanations.ts";
import { decideMatch } from "../../../src/domain/matching/decide_match.ts";
import type { BookQuery, WorkCandidate } from "../../../src/domain/matching/resolver.ts";
import { edition, ISBN, PRINTED, QUERY as BOOK, work } from "../../support/books/match_records.ts";

const AT = new Date("2026-01-02T03:04:05Z");
const CHECKED = { check_state: "checked" as const, check_waits_since: null };

const QUERY: BookQuery = { ...BOOK, month: 3 };

const PUBLISHED = { year: 2012, month: 3, day: 2 };
const EDITION = {
  ...edition({ subtitle: "A Novel", published: PUBLISHED, ...PRINTED }),
  isbn13: ISBN,
};

const RECORD = work({
  provider_key: "/works/OL90000001W",
  subtitle: "A Novel",
  first_published: { year: 2012, month: null, day: null },
  popularity: 1,
  editions: [EDITION],
});

const GUIDE = work({
  provider_key: "/works/OL90000002W",
  title: "Study Guide: The Salt Ledger",
  authors: [],
  popularity: 1,
});

function naming(fields: Partial<ExplainedNaming> = {}): ExplainedNaming {
  return {
    year: 2012,
    month: 3,
    position: 0,
    title: "The Salt Ledger",
    author: "Mara Quill",
    ...NO_SERIES,
    named_by: ["gemini", "grok"],
    resolution_key: "key",
    verdict: "found",
    isbn13: ISBN,
    work_id: 7,
    placement: "new",
    month_fit: "in_month",
    unheard: [],
    ...fields,
  };
}

function book(
  records: readonly WorkCandidate[],
  fields: Partial<ExplainedBook> = {},
): ExplainedBook {
  const decision = decideMatch(QUERY, records);
  const isbn13 = decision.kind === "found" ? decision.isbn13 : null;
  return {
    edition: {
      ...EDITION,
      work_id: 7,
      resolution_key: "key",
      score: 95,
      stored_for: { year: 2012, month: 3 },
      ...CHECKED,
    },
    work: {
      work_id: 7,
      title: "The Salt Ledger",
      subtitle: "A Novel",
      authors: ["Mara Quill"],
      first_published: { year: 2012, month: 3, day: 2 },
      is_synthetic: false,
      completeness: 100,
      isbns: [ISBN, "9781402894633"],
    },
    namings: [naming(), naming({ month: 4, placement: "known", month_fit: "in_year" })],
    questions: [],
    resolutions: [{
      key: "key",
      made: {
        key: "key",
        title: QUERY.title,
        author: QUERY.author,
        ...NO_SERIES,
        year: QUERY.year,
        verdict: decision.kind,
        isbn13,
        decision,
        decided_at: AT,
        expires_at: new Date("2026-07-01T00:00:00Z"),
        ...(isbn13 === null ? { ...CHECKED, check_state: "not_needed" as const } : CHECKED),
      },
      evidence: [
        { provider: "open_library", works: records, asked_at: AT },
        { provider: "wikidata", works: [], asked_at: AT },
      ],
    }],
    ...fields,
  };
}

Deno.test("explanationScreen() shows a found book from its ISBN down to the answers", () => {
  assertEquals(explanationScreen([book([RECORD, GUIDE])]).split("\n"), [
    "",
    "The Salt Ledger: A Novel by Mara Quill",
    "ISBN 978-1-4028-9462-6, 95 points, stored for 2012-03; checked",
    "edition: 2012-03-02, en, hardcover, Harrow & Pike, 352 pages, “The Salt Ledger: A Novel”",
    "work 7: confirmed, first published 2012-03-02, completeness 100, also stored as 9781402894633",
    "",
    "named in",
    "  2012-03  “The Salt Ledger” by Mara Quill, named by gemini, grok: found 9781402894626, new," +
    " published in this month",
    "  2012-04  “The Salt Ledger” by Mara Quill, named by gemini, grok: found 9781402894626," +
    " known, published in this year",
    "",
    "asked for “The Salt Ledger” by Mara Quill (2012)",
    "decided 2026-01-02 03:04 UTC, kept until 2026-07-01 00:00 UTC: found 9781402894626 with 95" +
    " points, known to open_library; checked",
    "",
    "  score  title author  year edition agreement  record",
    "   95.0   50.0   25.0  15.0     5.0       0.0  open_library /works/OL90000001W, “The Salt" +
    " Ledger” by Mara Quill: accepted",
    "   57.5   47.5    0.0  10.0     0.0       0.0  open_library /works/OL90000002W, “Study Guide:" +
    " The Salt Ledger” by nobody: vetoed: a study guide",
    "",
    "answers",
    "  open_library, asked 2026-01-02 03:04 UTC: 2 records",
    "    /works/OL90000001W, “The Salt Ledger: A Novel” by Mara Quill, first published 2012",
    "      9781402894626: 2012-03-02, en, hardcover, Harrow & Pike, 352 pages, “The Salt Ledger: A" +
    " Novel”",
    "    /works/OL90000002W, “Study Guide: The Salt Ledger” by nobody",
    "  wikidata, asked 2026-01-02 03:04 UTC: nothing",
  ]);
});

Deno.test("explanationScreen() says why a book has no ISBN", () => {
  const unresolved = {
    edition: null,
    namings: [naming({ verdict: "not_found", isbn13: null, month_fit: "unknown" })],
  };
  const notFound = explanationScreen([book([], unresolved)]);
  assertStringIncludes(notFound, "\nno ISBN\n");
  assertStringIncludes(notFound, "grok: not found, new, published at an unknown date");
  assertStringIncludes(notFound, "00:00 UTC: not found\n  no record was considered\n");

  const authorless = explanationScreen([book([{ ...RECORD, authors: [] }], unresolved)]);
  assertStringIncludes(
    authorless,
    "ambiguous. A record has the title asked for, but names no author",
  );
  assertStringIncludes(authorless, "by nobody: vetoed: no author to compare");
});

Deno.test("explanationScreen() says who could not answer about a book", () => {
  const screen = explanationScreen([
    book([], {
      edition: null,
      namings: [naming({
        verdict: "unavailable",
        isbn13: null,
        month_fit: "unknown",
        unheard: ["isbndb", "wikidata"],
      })],
    }),
  ]);
  assertStringIncludes(
    screen,
    "unavailable, new, published at an unknown date; isbndb and wikidata could not answer\n",
  );
});

Deno.test("explanationScreen() says when a decision, an answer or a month is not there", () => {
  const open = explanationScreen([
    book([RECORD], { namings: [], resolutions: [{ key: "salt key", made: null, evidence: [] }] }),
  ]);
  assertStringIncludes(open, "no month that is still in the log");
  assertStringIncludes(open, "asked under “salt key”: no decision is stored");
  assertStringIncludes(open, "nobody's answer is stored");
});

Deno.test("explanationScreen() says which experiments named a book", () => {
  const question = {
    year: 2012,
    month: 5,
    prompt_variant: "baseline" as const,
    prompt_version: PROMPT_VERSION,
    generator: "gemini" as const,
    model: "some-model",
    isbn13: ISBN,
    experiment_ids: [2, 4, 5],
    found_at: AT,
    is_storing: true,
  };
  const lines = explanationScreen([
    book([RECORD], {
      namings: [],
      questions: [question, {
        ...question,
        prompt_variant: "genre-rotation",
        experiment_ids: [4],
        is_storing: false,
      }],
    }),
  ]).split("\n");
  const start = lines.indexOf("named in");
  assertEquals(lines.slice(start, start + 6), [
    "named in",
    "  no month's own run so far",
    "",
    "named in experiments",
    "  2012-05  by gemini:some-model asked with baseline, experiment 2 on 2026-01-02 03:04 UTC," +
    " again in 4, 5: found 9781402894626, with --store",
    "  2012-05  by gemini:some-model asked with genre-rotation, experiment 4 on 2026-01-02 03:04" +
    " UTC: found 9781402894626, without --store",
  ]);
});

Deno.test("explanationScreen() cuts long answers short and says by how much", () => {
  const records = Array.from({ length: 12 }, (_, index) => ({
    ...RECORD,
    provider_key: `record ${index}`,
    editions: Array.from({ length: 7 }, () => EDITION),
  }));
  const lines = explanationScreen([book(records)]).split("\n");
  assertEquals(lines.filter((line) => line.startsWith("    record ")).length, 10);
  assertEquals(lines.filter((line) => /^ {6}9781402894626:/.test(line)).length, 50);
  assert(lines.includes("    and 2 more records, which --json shows"));
  assertEquals(lines.filter((line) => /^ {6}and 2 more editions/.test(line)).length, 10);
});

Deno.test("explanationScreen() shows several books one after the other", () => {
  const screen = explanationScreen([book([RECORD]), book([RECORD], { edition: null })]);
  assertEquals(screen.split("\nThe Salt Ledger: A Novel by Mara Quill\n").length, 3);
});
