import type { DailyGrant } from "../../../domain/providers/call_gate.ts";
import type { CallContext } from "../../../domain/generation/generator.ts";
import type {
  BookQuery,
  Resolver,
  ResolverAnswer,
  WorkCandidate,
} from "../../../domain/matching/resolver.ts";
import { createHttpClient, type HttpOptions } from "../../http/http.ts";
import { answerFrom } from "../answer_from.ts";
import { createIsbnCheck } from "./isbndb_check.ts";
import { judgeIsbndbReply } from "./isbndb_failure.ts";
import { createPlanQuestion } from "./isbndb_plan.ts";
import { readBooks } from "./isbndb_records.ts";
import {
  looksLike,
  type SearchTerms,
  searchTerms,
  searchWords,
  tellingWords,
} from "../search_terms.ts";
import { withoutRepeats } from "../without_repeats.ts";

export interface IsbndbOptions extends HttpOptions {
  readonly apiKey: string;
  /** Takes what ISBNdb says of the day's quota; must not reject. */
  readonly onGrant?: (grant: DailyGrant) => Promise<void>;
  /** Takes the host that ISBNdb names for the key's plan; must not reject. */
  readonly onHost?: (host: string) => Promise<void>;
}

/** The resolver, which can also say what is known of given ISBNs. */
export interface Isbndb extends Resolver {
  /**
   * The records of the ISBNs given, in any form, invalid ones left out. An ISBN that no record of the
   * answer names is unknown to ISBNdb. Each costs one call of the day's quota on plans that count
   * them. Never rejects for a provider's fault: when a part can't be checked, all is `unavailable`.
   */
  checkIsbns(isbns: readonly string[], context: CallContext): Promise<ResolverAnswer>;
}

/** Safe defaults on any plan. */
export const ISBNDB_DEFAULTS = {
  timeoutMs: 10_000,
  maxRetries: 2,
  concurrency: 1,
} as const;

const PROVIDER = "isbndb";

/** Records read of one search; more are refused (OpenAPI 2.7.0, since 2026-10-10). */
const PAGE_SIZE = 100;

/** A page with a few records dropped as unreadable is still a full one. */
const FULL_PAGE = PAGE_SIZE * 0.9;

/** Characters of a search text and of an author before they are encoded (OpenAPI 2.7.0). */
const MAX_TEXT_LENGTH = 150;

/** Characters kept for the author beside a title that would fill the text; who has more is a surname. */
const MAX_AUTHOR_LENGTH = 50;

/**
 * ISBNdb as a resolver. Every request is paid for whatever it returns, so most books get one: title and
 * author in free text, which finds them under a slip of the keys in either as well, and returns enough
 * for all editions of most books. No date goes with it, since a bound would leave out those whose year
 * the question has wrong. If a full page holds no edition of the years around the one asked for, a
 * second request asks for these. A title of a single word would drown in free text among the author's
 * other books: it is asked for field by field, and in free text only when that finds nothing like it.
 */
export function createIsbndb(options: IsbndbOptions): Isbndb {
  const { apiKey } = options;
  const http = createHttpClient(PROVIDER, { ...options, judge: judgeIsbndbReply });
  const askPlan = createPlanQuestion(options);
  const checkAll = createIsbnCheck(http, { apiKey });

  async function search(path: string, context: CallContext): Promise<readonly WorkCandidate[]> {
    await askPlan(context);
    const reply = await http.send({
      path,
      headers: { authorization: apiKey },
      signal: context.signal,
      onCall: () => context.onCall(PROVIDER),
    });
    return readBooks(reply, PAGE_SIZE);
  }

  return {
    name: PROVIDER,
    find: (query, context) =>
      answerFrom(async () => {
        const terms = searchTerms(query);
        const works = await search(firstSearch(terms), context);
        const second = secondSearch(works, { query, terms });
        return second === null
          ? works
          : withoutRepeats([...works, ...await search(second, context)]);
      }, context),
    checkIsbns: (isbns, context) =>
      answerFrom(async () => {
        await askPlan(context);
        return await checkAll(isbns, context);
      }, context),
  };
}

interface Asked {
  readonly query: BookQuery;
  readonly terms: SearchTerms;
}

function firstSearch(terms: SearchTerms): string {
  return isThin(terms) ? fieldSearch(terms) : freeSearch(terms);
}

/** Whether the title has less than two words to go by. */
function isThin(terms: SearchTerms): boolean {
  return tellingWords(searchWords(terms.titles[0])).length < 2;
}

/** The path of the request worth paying for after the first one, or null. */
function secondSearch(works: readonly WorkCandidate[], { query, terms }: Asked): string | null {
  const alike = works.filter((work) => looksLike(work, terms));
  const [, other] = terms.titles;
  // A page about one half of the title holds the books of the series, whichever half names it.
  if (alike.length === 0 && other !== undefined) return freeSearch(terms, other);
  if (alike.length === 0) return isThin(terms) ? freeSearch(terms) : null;
  const isNear = ({ editions }: WorkCandidate): boolean =>
    editions.some(({ published }) => Math.abs((published?.year ?? 0) - query.year) <= 1);
  if (works.length < FULL_PAGE || alike.some(isNear)) return null;
  return fieldSearch(terms, {
    publishedFrom: String(query.year - 1),
    publishedTo: String(query.year + 1),
  });
}

function fieldSearch(terms: SearchTerms, bounds: Record<string, string> = {}): string {
  const author = clip(terms.surname, MAX_TEXT_LENGTH);
  return `/search/books?${new URLSearchParams({
    text: clip(terms.titles[0], MAX_TEXT_LENGTH),
    ...(author === "" ? {} : { author }),
    ...bounds,
    page: "1",
    pageSize: String(PAGE_SIZE),
  })}`;
}

/** The text is a part of the path, in which an encoded slash would still divide. */
function freeSearch(terms: SearchTerms, asked = terms.titles[0]): string {
  const asPart = (text: string) => text.replace(/[/\\?#%]/g, " ");
  const isLong = terms.author.length > MAX_AUTHOR_LENGTH;
  const author = clip(asPart(isLong ? terms.surname : terms.author), MAX_AUTHOR_LENGTH);
  const title = clip(asPart(asked), MAX_TEXT_LENGTH - author.length - 1);
  const text = `${title} ${author}`.trim();
  return `/books/${encodeURIComponent(text)}?page=1&pageSize=${PAGE_SIZE}`;
}

/** The text on one line, its end left off behind a word, or in one that fills the line alone. */
function clip(text: string, maxLength: number): string {
  const line = text.toWellFormed().replace(/\s+/g, " ").trim();
  if (line.length <= maxLength) return line;
  const start = line.slice(0, maxLength + 1);
  const whole = start.slice(0, Math.max(start.lastIndexOf(" "), 0));
  // Half a pair of surrogates at the end is no letter.
  return whole === "" ? line.slice(0, maxLength).replace(/\p{Cs}$/u, "") : whole;
}
