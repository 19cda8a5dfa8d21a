import { type Context, Hono } from "hono";
import type { Clock } from "../../clock.ts";
import type { Catalogue } from "../books/catalogue.ts";
import { readIsbn } from "../books/isbn_forms.ts";
import { indexOpenLibrary, type OpenLibraryIndex } from "./open_library_index.ts";
import {
  authorRecord,
  editionRecord,
  editionsPage,
  readFields,
  searchDocument,
  workRecord,
} from "./open_library_records.ts";
import { searchOpenLibrary } from "./open_library_search.ts";
import {
  editionOfIsbn,
  keyCatalogue,
  type KeyedCatalogue,
  type OpenLibraryKeys,
  openLibraryKeys,
} from "./open_library_keys.ts";
import { htmlPage, type Service, type ServiceEnv } from "../service/service.ts";
import { createAdmission } from "./open_library_admission.ts";
import { describeOpenLibrary, readPaging, readSearch } from "./open_library_requests.ts";
import type { SimulatedService } from "../service/simulated_service.ts";
import { byFame, type Holding } from "../books/coverage.ts";
import { makeOnce } from "../service/make_once.ts";
import { COMMON_KINDS, type FaultRule } from "../faults/faults.ts";

/** What the service is built from. */
export interface OpenLibraryOptions {
  /** Asked for when the first request needs it. */
  readonly library: () => OpenLibrary;
  readonly clock: Clock;
  readonly enforceRates: boolean;
}

/** The catalogue as Open Library holds it; built once and read by any number of services. */
export interface OpenLibrary {
  readonly keyed: KeyedCatalogue;
  readonly index: OpenLibraryIndex;
}

/** Keys and indexes a catalogue. */
export function openLibraryOf(catalogue: Catalogue, keys: OpenLibraryKeys): OpenLibrary {
  const keyed = keyCatalogue(catalogue, keys);
  return { keyed, index: indexOpenLibrary(keyed) };
}

const RATE_MESSAGE = "Too Many Requests. Consider using https://openlibrary.org/developers/dumps.";

/** nginx's JSON for too many requests; it names no time to wait. */
function tooManyRequests(): Response {
  return Response.json({ status: 429, message: RATE_MESSAGE }, { status: 429 });
}

function notFound(key: string): Response {
  return Response.json({ error: "notfound", key }, { status: 404 });
}

function searchBody(
  c: Context<ServiceEnv>,
  { numFound, offset, docs }: { numFound: number; offset: number; docs: unknown[] },
) {
  return {
    numFound,
    start: offset,
    numFoundExact: true,
    num_found: numFound,
    documentation_url: "https://openlibrary.org/dev/docs/api/search",
    q: c.req.query("q") ?? "",
    offset: c.req.query("offset") === undefined ? null : offset,
    docs,
  };
}

function search(c: Context<ServiceEnv>, index: OpenLibraryIndex): Response {
  const read = readSearch(c);
  if (read instanceof Response) return read;
  const { query, limit, offset } = read;
  const found = searchOpenLibrary(index, query);
  const fields = readFields(c.req.query("fields"));
  const docs = found.slice(offset, offset + limit).map(({ work, edition, matchingEditions }) =>
    searchDocument(work.keyed, { fields, edition, matchingEditions })
  );
  return c.json(searchBody(c, { numFound: found.length, offset, docs }));
}

/** The key in a path such as `OL123W.json`. */
function keyIn(c: Context<ServiceEnv>): string {
  return (c.req.param("file") ?? "").replace(/\.json$/, "");
}

