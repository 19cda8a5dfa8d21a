import { NO_SERIES } from "../../../src/domain/series/series_fields.ts";
import { assert, assertEquals } from "@std/assert";
import {
  type CandidateRow,
  replaceCandidates,
} from "../../../src/database/catalogue/candidates.ts";
import type { Queryable, Transaction } from "../../../src/database/connection/connection.ts";
import { storeEditions } from "../../../src/database/catalogue/editions.ts";
import {
  startExperiment,
  storeExperimentResult,
} from "../../../src/database/experiments/experiments.ts";
import { explainIsbn, explainNamed } from "../../../src/database/stats/explanations.ts";
import { seedMonths } from "../../../src/database/months/months.ts";
import { startRun } from "../../../src/database/scheduling/runs.ts";
import { storeFindings } from "../../../src/database/resolution/resolutions.ts";
import { linkBookAuthors } from "../../../src/catalogue/link_book_authors.ts";
import { storeWorks } from "../../../src/database/catalogue/works.ts";
import { decideMatch } from "../../../src/domain/matching/decide_match.ts";
import { resolutionKey } from "../../../src/domain/names/resolution_key.ts";
import type { BookQuery, WorkCandidate } from "../../../src/domain/matching/resolver.ts";
import { databaseTest } from "../../support/postgres/databases.ts";
import { experimentResult } from "../../support/books/experiment_result.ts";
import { edition, ISBN, PRINTED, QUERY as BOOK, work } from "../../support/books/match_records.ts";

const AT = new Date("2026-01-02T03:04:05Z");
const JOB_ID = "6f1b2d3c-4e5f-4a6b-8c7d-9e0f1a2b3c4d";

const QUERY: BookQuery = { ...BOOK, month: 3 };
const KEY = resolutionKey(QUERY);
const LOST_KEY = resolutionKey({ ...QUERY, title: "Winter Arithmetic" });

const RECORD = work({
  provider_key: "/works/OL90000001W",
  authors: ["Mara Quill", "Ida Voss"],
  first_published: { year: 2012, month: 3, day: null },
  popularity: 1,
  editions: [edition({ published: { year: 2012, month: 3, day: 12 }, ...PRINTED })],
});

/** Two months that named one book, and one that also named a book nobody knows; for a transaction. */
async function storeTwoMonths(tx: Transaction): Promise<void> {
  await seedMonths(tx, { yearStart: 2012, yearEnd: 2012 });
  const months = await tx<{ id: number; month: number }[]>`
    SELECT id, month FROM backfill_log WHERE month IN (3, 4) ORDER BY month`;
  const [march, april] = months.map(({ id }) => id);
  const [saltId, winterId] = await storeWorks(tx, {
    monthId: march!,
    at: AT,
    works: [
      newWork({ title: "The Salt Ledger", key: "salt ledger", isSynthetic: false }),
      newWork({ title: "Winter Arithmetic", key: "winter arithmetic", isSynthetic: true }),
    ],
  });
  await linkBookAuthors(tx, [{
    work_id: saltId!,
    authors: RECORD.authors.map((name) => ({ name, name_keys: [name.toLowerCase()] })),
  }]);
  const edition = { ...RECORD.editions[0]!, isbn13: ISBN, work_id: saltId!, score: 95 };
  await storeEditions(tx, {
    editions: [{ ...edition, resolution_key: KEY, check_state: "waiting" }],
    monthId: march!,
    at: AT,
  });
  const salt = candidate({ position: 0, work_id: saltId!, placement: "new" });
  await replaceCandidates(tx, {
    monthId: march!,
    candidates: [
      salt,
      candidate({
        position: 1,
        title: "Winter Arithmetic",
        resolution_key: LOST_KEY,
        verdict: "unavailable",
        unheard: ["open_library"],
        isbn13: null,
        work_id: winterId!,
        placement: "synthetic",
      }),
    ],
  });
  await replaceCandidates(tx, {
    monthId: april!,
    candidates: [{ ...salt, placement: "known", month_fit: "in_year" }],
  });
  await storeAnswers(tx);
}

