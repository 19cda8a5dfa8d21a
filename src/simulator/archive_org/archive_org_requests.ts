import type { Context } from "hono";
import type { ArchiveOrder } from "./archive_org_search.ts";
import { type LuceneNode, mentionedTerms, parseLucene } from "../search/lucene_query.ts";
import type { ServiceEnv } from "../service/service.ts";
import { type RequestSubject, resolverSubject } from "../service/request_subject.ts";

/** Queries above this length and results beyond this number are refused. */
const MAX_QUERY_LENGTH = 2_000;
const MAX_REACHABLE = 10_000;
const DEFAULT_ROWS = 50;
const SCRAPE_COUNT = { least: 100, most: 10_000, byDefault: 5_000 } as const;

/** What the archive answers, with the status 200, when it cannot use a query. */
export interface ArchiveRefusal {
  readonly error: string;
}

function unsupported(why: string): ArchiveRefusal {
  return { error: `[UNSUPPORTED_VALUE] ${why}` };
}

/** True when every bracket and quotation mark that opens is closed again. */
function isBalanced(q: string): boolean {
  let depth = 0;
  let isQuoted = false;
  for (const sign of q.replace(/\\./g, "")) {
    if (sign === '"') isQuoted = !isQuoted;
    if (isQuoted) continue;
    if (sign === "(") depth++;
    if (sign === ")") depth--;
    if (depth < 0) return false;
  }
  return depth === 0 && !isQuoted;
}

function readQuery(c: Context<ServiceEnv>): LuceneNode | ArchiveRefusal {
  const q = c.req.query("q")?.trim() ?? "";
  if (q.length > MAX_QUERY_LENGTH) {
    return unsupported(`Query is too long. Maximum ${MAX_QUERY_LENGTH} characters.`);
  }
  const node = isBalanced(q) ? parseLucene(q) : null;
  return node ?? unsupported("Invalid or no query. Please check the syntax of the query.");
}

/** Parameters that may come as `fl=a,b`, as `fl[]=a&fl[]=b`, or both. */
function listed(c: Context<ServiceEnv>, name: string): string[] {
  const sent = [...c.req.queries(name) ?? [], ...c.req.queries(`${name}[]`) ?? []];
  return sent.flatMap((text) => text.split(",")).map((text) => text.trim())
    .filter((text) => text !== "");
}

/** `downloads desc`, as the older form search has it, or `downloads:desc`. */
function readOrders(texts: readonly string[]): ArchiveOrder[] {
  return texts.map((text) => {
    const [field = "", direction = "asc"] = text.split(/[\s:]+/);
    const isSigned = /^[-+]/.test(field);
    const isDescending = direction.toLowerCase() === "desc" || field.startsWith("-");
    return { field: isSigned ? field.slice(1) : field, direction: isDescending ? -1 : 1 };
  });
}

function readWhole(text: string | undefined, byDefault: number): number {
  return text !== undefined && /^\d+$/.test(text) ? Number(text) : byDefault;
}

/** A search in pages. */
export interface ArchiveSearch {
  readonly node: LuceneNode;
  readonly orders: readonly ArchiveOrder[];
  /** Empty when every field is wanted. */
  readonly fields: readonly string[];
  readonly rows: number;
  readonly start: number;
}

/** Reads `advancedsearch.php`, or says why the archive would not. */
export function readArchiveSearch(c: Context<ServiceEnv>): ArchiveSearch | ArchiveRefusal {
  const node = readQuery(c);
  if ("error" in node) return node;
  const rows = readWhole(c.req.query("rows"), DEFAULT_ROWS);
  const page = Math.max(1, readWhole(c.req.query("page"), 1));
  if (page * rows > MAX_REACHABLE) {
    return unsupported(
      `Request for ${
        page * rows
      } results is beyond the ${MAX_REACHABLE} this search reaches; use the scraping API.`,
    );
  }
  const orders = readOrders(listed(c, "sort"));
  return { node, orders, fields: listed(c, "fl"), rows, start: (page - 1) * rows };
}

/** A search that is read to its end, piece by piece. */
export interface ArchiveScrape {
  readonly node: LuceneNode;
  readonly orders: readonly ArchiveOrder[];
  readonly fields: readonly string[];
  readonly count: number;
  readonly start: number;
}

const CURSOR_PREFIX = "from:";

/** The cursor of the piece that begins at `start`: opaque to clients. */
export function scrapeCursor(start: number): string {
  return btoa(`${CURSOR_PREFIX}${start}`);
}

function readCursor(cursor: string | undefined): number | null {
  if (cursor === undefined || cursor === "") return 0;
  if (!/^[A-Za-z0-9+/]+=*$/.test(cursor) || cursor.length % 4 !== 0) return null;
  const [, start] = /^from:(\d+)$/.exec(atob(cursor)) ?? [];
  return start === undefined ? null : Number(start);
}

/** Reads the scraping API's parameters, or says why the archive would not. */
export function readArchiveScrape(
  c: Context<ServiceEnv>,
): ArchiveScrape | ArchiveRefusal & { readonly errorType: string } {
  const refuse = (error: string, errorType = "RangeException") => ({ error, errorType });
  const node = readQuery(c);
  if ("error" in node) return refuse(node.error, "QueryException");
  const count = readWhole(c.req.query("count"), SCRAPE_COUNT.byDefault);
  if (count < SCRAPE_COUNT.least || count > SCRAPE_COUNT.most) {
    return refuse(`count must be from ${SCRAPE_COUNT.least} to ${SCRAPE_COUNT.most}`);
  }
  const sorts = listed(c, "sorts");
  const place = sorts.findIndex((sort) => /^[-+]?identifier\b/.test(sort));
  if (place >= 0 && place < sorts.length - 1) {
    return refuse("identifier must be the last of the sorts", "ValueException");
  }
  const start = readCursor(c.req.query("cursor"));
  if (start === null) return refuse("the cursor is none of this service's", "ValueException");
  return { node, orders: readOrders(sorts), fields: listed(c, "fields"), count, start };
}

/** What a request to the archive asks for. */
export function describeArchiveOrg(c: Context<ServiceEnv>): RequestSubject {
  const node = parseLucene(c.req.query("q") ?? "");
  const terms = (node ? mentionedTerms(node) : []).filter((term) => term.kind === "words");
  const textsOf = (field: string | null): string[] =>
    terms.filter((term) => term.field === field).map(({ text }) => text);
  const joined = (texts: string[]): string | undefined =>
    texts.length === 0 ? undefined : texts.join(" ");
  return resolverSubject({
    title: joined(textsOf("title")) ?? joined(textsOf(null)),
    author: joined(textsOf("creator")),
    isbns: textsOf("isbn"),
  });
}