function addRecordRoutes(routes: Hono<ServiceEnv>, keyedOf: () => KeyedCatalogue): void {
  routes.get("/isbn/:file", (c) => {
    const isbn13 = readIsbn(keyIn(c));
    const edition = isbn13 === null ? null : editionOfIsbn(keyedOf(), isbn13);
    if (!edition) return notFound(`/isbn/${keyIn(c)}`);
    const mount = new URL(c.req.url).pathname.split("/isbn/")[0];
    return c.redirect(`${mount}/books/${edition.key}.json`, 302);
  });
  routes.get("/books/:file", (c) => {
    const found = keyedOf().editionByKey.get(keyIn(c));
    return found
      ? c.json(editionRecord(found.work, found.edition))
      : notFound(`/books/${keyIn(c)}`);
  });
  routes.get("/works/:key/editions.json", (c) => {
    const work = keyedOf().workByKey.get(c.req.param("key"));
    if (!work) return notFound(`/works/${c.req.param("key")}`);
    const paging = readPaging(c, 50);
    if (paging instanceof Response) return paging;
    return c.json(editionsPage(work, { ...paging, limit: Math.min(paging.limit, 1_000) }));
  });
  routes.get("/works/:file", (c) => {
    const work = keyedOf().workByKey.get(keyIn(c));
    return work ? c.json(workRecord(work)) : notFound(`/works/${keyIn(c)}`);
  });
  routes.get("/authors/:file", (c) => {
    const name = keyedOf().authorByKey.get(keyIn(c));
    return name === undefined
      ? notFound(`/authors/${keyIn(c)}`)
      : c.json(authorRecord(keyIn(c), name));
  });
}

function showFault(rule: FaultRule, c: Context<ServiceEnv>): Response {
  const isSearch = c.req.path.endsWith("/search.json");
  switch (rule.kind) {
    case "403":
      return htmlPage(403, "403 Forbidden");
    case "429":
      return tooManyRequests();
    case "500":
      return htmlPage(500, "500 Internal Server Error");
    case "503":
      return htmlPage(503, "503 Service Temporarily Unavailable");
    case "error_beside_list":
      return c.json({
        ...searchBody(c, { numFound: 0, offset: 0, docs: [] }),
        error: "Solr error: the search engine did not answer in time",
      });
    case "bad_content":
      return c.json({
        numFound: "a few",
        docs: ["Open Library is in read-only mode while we upgrade our search engine."],
      });
    default:
      return isSearch
        ? c.json(searchBody(c, { numFound: 0, offset: 0, docs: [] }))
        : notFound(c.req.path);
  }
}

/** Open Library's search and record reads over the catalogue. */
export function createOpenLibraryService(
  { library, clock, enforceRates }: OpenLibraryOptions,
): Service {
  const admit = createAdmission({ clock, enforceRates });
  const routes = new Hono<ServiceEnv>();
  routes.use("*", async (c, next) => {
    const verdict = admit(c.req.header("user-agent"));
    if (verdict === "forbidden") return htmlPage(403, "403 Forbidden");
    return verdict === "too_many" ? tooManyRequests() : await next();
  });
  routes.get("/search.json", (c) => search(c, library().index));
  addRecordRoutes(routes, () => library().keyed);
  routes.all("*", () => htmlPage(404, "404 Not Found"));
  return {
    routes,
    prepare: () => void library(),
    describe: describeOpenLibrary,
    showFault,
  };
}

const HOLDING: Holding = {
  holds: byFame({ notable: 0.97, others: 0.93, rare: 0.4 }),
  editionShare: 0.9,
  flaws: {
    noAuthors: 0.01,
    surnameFirst: 0.01,
    noDate: 0.08,
    noLanguage: 0.31,
    noBinding: 0.5,
    noSubtitle: 0.25,
    seriesInTitle: 0.03,
    misspelt: 0.005,
    joinedAuthors: 0.02,
    strayIsbn: 0.02,
    isbn: { isbn10_only: 0.08, hyphenated: 0.02 },
  },
};

/** Open Library. */
export const openLibraryService: SimulatedService<"open_library", never> = {
  name: "open_library",
  title: "Open Library",
  faults: [...COMMON_KINDS, "error_beside_list"],
  sendsRetryAfter: false,
  latency: { min_ms: 60, max_ms: 250 },
  holding: HOLDING,
  settings: ({ url }) => ({
    OPEN_LIBRARY_BASE_URL: url,
    OPEN_LIBRARY_RATE_PER_SECOND: "unlimited",
  }),
  hold({ catalogue, whole }) {
    const library = makeOnce(() => openLibraryOf(catalogue(), openLibraryKeys(whole)));
    return ({ clock, enforceRates }) => createOpenLibraryService({ library, clock, enforceRates });
  },
};
