import { roundUsd } from "./round_usd.ts";

/** What models may cost, in US dollars; null is no cap. */
export interface CostCaps {
  /** For each UTC day. */
  readonly max_cost_per_day_usd: number | null;
  /** For each run without a cap of its own. */
  readonly max_cost_per_run_usd: number | null;
}

/** The highest cap of a run or an experiment: the ledger's columns hold six digits of dollars. */
export const MAX_CAP_USD = 999_999;

/** Who paused the backfill when it was a cap. */
export const PAUSED_BY_CAP = "cost cap";

/** One such cap: what a UTC day, or all months of one scheduling with their retries, may cost. */
export interface CostCap {
  readonly scope: "day" | "run";
  /** The day, `YYYY-MM-DD`, or the run's number. */
  readonly id: string;
  readonly cap_usd: number;
}

/**
 * An amount for people: cents, and as many further digits as it has.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals([2, 0.05, 0.01025].map(dollars), ["$2.00", "$0.05", "$0.01025"]);
 * ```
 */
export function dollars(usd: number): string {
  return `$${usd.toFixed(6).replace(/(\.\d{2}\d*?)0+$/, "$1")}`;
}

/** Names the cap for people; {@linkcode parseCostCap} reads it back. */
export function describeCostCap({ scope, id, cap_usd }: CostCap): string {
  return `${scope} ${id} at ${dollars(cap_usd)}`;
}

/** Reads {@linkcode describeCostCap}; null for any other text. */
export function parseCostCap(text: string): CostCap | null {
  const [, scope, id, usd] = /^(day|run) (\S+) at \$(\d+\.\d+)$/.exec(text) ?? [];
  if (scope === undefined || id === undefined) return null;
  return { scope: scope === "day" ? "day" : "run", id, cap_usd: Number(usd) };
}

/** Names, for people, a model no cap can be kept for; {@linkcode parseUnpriced} reads it back. */
export function describeUnpriced(model: string): string {
  return `model ${model} without a price`;
}

/** The model of {@linkcode describeUnpriced}; null for any other text. */
export function parseUnpriced(text: string): string | null {
  return /^model (.+) without a price$/.exec(text)?.[1] ?? null;
}

/** A cap of another day is over; one that was raised or taken away no longer holds. */
export function isCapLifted(
  cap: CostCap,
  { today, capNowUsd }: { today: string; capNowUsd: number | null },
): boolean {
  if (cap.scope === "day" && cap.id !== today) return true;
  // The name of a cap has no more digits than the ledger.
  return capNowUsd === null || roundUsd(capNowUsd) > cap.cap_usd;
}