async function storeAnswers(sql: Queryable): Promise<void> {
  const decision = decideMatch(QUERY, [RECORD]);
  assert(decision.kind === "found");
  const finding = { job_id: JOB_ID, resolution: null };
  const answer = (provider: "open_library" | "wikidata", works: readonly WorkCandidate[]) => ({
    provider,
    works,
    keep_seconds: 60,
  });
  await storeFindings(sql, {
    at: AT,
    findings: [
      { ...finding, key: KEY, evidence: answer("wikidata", []) },
      { ...finding, key: LOST_KEY, evidence: answer("wikidata", []) },
      {
        key: KEY,
        job_id: JOB_ID,
        evidence: answer("open_library", [RECORD]),
        resolution: {
          verdict: "found",
          isbn13: ISBN,
          decision,
          check_state: "waiting",
          query: QUERY,
          keep_seconds: 60,
        },
      },
    ],
  });
}

function newWork(
  { title, key, isSynthetic }: { title: string; key: string; isSynthetic: boolean },
) {
  return {
    title,
    subtitle: null,
    series: null,
    series_place: null,
    title_key: key,
    author_key: "quill m",
    identity_key: key,
    language: "en",
    first_published: { year: 2012, month: 3, day: null },
    is_synthetic: isSynthetic,
    completeness: 100,
  };
}

function candidate(fields: Partial<CandidateRow>): CandidateRow {
  return {
    position: 0,
    title: "The Salt Ledger",
    author: "Mara Quill",
    ...NO_SERIES,
    named_by: ["gemini"],
    resolution_key: KEY,
    verdict: "found",
    isbn13: ISBN,
    work_id: null,
    placement: "new",
    month_fit: "in_month",
    unheard: [],
    ...fields,
  };
}

databaseTest(
  "explainIsbn() gathers edition, work, months, decision and answers",
  async ({ sql }) => {
    await sql.begin(storeTwoMonths);
    const book = await explainIsbn(sql, ISBN);
    assert(book !== null && book.edition !== null && book.work !== null);
    assertEquals(book.edition.stored_for, { year: 2012, month: 3 });
    assertEquals(book.edition.published, { year: 2012, month: 3, day: 12 });
    assertEquals(book.edition.score, 95);
    assertEquals(book.work.authors, ["Mara Quill", "Ida Voss"]);
    assertEquals(book.work.isbns, [ISBN]);
    assertEquals(book.work.first_published, { year: 2012, month: 3, day: null });
    assertEquals(
      book.namings.map((
        { year, month, placement, named_by },
      ) => [year, month, placement, named_by]),
      [[2012, 3, "new", ["gemini"]], [2012, 4, "known", ["gemini"]]],
    );
    assertEquals(book.resolutions.length, 1);
    const [resolution] = book.resolutions;
    assertEquals(resolution?.made?.decision, decideMatch(QUERY, [RECORD]));
    assertEquals(resolution?.made?.decided_at, AT);
    assertEquals(
      resolution?.evidence.map(({ provider, works, asked_at }) => [provider, works, asked_at]),
      [["open_library", [RECORD], AT], ["wikidata", [], AT]],
    );
  },
);

databaseTest("explainIsbn() knows nothing of an ISBN that is not stored", async ({ sql }) => {
  assertEquals(await explainIsbn(sql, ISBN), null);
});

databaseTest(
  "explainNamed() finds books of the month by words of title and author",
  async ({ sql }) => {
    await sql.begin(storeTwoMonths);
    const titles = async (month: number, ...words: string[]) =>
      (await explainNamed(sql, { month: { year: 2012, month }, words }))
        .map(({ work }) => work?.title);
    assertEquals(await titles(3), ["The Salt Ledger", "Winter Arithmetic"]);
    assertEquals(await titles(3, "SALT", "quíll"), ["The Salt Ledger"]);
    assertEquals(await titles(4), ["The Salt Ledger"]);
    assertEquals(await titles(4, "winter"), []);
    assertEquals(await titles(5), []);
  },
);

