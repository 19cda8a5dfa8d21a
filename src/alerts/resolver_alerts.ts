import type { UnavailableReason } from "../domain/matching/resolver.ts";
import type { Alert } from "./open_and_close.ts";

/** That a provider names another host than that of the setting. */
export function otherHostAlert(
  provider: string,
  { named, used, setting }: { named: string; used: string; setting: string },
): Alert {
  return {
    kind: "other_host",
    subject: provider,
    cause: `${provider} names ${named} as the host of the key's plan, and is asked at ${used}`,
    advice: `Set ${setting} to https://${named} and restart the service, unless ${used} ` +
      "passes requests on to it: another host may refuse the key at any time",
  };
}

const ADVICE_WHILE_UNCHECKED: Partial<Record<UnavailableReason, string>> = {
  key_refused: "Check the provider's key, set one that is accepted, and restart the service",
  quota_spent: "More is found in a day than its quota can check: raise the quota, or let the " +
    "months run slower; what waits is checked by itself as the days come",
  rejected_request: "Check the provider's address and plan: it rejects what it is asked",
};

/** That ISBNs have waited long for the provider of second opinions, which says `message`. */
export function uncheckedIsbnsAlert(
  provider: string,
  { since, reason, message }: { since: Date; reason: UnavailableReason; message: string },
): Alert {
  return {
    kind: "isbns_unchecked",
    subject: provider,
    cause:
      `ISBNs have waited for their check by ${provider} since ${since.toISOString()}: ${message}`,
    advice: ADVICE_WHILE_UNCHECKED[reason] ??
      "Nothing, if it passes: they are checked by themselves when it answers again. Until then " +
        "they are stored, but not handed out for enrichment",
  };
}
