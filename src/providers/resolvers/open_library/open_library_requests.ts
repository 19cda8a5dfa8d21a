import type { CallContext } from "../../../domain/generation/generator.ts";
import type { EditionCandidate, WorkCandidate } from "../../../domain/matching/resolver.ts";
import { readAnswer } from "../../http/bad_answer.ts";
import { judgeCatalogueReply } from "../../http/declared_failure.ts";
import { createHttpClient, type HttpClient, type HttpOptions } from "../../http/http.ts";
import type { HttpReply } from "../../http/http_exchange.ts";
import { excerpt, type HttpFailure } from "../../http/http_failure.ts";
import { openUserAgent } from "../../http/user_agent.ts";
import {
  EDITIONS_LIMIT,
  editionsSchema,
  SEARCH_FIELDS,
  SEARCH_LIMIT,
  searchSchema,
  toEditions,
  toWork,
} from "./open_library_records.ts";

/** The two questions asked of Open Library. Both throw `AppError` with a PROVIDER_* code. */
export interface OpenLibraryRequests {
  /** The works a search finds, with the one edition it shows of each, in `lang` where it can. */
  search(asked: OpenLibrarySearch, context: CallContext): Promise<readonly WorkCandidate[]>;
  /** The editions of a work. */
  editionsOf(work: WorkCandidate, context: CallContext): Promise<readonly EditionCandidate[]>;
}

export interface OpenLibrarySearch {
  /** In Open Library's dialect of Lucene. */
  readonly q: string;
  /** ISO 639-1 code of the language preferred. */
  readonly lang: string;
}

export interface OpenLibraryOptions extends HttpOptions {
  /** Mail address or URL of the operator, for the User-Agent; null when there is none. */
  readonly contact: string | null;
}

const PROVIDER = "open_library";

const HOUR_MS = 3_600_000;

/** Open Library answers "too many requests" without saying for how long. */
const MIN_RATE_LIMIT_WAIT_MS = 10_000;

/** Asks under the policy of a client that has no key, and a contact at best. */
export function createOpenLibraryRequests(options: OpenLibraryOptions): OpenLibraryRequests {
  const http = createHttpClient(PROVIDER, {
    ...options,
    judge: judgeOpenLibraryReply,
    userAgent: openUserAgent(options.contact),
  });
  return {
    async search({ q, lang }, context) {
      const fixed = { fields: SEARCH_FIELDS, limit: String(SEARCH_LIMIT) };
      const path = `/search.json?${new URLSearchParams({ q, lang, ...fixed })}`;
      const reply = await get(http, { path, context });
      const otherwise = "a search answer without a list of works";
      return readAnswer(PROVIDER, { reply, schema: searchSchema, otherwise }).docs.map(toWork);
    },
    async editionsOf(work, context) {
      const path = `${work.provider_key}/editions.json?limit=${EDITIONS_LIMIT}`;
      const reply = await get(http, { path, context });
      // A work that was merged into another meanwhile has no editions of its own.
      if (reply.status === 404) return [];
      const otherwise = "a list of editions without entries";
      const { entries } = readAnswer(PROVIDER, { reply, schema: editionsSchema, otherwise });
      return entries.flatMap((record) => toEditions(record, work));
    },
  };
}

interface Get {
  readonly path: string;
  readonly context: CallContext;
}

function get(http: HttpClient, { path, context }: Get): Promise<HttpReply> {
  const onCall = () => context.onCall(PROVIDER);
  return http.send({ path, signal: context.signal, onCall });
}

/** What a reply means: 403 is for the client or its address, not for a key, which nobody needs. */
function judgeOpenLibraryReply(reply: HttpReply, now: Date): HttpFailure | null {
  if (reply.status === 403) {
    return {
      code: "PROVIDER_REJECTED_REQUEST",
      detail: "refuses this client (403): name a contact in the User-Agent, " +
        `or this address was blocked: ${excerpt(reply)}`,
      isRetryable: false,
      holdUntil: new Date(now.getTime() + HOUR_MS),
    };
  }
  const failure = judgeCatalogueReply(reply, now);
  if (failure?.code !== "PROVIDER_RATE_LIMITED") return failure;
  return { ...failure, minWaitMs: MIN_RATE_LIMIT_WAIT_MS };
}
