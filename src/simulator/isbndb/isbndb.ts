import { type Context, Hono } from "hono";
import type { Clock } from "../../clock.ts";
import { readIsbn } from "../books/isbn_forms.ts";
import { type IsbndbRecord, isbndbRecord } from "./isbndb_records.ts";
import { indexEditions, type IsbndbIndex, searchIsbndb } from "./isbndb_search.ts";
import { htmlPage, type Service, type ServiceEnv } from "../service/service.ts";
import { createAllowance } from "./isbndb_allowance.ts";
import { daySpent, failure, notFound, tooFast, unauthorized } from "./isbndb_failures.ts";
import {
  describeIsbndb,
  isBatch,
  type PagedQuery,
  readBatch,
  readBooksQuery,
  readSearchQuery,
} from "./isbndb_requests.ts";
import type { SimulatedService } from "../service/simulated_service.ts";
import { byFame, type Holding } from "../books/coverage.ts";
import { makeOnce } from "../service/make_once.ts";
import { COMMON_KINDS, type FaultRule } from "../faults/faults.ts";

/** A plan of ISBNdb and the ways its answers differ between sources of documentation. */
export interface IsbndbPlan {
  /** The key it takes, when another than usual. */
  readonly key?: string;
  /** Name of the list in `/books/{query}`: `books` in older answers, `data` in the specification. */
  readonly listKey?: "books" | "data";
  /** What a batch costs of the day: one call for each ISBN (the default) or one for the request. */
  readonly quotaCounting?: "isbn" | "request";
  /** Calls a day; refused beyond it when given here or when rates are enforced. */
  readonly dailyQuota?: number;
  readonly ratePerSecond?: number;
  readonly batchMax?: number;
  /** How a batch beyond that is refused: as too large, or in general as some plans do. */
  readonly batchRefusal?: 400 | 413;
  /** The plan's own host as `/key` names it; the one that was asked when absent. */
  readonly apiHost?: string;
}

/** The smallest plan. */
export const ACADEMIC: IsbndbPlan = {
  dailyQuota: 2_000,
  ratePerSecond: 1,
  batchMax: 10,
  batchRefusal: 400,
};

/** What the service is built from. */
export interface IsbndbOptions {
  /** Asked for when the first request needs it. */
  readonly index: () => IsbndbIndex;
  readonly clock: Clock;
  readonly key: string;
  readonly enforceRates: boolean;
  readonly plan: IsbndbPlan;
}

/** The premium plan: 3 calls a second, 1,000 ISBNs a batch, about 15,000 calls a day. */
const PREMIUM: Required<Omit<IsbndbPlan, "apiHost" | "key">> = {
  listKey: "data",
  quotaCounting: "isbn",
  dailyQuota: 15_000,
  ratePerSecond: 3,
  batchMax: 1_000,
  batchRefusal: 413,
};

const MAX_PATH_QUERY = 150;
/** ISBNdb pages no further than this many results. */
const MAX_RESULTS = 10_000;

interface Page {
  readonly records: IsbndbRecord[];
  readonly total: number;
}

/** The wanted part of a result, or null when nothing is there. */
function findPage(index: IsbndbIndex, { query, page, pageSize }: PagedQuery): Page | null {
  const reachable = searchIsbndb(index, query).slice(0, MAX_RESULTS);
  const shown = reachable.slice((page - 1) * pageSize, page * pageSize);
  if (shown.length === 0) return null;
  const records = shown.map(({ work, edition }) => isbndbRecord(work, edition));
  return { records, total: reachable.length };
}

function listBooks(
  c: Context<ServiceEnv>,
  { index, listKey }: { index: IsbndbIndex; listKey: "books" | "data" },
): Response {
  if ((c.req.param("query") ?? "").length > MAX_PATH_QUERY) {
    return failure(414, "Request-URI Too Long");
  }
  const read = readBooksQuery(c);
  if ("error" in read) return failure(400, read.error);
  const page = findPage(index, read);
  if (!page) return notFound();
  const { total, records } = page;
  return listKey === "data"
    ? c.json({ total, requested: null, data: records })
    : c.json({ total, books: records });
}

function searchBooks(c: Context<ServiceEnv>, index: IsbndbIndex): Response {
  const read = readSearchQuery(c);
  if ("error" in read) return failure(400, read.error);
  const found = findPage(index, read);
  if (!found) return notFound();
  const { total, records } = found;
  return c.json({ total, page: read.page, page_size: read.pageSize, data: records });
}

function recordOf(index: IsbndbIndex, isbn: string): IsbndbRecord | null {
  const book = index.books[index.positionByIsbn.get(readIsbn(isbn) ?? "") ?? -1];
  return book ? isbndbRecord(book.work, book.edition) : null;
}

