import { firstPublished, type MonthFit, monthFit } from "../domain/month_fit.ts";
import type { Month } from "../domain/month.ts";
import type { PartialDate } from "../domain/partial_date.ts";
import type { ResolvedCandidate } from "./resolve_candidates.ts";

/** A candidate with what its confirmed edition says about when it appeared. */
export interface VerifiedCandidate extends ResolvedCandidate {
  readonly first_published: PartialDate | null;
  readonly month_fit: MonthFit;
}

/** Stage 4: compares the month each confirmed book was named for with the one it appeared in. Pure. */
export function verifyCandidates(
  month: Month,
  candidates: readonly ResolvedCandidate[],
): VerifiedCandidate[] {
  return candidates.map((candidate) => {
    const { decision } = candidate;
    const published = decision?.kind === "found"
      ? firstPublished(decision.work, decision.edition)
      : null;
    return { ...candidate, first_published: published, month_fit: monthFit(month, published) };
  });
}
