import { type Context, Hono } from "hono";
import { z } from "zod";
import type { Clock } from "../../clock.ts";
import type { FaultRule } from "../faults.ts";
import { readIsbn } from "../isbn_forms.ts";
import { type IsbndbRecord, isbndbRecord } from "../isbndb_records.ts";
import type { IsbndbBook, IsbndbIndex, IsbndbQuery } from "../isbndb_search.ts";
import { searchIsbndb } from "../isbndb_search.ts";
import { htmlPage, type Room, type RoomEnv, type Subject } from "../room.ts";
import { createAllowance } from "./isbndb_allowance.ts";

/** A plan of ISBNdb and the ways its answers differ between sources of documentation. */
export interface IsbndbPlan {
  /** Name of the list in `/books/{query}`: `books` in older answers, `data` in the specification. */
  readonly listKey?: "books" | "data";
  /** What a batch costs of the day: one call for each ISBN (the default) or one for the request. */
  readonly quotaCounting?: "isbn" | "request";
  /** Calls a day; refused beyond it when given here or when rates are enforced. */
  readonly dailyQuota?: number;
  readonly ratePerSecond?: number;
  readonly batchMax?: number;
}

export interface IsbndbOptions {
  readonly index: IsbndbIndex;
  readonly clock: Clock;
  readonly key: string;
  readonly enforceRates: boolean;
  readonly plan: IsbndbPlan;
}

/** The premium plan: 3 calls a second, 1,000 ISBNs a batch, about 15,000 calls a day. */
const PREMIUM: Required<IsbndbPlan> = {
  listKey: "data",
  quotaCounting: "isbn",
  dailyQuota: 15_000,
  ratePerSecond: 3,
  batchMax: 1_000,
};

const MAX_PATH_QUERY = 150;
/** ISBNdb pages no further than this many results. */
const MAX_RESULTS = 10_000;

function failure(
  status: 400 | 401 | 403 | 404 | 413 | 414 | 415 | 429 | 500 | 503,
  message: string,
) {
  return Response.json({ message, error_message: message }, { status });
}

const unauthorized = () => failure(401, "Full authentication is required to access this resource");
const notFound = () => failure(404, "Not Found");
const daySpent = () =>
  failure(429, "Daily quota exceeded. Your daily request limit resets at 00:00 UTC.");

function secondSpent(retryAfterSeconds?: number): Response {
  return Response.json({ message: "Limit Exceeded" }, {
    status: 429,
    headers: retryAfterSeconds === undefined ? {} : { "retry-after": String(retryAfterSeconds) },
  });
}

const dateBound = z.string().regex(
  /^\d{4}(-\d{2}(-\d{2})?)?$/,
  "expected YYYY, YYYY-MM or YYYY-MM-DD",
);

const listParameters = z.object({
  page: z.coerce.number().int().min(1).default(1),
  pageSize: z.coerce.number().int().min(1).max(1_000).default(20),
  publishedFrom: dateBound.optional(),
  publishedTo: dateBound.optional(),
  language: z.string().optional(),
});

const booksParameters = listParameters.extend({
  column: z.enum(["", "title", "author", "date_published", "subjects"]).default(""),
  year: z.string().regex(/^\d{4}$/).optional(),
  shouldMatchAll: z.enum(["0", "1", "true", "false"]).default("0"),
}).refine(
  ({ year, publishedFrom, publishedTo }) => year === undefined || !(publishedFrom ?? publishedTo),
  "year may not be combined with publishedFrom or publishedTo",
);

const searchParameters = listParameters.extend({
  text: z.string().min(1).optional(),
  author: z.string().min(1).optional(),
  isbn: z.string().optional(),
  isbn13: z.string().optional(),
}).refine(
  ({ text, author, isbn, isbn13 }) => text ?? author ?? isbn ?? isbn13,
  "one of text, author, isbn or isbn13 is required",
);

const batchSchema = z.object({ isbns: z.array(z.union([z.string(), z.number()])).min(1) });

function badParameters(error: z.ZodError): Response {
  const issue = error.issues[0];
  const field = issue?.path.join(".") ?? "";
  return failure(
    400,
    `Bad request: ${field === "" ? "" : `${field} `}${issue?.message ?? ""}`.trim(),
  );
}

interface Page {
  readonly records: IsbndbRecord[];
  readonly total: number;
}

function pageOf(
  books: readonly IsbndbBook[],
  { page, pageSize }: { page: number; pageSize: number },
): Page | null {
  const reachable = books.slice(0, MAX_RESULTS);
  const shown = reachable.slice((page - 1) * pageSize, page * pageSize);
  if (shown.length === 0) return null;
  const records = shown.map(({ work, edition }) => isbndbRecord(work, edition));
  return { records, total: reachable.length };
}

type Parameters = z.infer<typeof listParameters>;

function boundsIn(p: Parameters): Pick<IsbndbQuery, "publishedFrom" | "publishedTo" | "language"> {
  return {
    ...(p.publishedFrom === undefined ? {} : { publishedFrom: p.publishedFrom }),
    ...(p.publishedTo === undefined ? {} : { publishedTo: p.publishedTo }),
    ...(p.language === undefined ? {} : { language: p.language }),
  };
}

