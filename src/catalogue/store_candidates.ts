import {
  type CandidateRow,
  countCandidates,
  type Placement,
  replaceCandidates,
} from "../database/catalogue/candidates.ts";
import type { Transaction } from "../database/connection/connection.ts";
import type { MonthCounts } from "../database/months/months.ts";
import type { Month } from "../domain/months/month.ts";
import { monthFit } from "../domain/months/month_fit.ts";
import type { PartialDate } from "../domain/months/partial_date.ts";
import { addBooks } from "./add_books.ts";
import type { PlacedCandidate } from "./dedupe_candidates.ts";

/**
 * Stages 6 and 7: adds the month's books to the catalogue, writes its candidates and returns their
 * counts.
 *
 * To be called in the transaction that placed the candidates and will record the outcome.
 */
export async function storeCandidates(
  tx: Transaction,
  { monthId, month, candidates, at }: {
    monthId: number;
    month: Month;
    candidates: readonly PlacedCandidate[];
    at: Date | null;
  },
): Promise<MonthCounts> {
  const { work_ids, dates } = await addBooks(tx, {
    monthId,
    candidates,
    isMonthsOwn: true,
    at,
  });
  const [, counts] = await Promise.all([
    replaceCandidates(tx, {
      monthId,
      candidates: candidates.map((candidate, position) =>
        candidateRow(candidate, { month, position, workId: work_ids[position]!, dates })
      ),
    }),
    countCandidates(tx, monthId),
  ]);
  return counts;
}

function candidateRow(
  candidate: PlacedCandidate,
  { month, position, workId, dates }: {
    month: Month;
    position: number;
    workId: number;
    /** Of works that were named before; they may know better than this candidate's own records. */
    dates: ReadonlyMap<number, PartialDate | null>;
  },
): CandidateRow {
  const { title, author, series, number, named_by, resolution_key, decision, unavailable } =
    candidate;
  const settled = decision?.kind === "found" ? dates.get(workId) : undefined;
  return {
    unheard: unavailable.map(({ provider }) => provider),
    position,
    title,
    author,
    series,
    number,
    named_by,
    resolution_key,
    verdict: decision?.kind ?? "unavailable",
    isbn13: decision?.kind === "found" ? decision.isbn13 : null,
    work_id: workId,
    placement: placementOf(candidate),
    month_fit: settled === undefined ? candidate.month_fit : monthFit(month, settled),
  };
}

function placementOf({ placing, decision }: PlacedCandidate): Placement {
  if (placing.kind === "duplicate") return "duplicate";
  if (placing.kind === "stored") return "known";
  return decision?.kind === "found" ? "new" : "synthetic";
}
