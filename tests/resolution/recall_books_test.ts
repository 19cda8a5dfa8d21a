import { assertEquals } from "@std/assert";
import type { Database } from "../../src/database/connection/connection.ts";
import { retryingDatabase } from "../../src/database/connection/retrying_database.ts";
import { storeFindings } from "../../src/database/resolution/resolutions.ts";
import { decideMatch } from "../../src/domain/matching/decide_match.ts";
import { NO_SERIES, type StatedSeries } from "../../src/domain/series/series_fields.ts";
import { resolutionKey } from "../../src/domain/names/resolution_key.ts";
import { createLog } from "../../src/log.ts";
import { systemClock } from "../../src/clock.ts";
import { recallBooks } from "../../src/resolution/recall_books.ts";
import { keptEvidence, resolutionOf } from "../../src/resolution/remember_finding.ts";
import { QUERY, record } from "../support/books/match_records.ts";
import { databaseTest } from "../support/postgres/databases.ts";

const LEDGERS = { series: "Ledgers", number: "1" };
const KEY = resolutionKey(QUERY);

/** Remembers what was decided about the book with this said of its series. */
async function remember(
  { sql }: Database,
  { stated, isFound }: { stated: StatedSeries; isFound: boolean },
): Promise<void> {
  const query = { ...QUERY, ...stated };
  const works = isFound ? [record("google_books"), record("open_library")] : [];
  const decision = decideMatch(query, works);
  assertEquals(decision.kind, isFound ? "found" : "not_found");
  await storeFindings(sql, {
    findings: [{
      key: KEY,
      job_id: crypto.randomUUID(),
      evidence: keptEvidence({ provider: "google_books", works }),
      resolution: resolutionOf({ decision, check_state: "not_needed" }, query),
    }],
    at: null,
  });
}

/** What is remembered of the book when this is said of its series. */
async function recall(database: Database, stated: StatedSeries) {
  const clock = systemClock;
  const log = createLog();
  const { signal } = new AbortController();
  const retrying = retryingDatabase(database, { clock, log, signal, limitMs: 1_000 });
  const { title, author, month } = QUERY;
  const candidate = { title, author, month, ...stated, named_by: [] };
  const { decisions, evidence } = await recallBooks({ database: retrying, clock }, [{
    key: KEY,
    candidate,
  }]);
  return { verdict: decisions.get(0)?.decision.kind ?? null, answers: evidence.get(KEY)?.length };
}

databaseTest(
  "recallBooks() takes what was found whatever is said of the series",
  async (database) => {
    await remember(database, { stated: NO_SERIES, isFound: true });
    for (const stated of [NO_SERIES, LEDGERS]) {
      assertEquals(await recall(database, stated), { verdict: "found", answers: 1 });
    }
  },
);

databaseTest(
  "recallBooks() leaves open what was not found without the series, and keeps the answers",
  async (database) => {
    await remember(database, { stated: NO_SERIES, isFound: false });
    assertEquals(await recall(database, NO_SERIES), { verdict: "not_found", answers: 1 });
    assertEquals(await recall(database, LEDGERS), { verdict: null, answers: 1 });
    await remember(database, { stated: LEDGERS, isFound: false });
    assertEquals(await recall(database, LEDGERS), { verdict: "not_found", answers: 1 });
    // Who does not say the series asks the same question.
    assertEquals(await recall(database, NO_SERIES), { verdict: "not_found", answers: 1 });
    assertEquals(await recall(database, { ...LEDGERS, number: "2" }), {
      verdict: null,
      answers: 1,
    });
  },
);
