import { type Context, Hono } from "hono";
import type { Clock } from "../../clock.ts";
import type { ArchiveItem } from "./archive_org_items.ts";
import { type ArchiveOrgIndex, indexItems, searchArchiveOrg } from "./archive_org_search.ts";
import { stableHash } from "../faults/random.ts";
import { htmlPage, type Service, type ServiceEnv } from "../service/service.ts";
import { createTokenBucket } from "../faults/token_bucket.ts";
import {
  describeArchiveOrg,
  readArchiveScrape,
  readArchiveSearch,
  scrapeCursor,
} from "./archive_org_requests.ts";
import type { SimulatedService } from "../service/simulated_service.ts";
import { COMMON_KINDS, type FaultRule } from "../faults/faults.ts";
import type { SimulatedWork } from "../books/catalogue.ts";
import { type Holding, yearOf } from "../books/coverage.ts";
import { openLibraryKeys } from "../open_library/open_library_keys.ts";
import { makeOnce } from "../service/make_once.ts";

/** What the service is built from. */
export interface ArchiveOrgOptions {
  /** Asked for when the first request needs it. */
  readonly index: () => ArchiveOrgIndex;
  readonly clock: Clock;
  readonly enforceRates: boolean;
}

/**
 * The archive publishes no limit for its search. One request a second is what its long-time users keep
 * to; the burst is this simulator's choice.
 */
const RATE = { ratePerSecond: 1, burst: 15 } as const;

function tooManyRequests(): Response {
  return htmlPage(429, "429 Too Many Requests");
}

function pick(
  { identifier, metadata }: ArchiveItem,
  fields: readonly string[],
): Record<string, unknown> {
  const all: Record<string, unknown> = { identifier, ...metadata };
  if (fields.length === 0 || fields.includes("*")) return all;
  return Object.fromEntries(
    fields.filter((field) => field in all).map((field) => [field, all[field]]),
  );
}

function searchBody(
  c: Context<ServiceEnv>,
  { docs, found, rows, start }: { docs: unknown; found: unknown; rows: number; start: number },
) {
  const { q = "", fl = "" } = c.req.query();
  return {
    responseHeader: {
      status: 0,
      QTime: 20 + stableHash(q) % 60,
      params: {
        query: q,
        qin: q,
        fields: fl || (c.req.queries("fl[]") ?? []).join(","),
        wt: "json",
        rows: String(rows),
        start,
      },
    },
    response: { numFound: found, start, docs },
  };
}

function search(c: Context<ServiceEnv>, index: ArchiveOrgIndex): Response {
  if (c.req.query("output") !== "json") return htmlPage(200, "Internet Archive: Advanced Search");
  const read = readArchiveSearch(c);
  if ("error" in read) return c.json(read);
  const { rows, start, fields } = read;
  const found = searchArchiveOrg(index, read);
  const docs = found.slice(start, start + rows).map((item) => pick(item, fields));
  return c.json(searchBody(c, { docs, found: found.length, rows, start }));
}

function scrape(c: Context<ServiceEnv>, index: ArchiveOrgIndex): Response {
  const read = readArchiveScrape(c);
  if ("error" in read) return c.json(read, 400);
  const { count, start, fields } = read;
  const found = searchArchiveOrg(index, read);
  const shown = found.slice(start, start + count);
  const wanted = fields.length === 0 ? ["identifier"] : [...new Set([...fields, "identifier"])];
  return c.json({
    items: shown.map((item) => pick(item, wanted)),
    count: shown.length,
    ...(start + count < found.length ? { cursor: scrapeCursor(start + count) } : {}),
    total: found.length,
  });
}

/** An item as the metadata service has it: dates as they were typed, and its files. */
function itemRecord({ identifier, metadata, isDark }: ArchiveItem, clock: Clock) {
  const hash = stableHash(identifier);
  const server = `ia${800_000 + hash % 99_999}.us.archive.org`;
  const place = {
    created: Math.floor(clock.now().getTime() / 1_000),
    d1: server,
    dir: `/${1 + hash % 30}/items/${identifier}`,
    server,
    uniq: hash,
  };
  if (isDark) return { ...place, is_dark: true };
  const { date, year: _year, ...typed } = metadata;
  return {
    ...place,
    files: [{ name: `${identifier}.pdf`, source: "derivative", format: "Text PDF" }],
    files_count: 1,
    metadata: {
      identifier,
      ...typed,
      ...(date === undefined ? {} : { date: String(date).slice(0, 4) }),
    },
  };
}

