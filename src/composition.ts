import type { Clock } from "./clock.ts";
import type { Config } from "./config.ts";
import type { Limits, SharedLimits } from "./provider_limits.ts";

/** What a client is made from. */
export interface Composition {
  readonly config: Config;
  readonly clock: Clock;
  /** What its client needs to keep to what all processes share. */
  readonly share: (provider: string, limits: Limits) => SharedLimits;
  /** Takes a sentence about what is left out. */
  readonly miss: (sentence: string) => void;
}
