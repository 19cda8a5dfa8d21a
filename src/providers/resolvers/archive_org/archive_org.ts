import type { CallContext } from "../../../domain/generation/generator.ts";
import type { BookQuery, Resolver, WorkCandidate } from "../../../domain/matching/resolver.ts";
import { readAnswer } from "../../http/bad_answer.ts";
import { judgeDeclaration } from "../../http/declared_failure.ts";
import { createHttpClient, type HttpOptions } from "../../http/http.ts";
import { excerpt, type HttpFailure, judgeByStatus, messageOf } from "../../http/http_failure.ts";
import type { HttpReply } from "../../http/http_exchange.ts";
import { openUserAgent } from "../../http/user_agent.ts";
import { answerFrom } from "../answer_from.ts";
import { ITEM_FIELDS, itemsSchema, MAX_ROWS, toWorks } from "./archive_org_records.ts";
import { escapeLucene } from "../escape_lucene.ts";
import {
  isAnswered,
  type SearchTerms,
  searchTerms,
  searchWords,
  tellingWords,
} from "../search_terms.ts";
import { withoutRepeats } from "../without_repeats.ts";

export interface ArchiveOrgOptions extends HttpOptions {
  /** Mail address or URL of the operator, for the User-Agent; null when there is none. */
  readonly contact: string | null;
}

/** Safe defaults. No limit is published; answers take seconds. */
export const ARCHIVE_ORG_DEFAULTS = {
  timeoutMs: 20_000,
  maxRetries: 3,
  concurrency: 1,
} as const;

const PROVIDER = "archive_org";

/** Characters of title words in a query, which together with the rest must stay below 1,500. */
const MAX_TITLE_LENGTH = 500;
const MAX_NAME_LENGTH = 100;

const HOUR_MS = 3_600_000;

const MIN_RATE_LIMIT_WAIT_MS = 5_000;

/**
 * The Internet Archive as a resolver: the books it has scanned, strong before about 2005. The first
 * search names the title as a phrase and the creator; when it finds nothing like the book, a second one
 * wants the telling words of the title in any order. Two requests at most.
 */
export function createArchiveOrg(options: ArchiveOrgOptions): Resolver {
  const http = createHttpClient(PROVIDER, {
    ...options,
    judge: judgeArchiveOrgReply,
    userAgent: openUserAgent(options.contact),
  });

  async function search(q: string, context: CallContext): Promise<readonly WorkCandidate[]> {
    const params = new URLSearchParams([
      ["q", q],
      ...ITEM_FIELDS.map((field) => ["fl[]", field]),
      ["sort[]", "downloads desc"],
      ["rows", String(MAX_ROWS)],
      ["page", "1"],
      ["output", "json"],
    ]);
    const reply = await http.send({
      path: `/advancedsearch.php?${params}`,
      signal: context.signal,
      onCall: () => context.onCall(PROVIDER),
    });
    const otherwise = "a body that is no list of items";
    return toWorks(readAnswer(PROVIDER, { reply, schema: itemsSchema, otherwise }));
  }

  async function collect(
    query: BookQuery,
    context: CallContext,
  ): Promise<readonly WorkCandidate[]> {
    const terms = searchTerms(query);
    const [first, second] = plannedQueries(terms);
    const works = await search(first, context);
    if (second === null || isAnswered(works, { terms, year: query.year })) return works;
    return withoutRepeats([...works, ...await search(second, context)]);
  }

  return {
    name: PROVIDER,
    find: (query, context) => answerFrom(() => collect(query, context), context),
  };
}

/** The query to begin with, and a looser one unless it would ask for the same. */
function plannedQueries(terms: SearchTerms): readonly [string, string | null] {
  const [likeliest] = terms.titles;
  const phrases = terms.titles.map((title) => searchWords(title, MAX_TITLE_LENGTH))
    .filter((words) => words.length > 0);
  // A title of signs alone has no words to look for, so it goes in as it is.
  const exact = phrases.length === 0
    ? [likeliest.slice(0, MAX_TITLE_LENGTH)]
    : phrases.map((words) => words.join(" "));
  const first = queryFor(exact.map((title) => `"${escapeLucene(title)}"`).join(" OR "), terms);
  const telling = tellingWords(searchWords(likeliest, MAX_TITLE_LENGTH));
  const isSame = telling.length <= 1 && phrases.length <= 1 && (phrases[0]?.length ?? 0) <= 1;
  if (telling.length === 0 || isSame) return [first, null];
  return [first, queryFor(allOf(telling), terms)];
}

function queryFor(title: string, { surname }: SearchTerms): string {
  const names = searchWords(surname, MAX_NAME_LENGTH);
  return [
    `title:(${title})`,
    ...(names.length === 0 ? [] : [`creator:(${allOf(names)})`]),
    "mediatype:texts",
  ].join(" AND ");
}

/** In lower case, in which "or" and "not" are words. */
function allOf(words: readonly string[]): string {
  return words.map((word) => escapeLucene(word.toLowerCase())).join(" AND ");
}

/**
 * What a reply means. A search that fails is answered with 200 and an `error`; only
 * `UNSUPPORTED_VALUE` is the question's fault. 403 is for the client or its address: there is no key.
 */
function judgeArchiveOrgReply(reply: HttpReply, now: Date): HttpFailure | null {
  if (reply.status === 403) {
    return {
      code: "PROVIDER_REJECTED_REQUEST",
      detail: `refuses this client (403): ${excerpt(reply)}`,
      isRetryable: false,
      holdUntil: new Date(now.getTime() + HOUR_MS),
    };
  }
  const failure = judgeByStatus(reply, now);
  if (failure?.code === "PROVIDER_RATE_LIMITED") {
    return { ...failure, minWaitMs: MIN_RATE_LIMIT_WAIT_MS };
  }
  if (failure !== null) return failure;
  const declared = judgeDeclaration(reply);
  const isOurs = declared !== null && /UNSUPPORTED_VALUE/.test(messageOf(reply.json) ?? "");
  return isOurs ? { ...declared, code: "PROVIDER_REJECTED_REQUEST", isRetryable: false } : declared;
}
