import { lockClaim, type MonthCounts } from "../database/months/months.ts";
import { recordOutcome } from "../database/months/record_outcome.ts";
import { dedupeCandidates } from "../catalogue/dedupe_candidates.ts";
import { type SortedBooks, storeApart } from "../catalogue/keep_apart.ts";
import type { MonthJobContext, MonthRun } from "./month_job_context.ts";
import type { StageTimer } from "./stage_timer.ts";
import { storeBooks } from "../catalogue/store_books.ts";
import type { VerifiedCandidate } from "../resolution/verify_candidates.ts";

/**
 * Stages 5 to 8 in one transaction. The month's row is locked first: from then on nobody can take
 * the claim away, and if somebody already has, nothing is stored.
 *
 * Throws `ClaimLostError` then, and what the database throws.
 */
export async function storeMonth(
  { database, clock }: Pick<MonthJobContext, "database" | "clock">,
  { run, timer, verified, promptVariant, remarks }: {
    run: MonthRun;
    timer: StageTimer;
    verified: readonly VerifiedCandidate[];
    promptVariant: string;
    /** What the generators' answers gave reason to say, in sentences. */
    remarks: readonly string[];
  },
): Promise<MonthCounts> {
  return await storeApart(database.sql, {
    candidates: verified,
    log: run.log,
    store: async (tx, books) => {
      const at = clock.sqlNow();
      const [, placed] = await Promise.all([
        lockClaim(tx, run.job_id),
        dedupeCandidates(tx, books.candidates),
      ]);
      const counts = await storeBooks(tx, {
        monthId: run.month_id,
        month: run,
        candidates: placed,
        at,
      });
      const note = noteFor(books, remarks);
      await recordOutcome(tx, {
        jobId: run.job_id,
        outcome: { kind: "completed", counts, prompt_variant: promptVariant, note },
        calls: run.calls,
        stageMs: timer.stage_ms,
        at,
      });
      return counts;
    },
  });
}

/** Titles are models' words, and a note is read in one line. */
const LONGEST_TITLE = 80;

function noteFor(
  { candidates, refused }: SortedBooks,
  remarks: readonly string[],
): string | null {
  const sentences = [...remarks];
  if (candidates.length + refused.length === 0) {
    sentences.unshift("Nobody proposed a book for this month");
  }
  const unavailable = candidates.filter(({ decision }) => decision === null);
  const silences = new Map(
    unavailable.flatMap((candidate) => candidate.silences).map((one) => [one.provider, one.reason]),
  );
  if (unavailable.length > 0) {
    sentences.push(
      `${unavailable.length} of ${candidates.length} books wait for providers that were silent: ` +
        [...silences].map(([provider, reason]) => `${provider} (${reason})`).join(", "),
    );
  }
  for (const { title, reason } of refused) {
    sentences.push(`"${title.slice(0, LONGEST_TITLE)}" could not be stored: ${reason}`);
  }
  // Some end in a model's own words, full stop included.
  return sentences.length > 0
    ? sentences.map((sentence) => sentence.replace(/\.$/, "")).join(". ")
    : null;
}
