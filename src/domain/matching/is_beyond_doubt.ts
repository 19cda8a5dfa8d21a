import type { MatchDecision } from "./decide_match.ts";
import { derivationOf } from "../titles/reject_list.ts";
import type { BookQuery } from "./resolver.ts";
import { titleWithSeries } from "../series/title_with_series.ts";
import { wholeTitle } from "../titles/whole_title.ts";

/** Title points of a record that bears the whole title asked for. */
const OWN_TITLE_POINTS = 50;

/**
 * Whether nobody else needs to be heard. A record that bears the title asked for only behind a series
 * name, with a subtitle of its own, or nearly, is accepted where no better one comes, but one may: "The
 * Sandman, Vol. 9: The Kindly Ones" for "The Kindly Ones". Nor is an ISBN beyond doubt that has no date
 * and one provider: what bears the bare title may be a box set of it, and others would say so. Nor one in
 * another language, or of other years only: the edition asked for may come. Nor one with "A Graphic Novel" in
 * its subtitle: the book that it was made from may.
 */
export function isBeyondDoubt(
  decision: MatchDecision,
  query: BookQuery,
): boolean {
  if (decision.kind !== "found") return false;
  const { edition, work } = decision;
  const { year, language } = query;
  if (derivationOf(wholeTitle(work), titleWithSeries(query)) !== null) return false;
  const isAsked = edition.language === null || edition.language === language;
  const dates = [edition.published, work.first_published].filter((date) => date !== null);
  const isOfYear = dates.length === 0 || dates.some((date) => Math.abs(date.year - year) <= 1);
  const isCorroborated = edition.published !== null || decision.providers.length > 1;
  return isAsked && isOfYear && isCorroborated &&
    decision.considered.some(({ verdict, parts }) =>
      verdict === "accepted" && parts.title >= OWN_TITLE_POINTS
    );
}