function listBooks(
  c: Context<RoomEnv>,
  { index, listKey }: { index: IsbndbIndex; listKey: string },
) {
  const text = c.req.param("query") ?? "";
  if (text.length > MAX_PATH_QUERY) return failure(414, "Request-URI Too Long");
  const parsed = booksParameters.safeParse(c.req.query());
  if (!parsed.success) return badParameters(parsed.error);
  const { year, column, shouldMatchAll, ...rest } = parsed.data;
  const found = searchIsbndb(index, {
    text,
    shouldMatchAll: shouldMatchAll === "1" || shouldMatchAll === "true",
    ...(column === "" ? {} : { column }),
    ...boundsIn(rest),
    ...(year === undefined ? {} : { publishedFrom: year, publishedTo: year }),
  });
  const page = pageOf(found, rest);
  if (!page) return notFound();
  const { total, records } = page;
  return listKey === "data"
    ? c.json({ total, requested: null, data: records })
    : c.json({ total, books: records });
}

function searchBooks(c: Context<RoomEnv>, index: IsbndbIndex): Response {
  const parsed = searchParameters.safeParse(c.req.query());
  if (!parsed.success) return badParameters(parsed.error);
  const { text, author, page, pageSize } = parsed.data;
  const isbn13 = parsed.data.isbn13 ?? parsed.data.isbn;
  const found = searchIsbndb(index, {
    shouldMatchAll: false,
    ...(text === undefined ? {} : { text }),
    ...(author === undefined ? {} : { author }),
    ...(isbn13 === undefined ? {} : { isbn13 }),
    ...boundsIn(parsed.data),
  });
  const shown = pageOf(found, { page, pageSize });
  if (!shown) return notFound();
  return c.json({ total: shown.total, page, page_size: pageSize, data: shown.records });
}

function recordOf(index: IsbndbIndex, isbn: string): IsbndbRecord | null {
  const book = index.books[index.positionByIsbn.get(readIsbn(isbn) ?? "") ?? -1];
  return book ? isbndbRecord(book.work, book.edition) : null;
}

/** The ISBNs of a batch in either of the two documented forms, or null when it is neither. */
async function batchIn(c: Context<RoomEnv>): Promise<string[] | null> {
  const body = await c.req.text();
  if (c.req.header("content-type")?.startsWith("application/x-www-form-urlencoded")) {
    return new URLSearchParams(body).get("isbns")?.split(",") ?? null;
  }
  try {
    const parsed = batchSchema.safeParse(JSON.parse(body));
    return parsed.success ? parsed.data.isbns.map(String) : null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

function isBatch(c: Context<RoomEnv>): boolean {
  return c.req.method === "POST" && c.req.path.endsWith("/books");
}

async function describe(c: Context<RoomEnv>): Promise<Subject> {
  const { text, author, isbn, isbn13 } = c.req.query();
  const [, kind, rest] = /\/isbndb\/(books|book)\/(.+)$/.exec(c.req.path) ?? [];
  const asked = rest === undefined ? undefined : decodeURIComponent(rest);
  const title = text ?? (kind === "books" ? asked : undefined);
  const isbns = isBatch(c)
    ? await batchIn(c) ?? []
    : [isbn13 ?? isbn ?? (kind === "book" ? asked : undefined)].filter((x) => x !== undefined);
  const query = {
    ...(title === undefined ? {} : { title }),
    ...(author === undefined ? {} : { author }),
    ...(isbns.length === 0 ? {} : { isbns }),
  };
  return Object.keys(query).length === 0 ? {} : { query };
}

function showFault(rule: FaultRule, c: Context<RoomEnv>): Response {
  switch (rule.kind) {
    case "403":
      return failure(403, "Forbidden: your subscription is not active for this host");
    case "429":
      return secondSpent(rule.retry_after_seconds);
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
export function createIsbndbRoom(options: IsbndbOptions): Room {
  const { index, clock, key, enforceRates } = options;
  const plan = { ...PREMIUM, ...options.plan };
  const allowance = createAllowance({
    clock,
    ratePerSecond: plan.ratePerSecond,
    dailyQuota: plan.dailyQuota,
    enforceRates,
    enforceQuota: enforceRates || options.plan.dailyQuota !== undefined,
  });
  const costOf = async (c: Context<RoomEnv>): Promise<number> => {
    if (c.req.path.endsWith("/key")) return 0;
    if (!isBatch(c) || plan.quotaCounting === "request") return 1;
    return (await batchIn(c))?.length ?? 1;
  };
  const routes = new Hono<RoomEnv>();
  routes.use("*", async (c, next) => {
    if (c.req.header("authorization") !== key) return unauthorized();
    const verdict = allowance.spend(await costOf(c));
    if (verdict === "second_spent") return secondSpent();
    if (verdict === "day_spent") return daySpent();
    await next();
    const { total, left } = allowance.usage();
    c.header("ratelimit", `limit=${total}, remaining=${left}, reset=${allowance.secondsToReset()}`);
    c.header("ratelimit-policy", `${total};w=86400, ${plan.ratePerSecond};w=1`);
    return undefined;
  });
  routes.get(
    "/key",
    (c) => c.json({ api_host: c.req.header("host"), plan_limit: allowance.usage() }),
  );
  routes.get("/book/:isbn", (c) => {
    const book = recordOf(index, c.req.param("isbn"));
    return book ? c.json({ book }) : notFound();
  });
  routes.post("/books", async (c) => {
    const isbns = await batchIn(c);
    if (!isbns) return failure(415, 'Expected a JSON body {"isbns": [...]}');
    if (isbns.length > plan.batchMax) return failure(413, "Payload Too Large");
    const data = isbns.map((isbn) => recordOf(index, isbn)).filter((book) => book !== null);
    return c.json({ total: data.length, requested: isbns.length, data });
  });
  routes.get("/books/:query", (c) => listBooks(c, { index, listKey: plan.listKey }));
  routes.get("/search/books", (c) => searchBooks(c, index));
  routes.notFound(() => notFound());
  return { name: "isbndb", routes, describe, showFault };
}
