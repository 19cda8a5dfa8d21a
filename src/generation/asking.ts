import type { Spending } from "../spending/reserve_cost.ts";

/** What asking generators takes. */
export interface Asking extends Spending {
  /** Told of every request that leaves for a provider. */
  readonly onCall: (provider: string) => void;
}
