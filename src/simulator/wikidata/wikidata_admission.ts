import type { Clock } from "../../clock.ts";
import { createTokenBucket, type TokenBucket } from "../faults/token_bucket.ts";

/** What becomes of a caller. */
export type WikidataVerdict =
  | { readonly kind: "welcome" }
  /** Wikimedia asks programs to say who runs them. */
  | { readonly kind: "nameless" }
  | { readonly kind: "too_many"; readonly retryAfterSeconds: number }
  | { readonly kind: "banned" };

/** The limits of the two services. */
export interface WikidataAdmission {
  admit(service: "sparql" | "api", userAgent: string | undefined): WikidataVerdict;
  /** Books the time a query took; a failed one also counts against the allowance of failures. */
  book(userAgent: string | undefined, query: { seconds: number; hasFailed: boolean }): void;
}

/** A person or page to turn to: what Wikimedia's policy wants in a User-Agent. */
const CONTACT = /\S@\S|https?:\/\/\S/i;

/** The query service's limits per client: 60 s of queries in 60 s, and 30 failures a minute. */
const QUERY_SECONDS = { perSecond: 1, burst: 120 } as const;
const FAILURES = { ratePerSecond: 30 / 60, burst: 60 } as const;
/** The API's figures are not published; one call a second is its etiquette, the burst a guess. */
const API_CALLS = { ratePerSecond: 1, burst: 15 } as const;

/** How often a client may go on in spite of a 429 before it is locked out; the real number is secret. */
const PATIENCE = 10;
const BAN_MS = 24 * 3_600_000;

interface Client {
  readonly calls: TokenBucket;
  readonly failures: TokenBucket;
  querySeconds: number;
  filledAt: number;
  /** Until when the last 429 asked it to stay away. */
  awayUntil: number;
  ignored: number;
  bannedUntil: number;
}

/** Judges callers by their User-Agent; all limits but the contact only count with `enforceRates`. */
export function createWikidataAdmission(
  { clock, enforceRates }: { clock: Clock; enforceRates: boolean },
): WikidataAdmission {
  const clients = new Map<string, Client>();
  const clientOf = (agent: string): Client => {
    const known = clients.get(agent);
    if (known) return known;
    const client: Client = {
      calls: createTokenBucket({ clock, ...API_CALLS }),
      failures: createTokenBucket({ clock, ...FAILURES }),
      querySeconds: QUERY_SECONDS.burst,
      filledAt: clock.monotonicMs(),
      awayUntil: 0,
      ignored: 0,
      bannedUntil: 0,
    };
    clients.set(agent, client);
    return client;
  };

  const refill = (client: Client): void => {
    const now = clock.monotonicMs();
    const gained = ((now - client.filledAt) / 1_000) * QUERY_SECONDS.perSecond;
    client.querySeconds = Math.min(QUERY_SECONDS.burst, client.querySeconds + gained);
    client.filledAt = now;
  };

  const sendAway = (client: Client, seconds: number): WikidataVerdict => {
    const retryAfterSeconds = Math.max(1, Math.ceil(seconds));
    client.awayUntil = clock.monotonicMs() + retryAfterSeconds * 1_000;
    return { kind: "too_many", retryAfterSeconds };
  };

  const judge = (service: "sparql" | "api", client: Client): WikidataVerdict => {
    const now = clock.monotonicMs();
    if (now < client.bannedUntil) return { kind: "banned" };
    if (now < client.awayUntil) {
      client.ignored++;
      if (client.ignored >= PATIENCE) client.bannedUntil = now + BAN_MS;
      return { kind: "too_many", retryAfterSeconds: Math.ceil((client.awayUntil - now) / 1_000) };
    }
    client.ignored = 0;
    if (service === "api") {
      return client.calls.take() ? { kind: "welcome" } : sendAway(client, 1);
    }
    refill(client);
    if (client.querySeconds <= 0) return sendAway(client, -client.querySeconds);
    return client.failures.remaining() > 0 ? { kind: "welcome" } : sendAway(client, 2);
  };

  return {
    admit(service, userAgent = "") {
      if (!CONTACT.test(userAgent)) return { kind: "nameless" };
      return enforceRates ? judge(service, clientOf(userAgent)) : { kind: "welcome" };
    },
    book(userAgent = "", { seconds, hasFailed }) {
      const client = clientOf(userAgent);
      refill(client);
      client.querySeconds -= seconds;
      if (hasFailed) client.failures.take();
    },
  };
}
