import type { ServiceName } from "../catalogue/subject.ts";

/** How long a service takes to answer: evenly spread between the two. */
export interface LatencyRange {
  readonly min_ms: number;
  readonly max_ms: number;
}

/** The range of each service; a service without one answers at once. */
export type LatencyPlan = Partial<Record<ServiceName, LatencyRange>>;

/**
 * Waiting times in the order of the real services': ISBNdb answers in about 300 ms on average
 * including the network, a model's list takes far longer than any catalogue; scaled down so that a
 * demonstration of a year stays short.
 */
export const realisticLatency: Readonly<Required<LatencyPlan>> = {
  gemini: { min_ms: 400, max_ms: 1_200 },
  xai: { min_ms: 400, max_ms: 1_200 },
  openai_compatible: { min_ms: 600, max_ms: 1_500 },
  isbndb: { min_ms: 40, max_ms: 150 },
  open_library: { min_ms: 60, max_ms: 250 },
  google_books: { min_ms: 80, max_ms: 300 },
  archive_org: { min_ms: 300, max_ms: 1_500 },
  wikidata: { min_ms: 200, max_ms: 900 },
};

/** The waiting time of one answer in milliseconds; `random` is only asked where there is a range. */
export function drawLatency(range: LatencyRange | undefined, random: () => number): number {
  if (!range) return 0;
  return range.min_ms + random() * Math.max(0, range.max_ms - range.min_ms);
}
