import type { CallContext } from "../../domain/generator.ts";
import type { EditionCandidate, WorkCandidate } from "../../domain/resolver.ts";
import { badAnswer } from "../bad_answer.ts";
import { createHttpClient, type HttpClient, type HttpOptions } from "../http.ts";
import type { HttpReply } from "../http_exchange.ts";
import { excerpt, type HttpFailure, judgeByStatus } from "../http_failure.ts";
import { openUserAgent } from "../user_agent.ts";
import {
  editionsSchema,
  SEARCH_FIELDS,
  searchSchema,
  toEditions,
  toWork,
} from "./open_library_records.ts";

/** The two questions asked of Open Library. Both throw `AppError` with a PROVIDER_* code. */
export interface OpenLibraryRequests {
  /** The works a search finds, with the one edition it shows of each, in `lang` where it can. */
  search(params: SearchParams, context: CallContext): Promise<readonly WorkCandidate[]>;
  /** The editions of a work. */
  editionsOf(work: WorkCandidate, context: CallContext): Promise<readonly EditionCandidate[]>;
}

export type SearchParams = Readonly<Record<string, string>>;

export interface OpenLibraryOptions extends HttpOptions {
  /** Mail address or URL of the operator, for the User-Agent; null when there is none. */
  readonly contact: string | null;
}

const PROVIDER = "open_library";

/** Ranking is poor enough that the right work may stand at place 12. */
const SEARCH_LIMIT = 20;

/** Editions read of a work, one request's worth. */
const EDITIONS_LIMIT = 200;

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
    async search(params, context) {
      const fixed = { fields: SEARCH_FIELDS, limit: String(SEARCH_LIMIT) };
      const path = `/search.json?${new URLSearchParams({ ...params, ...fixed })}`;
      const reply = await get(http, { path, context });
      const parsed = searchSchema.safeParse(reply.json);
      if (!parsed.success) {
        throw badAnswer(PROVIDER, { reply, found: "a search answer without a list of works" });
      }
      return parsed.data.docs.map(toWork);
    },
    async editionsOf(work, context) {
      const path = `${work.provider_key}/editions.json?limit=${EDITIONS_LIMIT}`;
      const reply = await get(http, { path, context });
      // A work that was merged into another meanwhile has no editions of its own.
      if (reply.status === 404) return [];
      const parsed = editionsSchema.safeParse(reply.json);
      if (!parsed.success) {
        throw badAnswer(PROVIDER, { reply, found: "a list of editions without entries" });
      }
      return parsed.data.entries.flatMap((record) => toEditions(record, work));
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
  const failure = judgeByStatus(reply, now);
  if (failure?.code !== "PROVIDER_RATE_LIMITED") return failure;
  return { ...failure, minWaitMs: MIN_RATE_LIMIT_WAIT_MS };
}
