import { AppError } from "../../errors.ts";
import type { CallContext } from "../../domain/generator.ts";
import type { BookQuery, Resolver, WorkCandidate } from "../../domain/resolver.ts";
import { createHttpClient, type HttpOptions } from "../http.ts";
import type { HttpReply } from "../http_exchange.ts";
import {
  askedWait,
  excerpt,
  type HttpFailure,
  judgeByStatus,
  REFUSED_KEY_HOLD_MS,
} from "../http_failure.ts";
import { nextUtcMidnight } from "../reset_time.ts";
import { bookListSchema, toWork } from "./isbndb_records.ts";
import { looksLike, type SearchTerms, searchTerms } from "./search_terms.ts";
import { unavailable } from "./unavailable.ts";

export interface IsbndbOptions extends HttpOptions {
  readonly apiKey: string;
}

/** Safe defaults: host and rate of the Basic plan. Other plans have their own host. */
export const ISBNDB_DEFAULTS = {
  baseUrl: "https://api2.isbndb.com",
  timeoutMs: 10_000,
  maxRetries: 2,
  ratePerSecond: 1,
  concurrency: 1,
} as const;

const PROVIDER = "isbndb";

/** Records read of one search; more cost no more, but bodies are bounded on the other side too. */
const PAGE_SIZE = 100;

/** A page with a few records dropped as unreadable is still a full one. */
const FULL_PAGE = PAGE_SIZE * 0.9;

/** The longest search text the path may hold, before it is encoded. */
const MAX_PATH_QUERY_LENGTH = 150;

/**
 * ISBNdb as a resolver. Every request is paid for whatever it returns, so there are two at most. The
 * first asks for title and author without a date, since a page is large enough for all editions of
 * most books, and a bound would leave out those whose year the question has wrong. If the page is full
 * and holds no edition of the years around the one asked for, the second asks for these; if it holds
 * nothing like the book, the second is in free text.
 */
export function createIsbndb(options: IsbndbOptions): Resolver {
  const { apiKey } = options;
  const http = createHttpClient(PROVIDER, { ...options, judge: judgeIsbndbReply });

  async function search(path: string, context: CallContext): Promise<readonly WorkCandidate[]> {
    const reply = await http.send({
      path,
      headers: { authorization: apiKey },
      signal: context.signal,
      onCall: () => context.onCall(PROVIDER),
    });
    return readBooks(reply);
  }

  return {
    name: PROVIDER,
    async find(query, context) {
      const terms = searchTerms(query);
      let works: readonly WorkCandidate[];
      try {
        works = await search(fieldSearch(terms), context);
        const second = secondSearch(works, { query, terms });
        if (second !== null) works = withoutRepeats([...works, ...await search(second, context)]);
      } catch (error) {
        context.signal.throwIfAborted();
        if (!(error instanceof AppError)) throw error;
        return unavailable(error);
      }
      return works.length === 0 ? { kind: "not_found" } : { kind: "candidates", works };
    },
  };
}

interface Asked {
  readonly query: BookQuery;
  readonly terms: SearchTerms;
}

/** The path of the request worth paying for after the first one, or null. */
function secondSearch(works: readonly WorkCandidate[], { query, terms }: Asked): string | null {
  const alike = works.filter((work) => looksLike(work, terms));
  if (alike.length === 0) return freeSearch(terms);
  const isNear = ({ editions }: WorkCandidate): boolean =>
    editions.some(({ published }) => Math.abs((published?.year ?? 0) - query.year) <= 1);
  if (works.length < FULL_PAGE || alike.some(isNear)) return null;
  return fieldSearch(terms, {
    publishedFrom: String(query.year - 1),
    publishedTo: String(query.year + 1),
  });
}

function fieldSearch({ main_title, surname }: SearchTerms, bounds: Record<string, string> = {}) {
  const author = surname === "" ? {} : { author: surname };
  const page = { page: "1", pageSize: String(PAGE_SIZE) };
  return `/search/books?${new URLSearchParams({
    text: main_title,
    ...author,
    ...bounds,
    ...page,
  })}`;
}

/** The text is a part of the path, in which an encoded slash would still divide. */
function freeSearch({ main_title, title_in_series, author }: SearchTerms): string {
  const text = `${title_in_series ?? main_title} ${author}`.toWellFormed()
    .replace(/[/\\?#%]/g, " ").replace(/\s+/g, " ").trim();
  const short = text.slice(0, MAX_PATH_QUERY_LENGTH).toWellFormed();
  return `/books/${encodeURIComponent(short)}?page=1&pageSize=${PAGE_SIZE}`;
}

/** A search that finds nothing is answered with 404. */
function readBooks(reply: HttpReply): readonly WorkCandidate[] {
  if (reply.status === 404) return [];
  const parsed = bookListSchema.safeParse(reply.json);
  if (!parsed.success) {
    const message = `${PROVIDER} answered ${reply.status} with a body without a list of books`;
    throw new AppError("PROVIDER_BAD_ANSWER", message, { details: { provider: PROVIDER } });
  }
  return parsed.data.map(toWork).filter((work) => work !== null);
}

function withoutRepeats(works: readonly WorkCandidate[]): readonly WorkCandidate[] {
  return [...new Map(works.map((work) => [work.provider_key, work])).values()];
}

/**
 * What a reply means. 403 stands for the wrong host of the plan, an ended subscription and, as seen,
 * a spent quota: none of them ends before the next day begins, in UTC.
 */
export function judgeIsbndbReply(reply: HttpReply, now: Date): HttpFailure | null {
  if (reply.status === 404) return judgeMissing(reply);
  const words = excerpt(reply);
  if (reply.status === 401) {
    return {
      code: "PROVIDER_KEY_REFUSED",
      detail: `refuses the key (401): ${words}`,
      isRetryable: false,
      holdUntil: new Date(now.getTime() + REFUSED_KEY_HOLD_MS),
    };
  }
  const isDaily = reply.status === 429 && /\bdaily\b|per day|24 hours/i.test(words);
  if (reply.status === 403 || isDaily) {
    return {
      code: "PROVIDER_QUOTA_SPENT",
      detail: `has no quota left, or the plan has another host (${reply.status}): ${words}`,
      isRetryable: false,
      holdUntil: nextUtcMidnight(now),
    };
  }
  if (reply.status === 429) {
    return {
      code: "PROVIDER_RATE_LIMITED",
      detail: `asks for fewer requests (429): ${words}`,
      isRetryable: true,
      minWaitMs: MIN_RATE_LIMIT_WAIT_MS,
      ...askedWait(reply.headers, now),
    };
  }
  return judgeByStatus(reply, now);
}

/** A wrong base URL is answered with 404 as well, but not in JSON. */
function judgeMissing(reply: HttpReply): HttpFailure | null {
  if (reply.json !== undefined) return null;
  return {
    code: "PROVIDER_BAD_ANSWER",
    detail: "answered 404 without JSON: the base URL may be wrong",
    isRetryable: false,
  };
}

/** The shortest of its limits is counted per second. */
const MIN_RATE_LIMIT_WAIT_MS = 1_000;