databaseTest("explainNamed() shows the answers of a book without a decision", async ({ sql }) => {
  await sql.begin(storeTwoMonths);
  const [book] = await explainNamed(sql, {
    month: { year: 2012, month: 3 },
    words: ["arithmetic"],
  });
  assert(book !== undefined);
  assertEquals(book.edition, null);
  assertEquals(book.work?.is_synthetic, true);
  assertEquals(book.namings.map(({ verdict, unheard }) => [verdict, unheard]), [
    ["unavailable", ["open_library"]],
  ]);
  assertEquals(book.resolutions, [{
    key: LOST_KEY,
    made: null,
    evidence: [{ provider: "wikidata", works: [], asked_at: AT }],
  }]);
});

/** An experiment for a month of 2012 whose answer named books that were found to be these ISBNs. */
async function keepExperiment(
  sql: Queryable,
  { month, isbns, isStoring }: { month: number; isbns: readonly string[]; isStoring: boolean },
): Promise<number> {
  const [row] = await sql<{ id: number }[]>`SELECT id FROM backfill_log WHERE month = ${month}`;
  const runId = await startRun(sql, { startedBy: "experiment", maxCostUsd: 1, at: AT });
  const { id } = await startExperiment(sql, { runId, startedBy: "test", at: AT });
  const count = isbns.length;
  await storeExperimentResult(sql, {
    experimentId: id,
    monthId: row!.id,
    at: AT,
    result: experimentResult({
      ...{ books: count, resolved: count, not_found: 0, invented: 0, unavailable: 0 },
      ...{ in_month: count, in_year: 0, isbns },
      ...(isStoring ? { books_stored: 0, isbns_stored: 0 } : {}),
    }),
  });
  return id;
}

databaseTest("explainIsbn() tells which experiments named the work", async ({ sql }) => {
  await sql.begin(storeTwoMonths);
  assertEquals((await explainIsbn(sql, ISBN))!.questions.length, 0);
  // A list may name a book twice.
  const may = await keepExperiment(sql, { month: 5, isbns: [ISBN, ISBN], isStoring: false });
  const march = await keepExperiment(sql, { month: 3, isbns: [ISBN], isStoring: false });
  const again = await keepExperiment(sql, { month: 5, isbns: [ISBN], isStoring: true });
  await keepExperiment(sql, { month: 6, isbns: ["9781402894633"], isStoring: true });
  const common = {
    ...{ prompt_variant: "baseline", prompt_version: "1" },
    ...{ generator: "gemini", model: "some-model" },
    ...{ year: 2012, isbn13: ISBN, found_at: AT },
  } as const;
  assertEquals([...(await explainIsbn(sql, ISBN))!.questions], [
    { ...common, month: 3, experiment_ids: [march], is_storing: false },
    { ...common, month: 5, experiment_ids: [may, again], is_storing: true },
  ]);
});

databaseTest("explainNamed() adds stored books that only experiments named", async ({ sql }) => {
  await sql.begin(storeTwoMonths);
  await keepExperiment(sql, { month: 3, isbns: [ISBN], isStoring: true });
  await keepExperiment(sql, { month: 5, isbns: ["9781402894633", ISBN], isStoring: true });
  const explain = (month: number, ...words: string[]) =>
    explainNamed(sql, { month: { year: 2012, month }, words });

  // The month itself names the book, and it is told once.
  const march = await explain(3);
  assertEquals(march.map(({ work }) => work?.title), ["The Salt Ledger", "Winter Arithmetic"]);
  assertEquals(march.map(({ questions }) => questions.length), [2, 0]);

  const [book, ...others] = await explain(5, "SALT", "voss");
  assertEquals(others, []);
  assertEquals([book?.edition?.isbn13, book?.work?.title], [ISBN, "The Salt Ledger"]);
  assertEquals(book?.namings.map(({ month }) => month), [3, 4]);
  assertEquals(book?.questions.map(({ month }) => month), [3, 5]);
  assertEquals(book?.resolutions.map(({ key }) => key), [KEY]);
  assertEquals(await explain(5, "winter"), []);
});
