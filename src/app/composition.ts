import type { Clock } from "../clock.ts";
import type { Config } from "../config.ts";
import type { Redact } from "../domain/text/redaction.ts";
import type { Limits, SharedLimits } from "../limits/provider_limits.ts";

/** What a client is made from. */
export interface Composition {
  readonly config: Config;
  readonly clock: Clock;
  /** What its client needs to keep to what all processes share, and to itself what is secret. */
  readonly share: (provider: string, limits: Limits) => SharedLimits & { readonly redact: Redact };
  /** Takes a sentence about what is left out. */
  readonly leaveOut: (sentence: string) => void;
}
