import type { CallContext } from "../../../domain/generation/generator.ts";
import type { Resolver, WorkCandidate } from "../../../domain/matching/resolver.ts";
import { AppError } from "../../../errors.ts";
import { readAnswer } from "../../http/bad_answer.ts";
import { createHttpClient, type HttpOptions } from "../../http/http.ts";
import type { HttpReply } from "../../http/http_exchange.ts";
import { answerFrom } from "../answer_from.ts";
import { judgeGoogleBooksReply } from "./google_books_failure.ts";
import {
  MAX_RESULTS,
  toWork,
  VOLUME_FIELDS,
  volumeSchema,
  volumesSchema,
} from "./google_books_records.ts";
import {
  isAnswered,
  looksLike,
  type SearchTerms,
  searchTerms,
  searchWords,
} from "../search_terms.ts";
import { withoutRepeats } from "../without_repeats.ts";

export interface GoogleBooksOptions extends HttpOptions {
  readonly apiKey: string;
}

/** Safe defaults. `backendFailed` comes in rows, so waits are short and the circuit opens late. */
export const GOOGLE_BOOKS_DEFAULTS = {
  timeoutMs: 10_000,
  maxRetries: 2,
  concurrency: 2,
  backoffBaseMs: 500,
  backoffCapMs: 4_000,
  breaker: { failureThreshold: 20, openMs: 30_000, maxOpenMs: 600_000 },
} as const;

const PROVIDER = "google_books";

/**
 * A volume that is gone is answered with 503, as in bad weeks any other is (seen on the live service,
 * which never says 404 to a well-formed id). So its detail is asked for once more and then done without:
 * the search has found it all the same.
 */
const GONE_RETRIES = 1;

const VOLUMES = "/books/v1/volumes";

/** A server's own place is not always known to Google, which then answers 403. */
const COUNTRY = "US";

/** Without meaning to a search for titles: calibre leaves these out of its queries as well. */
const JOINERS = new Set(["a", "an", "and", "the"]);

/** More words than these tell no further titles apart, but may miss a shorter record. */
const MAX_TITLE_WORDS = 8;

/**
 * Google Books as a resolver. The first search wants each word of the title in the title and the
 * surname among the authors. When it finds nothing like the book, a second one asks for the words
 * anywhere. The record of a search is sometimes the poorer one: when nothing like the book has an ISBN,
 * the best such volume is read by itself. Three requests at most.
 */
export function createGoogleBooks(options: GoogleBooksOptions): Resolver {
  const { apiKey } = options;
  const { backoffBaseMs, backoffCapMs, breaker } = GOOGLE_BOOKS_DEFAULTS;
  const http = createHttpClient(PROVIDER, {
    backoffBaseMs,
    backoffCapMs,
    breaker,
    ...options,
    judge: judgeGoogleBooksReply,
  });

  function get(path: string, { context, maxRetries }: Asking): Promise<HttpReply> {
    return http.send({
      path,
      ...(maxRetries !== undefined && { maxRetries }),
      // Not in the path, where it would end up in messages and logs.
      headers: { "x-goog-api-key": apiKey },
      signal: context.signal,
      onCall: () => context.onCall(PROVIDER),
    });
  }

  async function search(q: string, context: CallContext): Promise<readonly WorkCandidate[]> {
    const params = new URLSearchParams({
      q,
      maxResults: String(MAX_RESULTS),
      printType: "books",
      country: COUNTRY,
      fields: `totalItems,items(${VOLUME_FIELDS})`,
    });
    const reply = await get(`${VOLUMES}?${params}`, { context });
    const otherwise = "a body that is no list of volumes";
    return readAnswer(PROVIDER, { reply, schema: volumesSchema, otherwise })
      .map(toWork).filter((work) => work !== null);
  }

  async function read(work: WorkCandidate, context: CallContext): Promise<WorkCandidate> {
    const params = new URLSearchParams({ country: COUNTRY, fields: VOLUME_FIELDS });
    const path = `${VOLUMES}/${work.provider_key}?${params}`;
    let reply: HttpReply;
    try {
      reply = await get(path, { context, maxRetries: GONE_RETRIES });
    } catch (error) {
      if (isBackendFailure(error)) return work;
      throw error;
    }
    // Withdrawn since the search's index was made.
    if (reply.status === 404) return work;
    const otherwise = "a body that is no volume";
    const volume = readAnswer(PROVIDER, { reply, schema: volumeSchema, otherwise });
    return volume.id === work.provider_key ? toWork(volume) ?? work : work;
  }

  async function collect(
    { terms, year }: Searching,
    context: CallContext,
  ): Promise<readonly WorkCandidate[]> {
    const [likeliest, other] = terms.titles;
    let works = await search(fieldQuery(likeliest, terms), context);
    if (!isAnswered(works, { terms, year })) {
      const second = other === undefined ? freeQuery(likeliest, terms) : fieldQuery(other, terms);
      works = withoutRepeats([...works, ...await search(second, context)]);
    }
    const alike = works.filter((work) => looksLike(work, terms));
    const [promising] = alike;
    if (promising === undefined || alike.some(hasIsbn)) return works;
    const full = await read(promising, context);
    return works.map((work) => work === promising ? full : work);
  }

  return {
    name: PROVIDER,
    find: (query, context) =>
      answerFrom(
        () => collect({ terms: searchTerms(query), year: query.year }, context),
        context,
      ),
  };
}

interface Searching {
  readonly terms: SearchTerms;
  readonly year: number;
}

interface Asking {
  readonly context: CallContext;
  readonly maxRetries?: number;
}

/** What a volume that is gone is answered with, and in bad weeks any other. */
function isBackendFailure(error: unknown): boolean {
  return error instanceof AppError && error.code === "PROVIDER_UNAVAILABLE" &&
    error.details["status"] === 503;
}

/** A field binds one word only, so that each word is given its own. */
function fieldQuery(title: string, { surname }: SearchTerms): string {
  return [
    ...titleWords(title).map((word) => `intitle:${word}`),
    ...searchWords(surname).map((word) => `inauthor:${word}`),
  ].join(" ");
}

function freeQuery(title: string, { surname }: SearchTerms): string {
  return [...titleWords(title), ...searchWords(surname)].join(" ");
}

/** A title of nothing but joiners keeps them; one without any letter is sent as it is. */
function titleWords(title: string): readonly string[] {
  const words = searchWords(title);
  const telling = words.filter((word) => !JOINERS.has(word.toLowerCase()));
  if (words.length === 0) return [JSON.stringify(title.replaceAll('"', ""))];
  return (telling.length === 0 ? words : telling).slice(0, MAX_TITLE_WORDS);
}

function hasIsbn({ editions }: WorkCandidate): boolean {
  return editions.some(({ isbn13 }) => isbn13 !== null);
}
