import { type Context, Hono } from "hono";
import type { Clock } from "../../clock.ts";
import { type GoogleBooksIndex, indexVolumes, searchGoogleBooks } from "./google_books_search.ts";
import { isGone, volumeRecord } from "./google_books_volumes.ts";
import { applyFieldMask, parseFieldMask } from "./partial_response.ts";
import { stableHash } from "../faults/random.ts";
import type { Service, ServiceEnv } from "../service/service.ts";
import {
  accessNotConfigured,
  backendError,
  backendFailed,
  quotaSpent,
  unknownPath,
  wrongKey,
} from "./google_books_errors.ts";
import { describeGoogleBooks, readVolumesRequest, refuseFields } from "./google_books_requests.ts";
import { createGoogleQuota } from "./google_quota.ts";
import type { SimulatedService } from "../service/simulated_service.ts";
import { byFame, type Holding } from "../books/coverage.ts";
import { makeOnce } from "../service/make_once.ts";
import { COMMON_KINDS, type FaultRule } from "../faults/faults.ts";

/** Queries the key's project may make; refused beyond a figure given here or when rates are enforced. */
export interface GoogleBooksPlan {
  /** The key it takes, when another than usual. */
  readonly key?: string;
  readonly perDay?: number;
  readonly perMinute?: number;
}

/** What the service is built from. */
export interface GoogleBooksOptions {
  /** Asked for when the first request needs it. */
  readonly index: () => GoogleBooksIndex;
  readonly clock: Clock;
  readonly key: string;
  readonly enforceRates: boolean;
  readonly plan: GoogleBooksPlan;
}

/** What a new project gets: 1,000 queries a day and, in older documentation, about 100 a minute. */
const FREE_PLAN: Required<Omit<GoogleBooksPlan, "key">> = { perDay: 1_000, perMinute: 100 };

/** The body, cut down to the `fields` asked for. */
function answer(c: Context<ServiceEnv>, body: Record<string, unknown>): Response {
  const fields = c.req.query("fields");
  return c.json(
    fields === undefined || fields === "" ? body : applyFieldMask(body, parseFieldMask(fields)),
  );
}

/** The service's own count of its hits, which changes from page to page. */
function unstableTotal(
  count: number,
  { q, startIndex }: { q: string; startIndex: number },
): number {
  if (count === 0) return 0;
  return count + stableHash(`${q} ${startIndex}`) % (1 + Math.ceil(count / 3));
}

function search(c: Context<ServiceEnv>, index: GoogleBooksIndex): Response {
  const read = readVolumesRequest(c);
  if (read instanceof Response) return read;
  const { query, startIndex, maxResults, wantsBooks } = read;
  const found = wantsBooks ? searchGoogleBooks(index, query) : [];
  const page = found.slice(startIndex, startIndex + maxResults);
  const { origin } = new URL(c.req.url);
  const country = c.req.query("country") ?? "US";
  const totalItems = unstableTotal(found.length, { q: c.req.query("q") ?? "", startIndex });
  return answer(c, {
    kind: "books#volumes",
    totalItems,
    ...(page.length === 0 ? {} : {
      items: page.map((volume) => volumeRecord(volume, { isSearch: true, country, origin })),
    }),
  });
}

function readVolume(c: Context<ServiceEnv>, index: GoogleBooksIndex): Response {
  const volume = index.volumeById.get(c.req.param("id") ?? "");
  // The service answers identifiers it does not know, or no more, as if its store were down.
  if (!volume || (index.hasQuirks && isGone(volume))) return backendFailed();
  const refusal = refuseFields(c);
  if (refusal) return refusal;
  const { origin } = new URL(c.req.url);
  const country = c.req.query("country") ?? "US";
  return answer(c, volumeRecord(volume, { isSearch: false, country, origin }));
}

/** Google Books' volume search and reads over the catalogue. */
export function createGoogleBooksService(options: GoogleBooksOptions): Service {
  const { index, clock, key, enforceRates } = options;
  const plan = { ...FREE_PLAN, ...options.plan };
  const limits = { day: plan.perDay, minute: plan.perMinute } as const;
  const spent = (per: "day" | "minute"): Response =>
    quotaSpent(per, { limit: limits[per], isAnonymous: false });
  const quota = createGoogleQuota({
    clock,
    ...plan,
    enforceDay: enforceRates || options.plan.perDay !== undefined,
    enforceMinute: enforceRates || options.plan.perMinute !== undefined,
  });
  const routes = new Hono<ServiceEnv>();
  routes.use("*", async (c, next) => {
    const sent = c.req.query("key") ?? c.req.header("x-goog-api-key") ?? "";
    if (sent === "") return quotaSpent("day", { limit: FREE_PLAN.perDay, isAnonymous: true });
    if (sent !== key) return wrongKey();
    const verdict = quota.spend();
    if (verdict === "allowed") return await next();
    return spent(verdict === "day_spent" ? "day" : "minute");
  });
  routes.get("/books/v1/volumes", (c) => search(c, index()));
  routes.get("/books/v1/volumes/:id", (c) => readVolume(c, index()));
  routes.all("*", () => unknownPath());
  return {
    routes,
    prepare: () => void index(),
    describe: describeGoogleBooks,
    showFault(rule: FaultRule, c: Context<ServiceEnv>): Response {
      switch (rule.kind) {
        case "403":
          return accessNotConfigured();
        case "429":
          return spent("minute");
        case "quota":
          return spent("day");
        case "500":
          return backendError();
        case "503":
          return backendFailed();
        case "error_beside_list":
          return c.json({ error: { code: 500, message: "Backend Error" }, totalItems: 0 });
        case "bad_content":
          return c.json({
            kind: "books#volumes",
            totalItems: "many",
            items: { volumeInfo: "soon" },
          });
        default:
          return c.json({ kind: "books#volumes", totalItems: 0 });
      }
    },
  };
}

const HOLDING: Holding = {
  holds: byFame({ notable: 0.95, others: 0.91, rare: 0.4 }),
  editionShare: 0.9,
  flaws: {
    noAuthors: 0.02,
    surnameFirst: 0,
    noDate: 0.03,
    noLanguage: 0.02,
    noBinding: 0,
    noSubtitle: 0.05,
    seriesInTitle: 0.05,
    misspelt: 0.003,
    joinedAuthors: 0.01,
    strayIsbn: 0,
    isbn: { none: 0.04, isbn10_only: 0.03 },
  },
};

/** Google Books. */
export const googleBooksService: SimulatedService<"google_books", GoogleBooksPlan> = {
  name: "google_books",
  title: "Google Books",
  faults: [...COMMON_KINDS, "quota", "error_beside_list"],
  sendsRetryAfter: false,
  latency: { min_ms: 80, max_ms: 300 },
  holding: HOLDING,
  settings: ({ url, key }) => ({
    GOOGLE_BOOKS_API_KEY: key,
    GOOGLE_BOOKS_BASE_URL: url,
    GOOGLE_BOOKS_RATE_PER_SECOND: "unlimited",
    GOOGLE_BOOKS_DAILY_QUOTA: "unlimited",
  }),
  hold({ catalogue, isRealistic }) {
    const index = makeOnce(() => indexVolumes(catalogue(), { hasQuirks: isRealistic }));
    return ({ plan = {}, ...parts }) =>
      createGoogleBooksService({ ...parts, index, plan, key: plan.key ?? parts.key });
  },
};
