import pMap from "p-map";
import {
  findEvidence,
  findResolutions,
  storeEvidence,
  storeResolution,
} from "../database/resolutions.ts";
import { decideMatch, type MatchDecision } from "../domain/decide_match.ts";
import { resolutionKey } from "../domain/resolution_key.ts";
import type { BookQuery, Resolver, ResolverName, WorkCandidate } from "../domain/resolver.ts";
import { AppError } from "../errors.ts";
import { countCall } from "./call_counts.ts";
import type { Candidate } from "./merge_books.ts";
import type { MonthJobContext, MonthRun } from "./month_job_context.ts";

/** The only language asked for; the catalogues this service fills are English ones. */
const LANGUAGE = "en";

const DAY_SECONDS = 24 * 60 * 60;
/** How long a decision is remembered. What was not found may be catalogued any day. */
const KEEP_DECISION_SECONDS = {
  found: 180 * DAY_SECONDS,
  ambiguous: 30 * DAY_SECONDS,
  not_found: 7 * DAY_SECONDS,
} as const;
const KEEP_EVIDENCE_SECONDS = { works: 30 * DAY_SECONDS, nothing: 7 * DAY_SECONDS } as const;

/** A provider that could not answer about a book, and why. */
export interface Silence {
  readonly provider: ResolverName;
  readonly reason: string;
  readonly until: Date | null;
}

/** What became of a candidate: a decision, or `unavailable` when too few could be asked for one. */
export interface ResolvedCandidate extends Candidate {
  readonly resolution_key: string;
  readonly decision: MatchDecision | null;
  readonly silences: readonly Silence[];
}

/**
 * Stage 3: finds the ISBN of each candidate. A remembered decision is taken as it is; otherwise the
 * resolvers are asked in order until the decision is safe, each answer remembered as it comes in.
 * A decision is remembered unless a silent provider could still change it.
 *
 * Throws `AppError` EVERY_RESOLVER_DOWN when there is a candidate about which nobody could answer.
 */
export async function resolveCandidates(
  context: MonthJobContext,
  { run, candidates, onResolved }: {
    run: MonthRun;
    candidates: readonly Candidate[];
    onResolved: (count: number) => void;
  },
): Promise<ResolvedCandidate[]> {
  const asked = candidates.map((candidate) => {
    const query = queryFor(run, candidate);
    return { candidate, query, key: resolutionKey(query) };
  });
  const remembered = await findResolutions<MatchDecision>(context.database.sql, {
    keys: asked.map(({ key }) => key),
    at: context.clock.sqlNow(),
  });
  const decisions = new Map(remembered.map(({ key, decision }) => [key, decision]));
  let count = 0;
  const resolved = await pMap(asked, async ({ candidate, query, key }) => {
    const known = decisions.get(key);
    const result = known
      ? { decision: known, silences: [] }
      : await resolveOne(context, { run, query, key });
    onResolved(++count);
    return { ...candidate, resolution_key: key, ...result };
  }, { concurrency: context.book_concurrency, signal: run.signal });
  throwIfNobodyAnswered(context.resolvers.length, resolved);
  return resolved;
}

function queryFor(run: MonthRun, { title, author, month }: Candidate): BookQuery {
  return { title, author, year: run.year, month: month ?? run.month, language: LANGUAGE };
}

async function resolveOne(
  context: MonthJobContext,
  { run, query, key }: { run: MonthRun; query: BookQuery; key: string },
): Promise<{ decision: MatchDecision | null; silences: Silence[] }> {
  const { database, clock } = context;
  const evidence = await findEvidence(database.sql, { key, at: clock.sqlNow() });
  const answered = new Map(evidence.map(({ provider, works }) => [provider, works]));
  const silences: Silence[] = [];
  let works: WorkCandidate[] = evidence.flatMap((one) => one.works);
  let decision = decideMatch(query, works);
  for (const resolver of context.resolvers) {
    if (decision.kind === "found") break;
    if (answered.has(resolver.name)) continue;
    const answer = await ask(context, { run, resolver, query, key });
    if ("silence" in answer) {
      silences.push(answer.silence);
      continue;
    }
    works = [...works, ...answer.works];
    decision = decideMatch(query, works);
  }
  if (decision.kind !== "found" && silences.length > 0) return { decision: null, silences };
  await storeResolution(database.sql, {
    resolution: {
      key,
      verdict: decision.kind,
      isbn13: decision.kind === "found" ? decision.isbn13 : null,
      decision,
    },
    query,
    jobId: run.job_id,
    keepSeconds: KEEP_DECISION_SECONDS[decision.kind],
    at: clock.sqlNow(),
  });
  return { decision, silences };
}

async function ask(
  { database, clock }: MonthJobContext,
  { run, resolver, query, key }: {
    run: MonthRun;
    resolver: Resolver;
    query: BookQuery;
    key: string;
  },
): Promise<{ works: readonly WorkCandidate[] } | { silence: Silence }> {
  run.signal.throwIfAborted();
  const answer = await resolver.find(query, {
    signal: run.signal,
    onCall: (provider) => countCall(run, provider),
  });
  if (answer.kind === "unavailable") {
    run.log.debug("resolver_unavailable", { provider: resolver.name, reason: answer.reason });
    const { reason, until, message } = answer;
    return { silence: { provider: resolver.name, reason: `${reason}: ${message}`, until } };
  }
  const works = answer.kind === "candidates" ? answer.works : [];
  await storeEvidence(database.sql, {
    key,
    provider: resolver.name,
    works,
    jobId: run.job_id,
    keepSeconds: works.length > 0 ? KEEP_EVIDENCE_SECONDS.works : KEEP_EVIDENCE_SECONDS.nothing,
    at: clock.sqlNow(),
  });
  return { works };
}

/**
 * A month goes on with books one provider could not look up, as long as another could. When all of
 * them are silent the month waits: what is stored already makes coming back cheap.
 */
function throwIfNobodyAnswered(
  resolverCount: number,
  resolved: readonly ResolvedCandidate[],
): void {
  const unheard = resolved.filter(({ silences }) =>
    resolverCount > 0 && silences.length === resolverCount
  );
  const [first] = unheard;
  if (first === undefined) return;
  const ends = first.silences.flatMap(({ until }) => until ? [until.getTime()] : []);
  throw new AppError(
    "EVERY_RESOLVER_DOWN",
    `No provider could look up ${unheard.length} of ${resolved.length} books: ` +
      first.silences.map(({ provider, reason }) => `${provider} ${reason}`).join("; "),
    ends.length > 0 ? { retryAt: new Date(Math.min(...ends)) } : {},
  );
}