function showFault(rule: FaultRule, c: Context<ServiceEnv>): Response {
  switch (rule.kind) {
    case "403":
      return failure(403, "Forbidden: your subscription is not active for this host");
    case "429":
      return tooFast(rule.retry_after_seconds);
    case "quota":
      return daySpent();
    case "500":
      return failure(500, "Internal Server Error");
    case "503":
      return htmlPage(503, "503 Service Temporarily Unavailable");
    case "bad_content":
      return c.json({
        message: "Our search cluster is being re-indexed; results may be incomplete.",
      });
    default:
      return isBatch(c) ? c.json({ total: 0, requested: 0, data: [] }) : notFound();
  }
}

/** ISBNdb's book reads and searches over the catalogue. */
export function createIsbndbService(options: IsbndbOptions): Service {
  const { index, clock, key, enforceRates } = options;
  const plan = { ...PREMIUM, ...options.plan };
  const allowance = createAllowance({
    clock,
    ratePerSecond: plan.ratePerSecond,
    dailyQuota: plan.dailyQuota,
    enforceRates,
    enforceQuota: enforceRates || options.plan.dailyQuota !== undefined,
  });
  const costOf = async (c: Context<ServiceEnv>): Promise<number> => {
    if (c.req.path.endsWith("/key")) return 0;
    if (!isBatch(c) || plan.quotaCounting === "request") return 1;
    return (await readBatch(c))?.length ?? 1;
  };
  const routes = new Hono<ServiceEnv>();
  routes.use("*", async (c, next) => {
    if (c.req.header("authorization") !== key) return unauthorized();
    const verdict = allowance.spend(await costOf(c));
    if (verdict === "second_spent") return tooFast();
    if (verdict === "day_spent") return daySpent();
    await next();
    const { total, left } = allowance.usage();
    c.header("ratelimit", `limit=${total}, remaining=${left}, reset=${allowance.secondsToReset()}`);
    c.header("ratelimit-policy", `${total};w=86400, ${plan.ratePerSecond};w=1`);
    return undefined;
  });
  routes.get(
    "/key",
    (c) =>
      c.json({
        api_host: options.plan.apiHost ?? c.req.header("host"),
        plan_limit: allowance.usage(),
      }),
  );
  routes.get("/book/:isbn", (c) => {
    const book = recordOf(index(), c.req.param("isbn"));
    return book ? c.json({ book }) : notFound();
  });
  routes.post("/books", async (c) => {
    const isbns = await readBatch(c);
    if (!isbns) return failure(415, 'Expected a JSON body {"isbns": [...]}');
    if (isbns.length > plan.batchMax) {
      return plan.batchRefusal === 413
        ? failure(413, "Payload Too Large")
        : failure(400, `Your plan allows at most ${plan.batchMax} ISBNs in a request`);
    }
    const data = isbns.map((isbn) => recordOf(index(), isbn)).filter((book) => book !== null);
    return c.json({ total: data.length, requested: isbns.length, data });
  });
  routes.get("/books/:query", (c) => listBooks(c, { index: index(), listKey: plan.listKey }));
  routes.get("/search/books", (c) => searchBooks(c, index()));
  routes.all("*", () => notFound());
  return {
    routes,
    prepare: () => void index(),
    describe: async (c) => ({ ...await describeIsbndb(c), cost: await costOf(c) }),
    showFault,
    wordsOnBreakingOff: () => '{"message": "Internal server error"}',
  };
}

const HOLDING: Holding = {
  holds: byFame({ notable: 0.99, others: 0.97, rare: 0.85 }),
  editionShare: 0.97,
  flaws: {
    noAuthors: 0.02,
    surnameFirst: 0,
    noDate: 0.1,
    noLanguage: 0.1,
    noBinding: 0.1,
    noSubtitle: 0,
    seriesInTitle: 0,
    misspelt: 0.007,
    joinedAuthors: 0.02,
    strayIsbn: 0,
    isbn: {},
  },
};

/** ISBNdb. */
export const isbndbService: SimulatedService<"isbndb", IsbndbPlan> = {
  name: "isbndb",
  title: "ISBNdb",
  faults: [...COMMON_KINDS, "quota", "cut_off"],
  sendsRetryAfter: true,
  latency: { min_ms: 40, max_ms: 150 },
  holding: HOLDING,
  settings: ({ url, key }) => ({
    ISBNDB_API_KEY: key,
    ISBNDB_BASE_URL: url,
    ISBNDB_RATE_PER_SECOND: "unlimited",
    ISBNDB_DAILY_QUOTA: "unlimited",
  }),
  hold({ catalogue }) {
    const index = makeOnce(() => indexEditions(catalogue()));
    return ({ plan = {}, ...parts }) =>
      createIsbndbService({ ...parts, index, plan, key: plan.key ?? parts.key });
  },
};
