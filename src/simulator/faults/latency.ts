import type { ServiceName } from "../service/service_names.ts";

/** How long a service takes to answer: evenly spread between the two. */
export interface LatencyRange {
  readonly min_ms: number;
  readonly max_ms: number;
}

/** The range of each service; a service without one answers at once. */
export type LatencyPlan = Partial<Record<ServiceName, LatencyRange>>;

/** The waiting time of one answer in milliseconds; `random` is only asked where there is a range. */
export function drawLatency(range: LatencyRange | undefined, random: () => number): number {
  if (!range) return 0;
  return range.min_ms + random() * Math.max(0, range.max_ms - range.min_ms);
}
