import type { PartialDate } from "../months/partial_date.ts";
import type { EditionCandidate } from "../matching/resolver.ts";

/** Completeness of a work nobody could confirm: its title and author are all there is. */
export const SYNTHETIC_COMPLETENESS = 30;

const CONFIRMED_BASE = 50;
const PER_FIELD = 10;

/**
 * How much is known about a confirmed book, 50–100: ten points for each of publisher, pages,
 * language, binding and a publication date exact to the month.
 */
export function completeness(edition: EditionCandidate, published: PartialDate | null): number {
  const known = [
    edition.publisher !== null,
    edition.pages !== null,
    edition.language !== null,
    edition.binding !== null,
    published !== null && published.month !== null,
  ];
  return CONFIRMED_BASE + PER_FIELD * known.filter(Boolean).length;
}
