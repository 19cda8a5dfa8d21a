import type { Database, Transaction } from "../database/connection/connection.ts";
import { lockMonthOfResult, storeExperimentResult } from "../database/experiments/experiments.ts";
import type { ExperimentResult } from "../domain/experiments/experiment_result.ts";
import { addBooks, type CatalogueEntry } from "../catalogue/add_books.ts";
import { dedupeCandidates } from "../catalogue/dedupe_candidates.ts";
import type { Clock } from "../clock.ts";
import type { Log } from "../log.ts";
import { storeApart } from "../catalogue/keep_apart.ts";
import type { JudgedAnswer } from "./put_question.ts";
import type { VerifiedCandidate } from "../domain/matching/candidate.ts";

export interface KeptResult {
  readonly result: ExperimentResult;
  /** Where the confirmed books of the answer went; null when they were not to be stored. */
  readonly entry: CatalogueEntry | null;
}

/**
 * Keeps what came of a question and, with `isStoring`, adds the confirmed books of its answer to the
 * catalogue as the month would, both in one transaction. What months say of their own books stays as it
 * is, and nothing that is stored already is stored again, nor a book that the database refuses.
 *
 * Throws what the database throws.
 */
export async function keepResult(
  { database, clock, log }: {
    readonly database: Pick<Database, "sql">;
    readonly clock: Clock;
    readonly log: Log;
  },
  { experimentId, monthId, answer, isStoring }: {
    experimentId: number;
    monthId: number;
    answer: JudgedAnswer;
    isStoring: boolean;
  },
): Promise<KeptResult> {
  return await storeApart(database.sql, {
    candidates: answer.candidates,
    log,
    store: async (tx, { candidates }) => {
      const at = clock.sqlNow();
      const entry = isStoring ? await storeConfirmed(tx, { monthId, candidates, at }) : null;
      const result: ExperimentResult = {
        ...answer.result,
        books_stored: entry?.new_work_ids.length ?? null,
        isbns_stored: entry?.new_isbns ?? null,
      };
      await storeExperimentResult(tx, { experimentId, monthId, result, at });
      return { result, entry };
    },
  });
}

async function storeConfirmed(
  tx: Transaction,
  { monthId, candidates, at }: {
    monthId: number;
    candidates: readonly VerifiedCandidate[];
    at: Date | null;
  },
): Promise<CatalogueEntry> {
  const confirmed = candidates.filter(({ decision }) => decision?.kind === "found");
  const [, placed] = await Promise.all([
    lockMonthOfResult(tx, monthId),
    dedupeCandidates(tx, confirmed),
  ]);
  return await addBooks(tx, { monthId, candidates: placed, isMonthsOwn: false, at });
}
