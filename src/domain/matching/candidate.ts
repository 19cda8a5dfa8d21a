import type { GeneratorName } from "../generation/generator.ts";
import type { MonthFit } from "../months/month_fit.ts";
import type { StatedSeries } from "../series/series_fields.ts";
import type { PartialDate } from "../months/partial_date.ts";
import type { MatchDecision } from "./decide_match.ts";
import type { CheckState } from "../isbns/isbn_check.ts";
import type { ResolverName, WorkCandidate } from "./resolver.ts";

/** A book proposed for the month, with everybody who named it. */
export interface Candidate extends StatedSeries {
  /** As it was named; where that is only the name of the series, with the place behind it in brackets. */
  readonly title: string;
  readonly author: string;
  /** 1–12, as the first generator that gave one says. */
  readonly month: number | null;
  readonly named_by: readonly GeneratorName[];
}

/** A provider that could not answer about a book, and why. */
export interface UnavailableResolver {
  readonly provider: ResolverName;
  readonly reason: string;
  readonly until: Date | null;
}

/** What became of a candidate: a decision, or none when too few could be asked for one. */
export interface ResolvedCandidate extends Candidate {
  readonly resolution_key: string;
  readonly decision: MatchDecision | null;
  readonly unavailable: readonly UnavailableResolver[];
  readonly check_state: CheckState;
}

/** A candidate with when the book appeared, as far as it is confirmed. */
export interface VerifiedCandidate extends ResolvedCandidate {
  readonly first_published: PartialDate | null;
  readonly month_fit: MonthFit;
  /** The records taken for the book, the best first; none when it is not confirmed. */
  readonly records: readonly WorkCandidate[];
}
