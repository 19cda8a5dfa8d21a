import type { Clock } from "../../clock.ts";
import { createTokenBucket } from "../faults/token_bucket.ts";

/** What becomes of a caller: an answer, 403 or 429. */
export type Verdict = "welcome" | "forbidden" | "too_many";

/** What Open Library's proxy takes for a contact or a declared robot. */
const IDENTIFYING = /@|http|bot|google|spider|crawl/i;

/** What HTTP libraries and browsers send when the program does not name itself. */
const ANONYMOUS =
  /^(?:mozilla|deno|node|undici|python|curl|wget|go-http-client|java|okhttp|axios|ruby|php|libwww)\b/i;

/** Requests a second: 3 with a contact, 1 without a name; bursts of 25 are let through. */
const RATES = { identified: 3, anonymous: 1 } as const;
const BURST = 25;

function classify(userAgent: string | undefined): keyof typeof RATES | "nameless_app" {
  const agent = userAgent?.trim() ?? "";
  if (IDENTIFYING.test(agent)) return "identified";
  return agent === "" || ANONYMOUS.test(agent) ? "anonymous" : "nameless_app";
}

/**
 * Judges callers by their User-Agent as the proxy before Open Library does: a program that gives its
 * name but no contact is turned away; the others have a rate, which only counts with `enforceRates`.
 */
export function createAdmission(
  { clock, enforceRates }: { clock: Clock; enforceRates: boolean },
): (userAgent: string | undefined) => Verdict {
  const bucket = (ratePerSecond: number) =>
    createTokenBucket({ clock, ratePerSecond, burst: BURST });
  const buckets = { identified: bucket(RATES.identified), anonymous: bucket(RATES.anonymous) };
  return (userAgent) => {
    const caller = classify(userAgent);
    if (caller === "nameless_app") return "forbidden";
    return !enforceRates || buckets[caller].take() ? "welcome" : "too_many";
  };
}
