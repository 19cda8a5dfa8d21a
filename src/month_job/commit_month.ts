import { dedupeCandidates } from "../catalogue/dedupe_candidates.ts";
import { type SortedBooks, storeApart } from "../catalogue/keep_apart.ts";
import { storeCandidates } from "../catalogue/store_candidates.ts";
import type { HeldClaim } from "../claims/held_claim.ts";
import type { Clock } from "../clock.ts";
import type { MonthCounts } from "../database/months/months.ts";
import type { VerifiedCandidate } from "../domain/matching/candidate.ts";
import type { StageTimer } from "./stage_timer.ts";

/**
 * Stages 5 to 8 in one transaction. The month's row is locked first: from then on nobody can take
 * the claim away, and if somebody already has, nothing is stored. Run again after a commit nobody heard
 * of, it finds the claim gone, and the month completed.
 *
 * Throws `ClaimLostError` then, and what the database throws.
 */
export async function commitMonth(
  claim: HeldClaim,
  { clock, timer, verified, prompt_variant, remarks }: {
    clock: Clock;
    timer: StageTimer;
    verified: readonly VerifiedCandidate[];
    prompt_variant: string;
    /** What the generators' answers gave reason to say, in sentences. */
    remarks: readonly string[];
  },
): Promise<MonthCounts> {
  const { month, log, database } = claim;
  return await database.ask((sql) =>
    storeApart(sql, {
      candidates: verified,
      log,
      store: async (tx, books) => {
        const [, placed] = await Promise.all([
          claim.lock(tx),
          dedupeCandidates(tx, books.candidates),
        ]);
        const counts = await storeCandidates(tx, {
          monthId: month.month_id,
          month,
          candidates: placed,
          at: clock.sqlNow(),
        });
        await claim.complete(tx, {
          counts,
          prompt_variant,
          note: noteFor(books, remarks),
          stage_ms: timer.stage_ms,
        });
        return counts;
      },
    })
  );
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
  const undecided = candidates.filter(({ decision }) => decision === null);
  const unavailable = new Map(
    undecided.flatMap((candidate) => candidate.unavailable).map((
      one,
    ) => [one.provider, one.reason]),
  );
  if (undecided.length > 0) {
    sentences.push(
      `${undecided.length} of ${candidates.length} books wait for providers that were silent: ` +
        [...unavailable].map(([provider, reason]) => `${provider} (${reason})`).join(", "),
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