function showFault(rule: FaultRule, c: Context<ServiceEnv>): Response {
  switch (rule.kind) {
    case "403":
      return htmlPage(403, "403 Forbidden");
    case "429":
      return tooManyRequests();
    case "500":
      return htmlPage(500, "500 Internal Server Error");
    case "503":
      return htmlPage(503, "503 Service Unavailable");
    case "error_body":
      return c.json({ error: "[INTERNAL_ERROR] The search engine did not answer in time." });
    case "error_beside_list": {
      const body = searchBody(c, { docs: [], found: 0, rows: 0, start: 0 });
      return c.json({ ...body, responseHeader: { ...body.responseHeader, partialResults: true } });
    }
    case "bad_content":
      return c.json(searchBody(c, { docs: "unavailable", found: "some", rows: 0, start: 0 }));
    default:
      return c.req.path.includes("/metadata/")
        ? c.json({})
        : c.json(searchBody(c, { docs: [], found: 0, rows: 0, start: 0 }));
  }
}

/** The Internet Archive's searches and item reads over the catalogue. */
export function createArchiveOrgService(
  { index, clock, enforceRates }: ArchiveOrgOptions,
): Service {
  const bucket = createTokenBucket({ clock, ...RATE });
  const routes = new Hono<ServiceEnv>();
  routes.use("*", async (_, next) => {
    if (enforceRates && !bucket.take()) return tooManyRequests();
    return await next();
  });
  routes.get("/advancedsearch.php", (c) => search(c, index()));
  routes.get("/services/search/v1/scrape", (c) => scrape(c, index()));
  routes.get("/metadata/:identifier", (c) => {
    const item = index().itemByIdentifier.get(c.req.param("identifier"));
    return c.json(item ? itemRecord(item, clock) : {});
  });
  routes.all("*", () => htmlPage(404, "404 Not Found"));
  return { routes, prepare: () => void index(), describe: describeArchiveOrg, showFault };
}

/** The first year of which archive.org, which scans what libraries discard, has little. */
const FIRST_THIN_YEAR = 2012;

function byAge(work: SimulatedWork): number {
  const year = yearOf(work);
  if (year === null) return 0.5;
  return year < FIRST_THIN_YEAR ? 0.65 : 0.15;
}

const HOLDING: Holding = {
  holds: byAge,
  editionShare: 0.7,
  flaws: {
    noAuthors: 0.04,
    surnameFirst: 0,
    noDate: 0.05,
    noLanguage: 0.1,
    noBinding: 0.6,
    noSubtitle: 0.05,
    seriesInTitle: 0,
    misspelt: 0.008,
    joinedAuthors: 0.02,
    strayIsbn: 0,
    isbn: { none: 0.12, isbn10_only: 0.35, hyphenated: 0.1 },
  },
};

/** The Internet Archive. */
export const archiveOrgService: SimulatedService<"archive_org", never> = {
  name: "archive_org",
  title: "the Internet Archive",
  faults: [...COMMON_KINDS, "error_body", "error_beside_list"],
  sendsRetryAfter: false,
  latency: { min_ms: 300, max_ms: 1_500 },
  holding: HOLDING,
  settings: ({ url }) => ({
    ARCHIVE_ORG_BASE_URL: url,
    ARCHIVE_ORG_RATE_PER_SECOND: "unlimited",
  }),
  hold({ catalogue, whole, isRealistic }) {
    const index = makeOnce(() =>
      indexItems(catalogue(), { keys: openLibraryKeys(whole), isRealistic })
    );
    return ({ clock, enforceRates }) => createArchiveOrgService({ index, clock, enforceRates });
  },
};
