import pMap from "p-map";
import {
  type Evidence,
  findEvidence,
  type Finding,
  findResolutions,
} from "../database/resolutions.ts";
import type { MatchDecision } from "../domain/decide_match.ts";
import { resolutionKey } from "../domain/resolution_key.ts";
import type { BookQuery } from "../domain/resolver.ts";
import { AppError } from "../errors.ts";
import { countCall } from "./call_counts.ts";
import { askCascade, type Silence } from "./cascade.ts";
import { checkIsbns } from "./check_isbns.ts";
import { findKnownBooks, type KnownBook } from "./known_books.ts";
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

/** What became of a candidate: a decision, or `unavailable` when too few could be asked for one. */
export interface ResolvedCandidate extends Candidate {
  readonly resolution_key: string;
  readonly decision: MatchDecision | null;
  readonly silences: readonly Silence[];
}

/**
 * Stage 3: finds the ISBN of each candidate. A remembered decision, and one that proved a book the
 * database holds, is taken as it is; otherwise the resolvers are asked in order until the decision is
 * safe, each answer remembered as it comes in. A decision is remembered unless a silent provider
 * could still change it. What was found without the batch checker is shown to it in one request.
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
  const memory = await recall(context, asked);
  let count = 0;
  const resolved = await pMap(asked, async ({ candidate, query, key }, index) => {
    const known = memory.decisions.get(index);
    const result = known ? { resolution_key: known.key, decision: known.decision, silences: [] } : {
      resolution_key: key,
      ...await context.lookups.share(
        key,
        () => resolveOne(context, { run, query, key, evidence: memory.evidence.get(key) ?? [] }),
      ),
    };
    onResolved(++count);
    return { ...candidate, ...result };
  }, { concurrency: context.book_concurrency, signal: run.signal });
  throwIfNobodyAnswered(context.resolvers.flat().length, resolved);
  const fresh = asked.filter((_, index) => !memory.decisions.has(index));
  return await check(context, { run, resolved, fresh });
}

/** What looking a book up came to; no decision when somebody silent could still change it. */
export interface Lookup {
  readonly decision: MatchDecision | null;
  readonly silences: readonly Silence[];
}

interface AskedBook {
  readonly candidate: Candidate;
  readonly query: BookQuery;
  readonly key: string;
}

/** Shows the fresh decisions to the batch checker and remembers what it changed. */
async function check(
  context: MonthJobContext,
  { run, resolved, fresh }: {
    run: MonthRun;
    resolved: readonly ResolvedCandidate[];
    fresh: readonly AskedBook[];
  },
): Promise<ResolvedCandidate[]> {
  const { checker } = context;
  if (checker === null) return [...resolved];
  const queries = new Map(fresh.map(({ key, query }) => [key, query]));
  const books = resolved.flatMap((candidate) => {
    const { decision, resolution_key } = candidate;
    const isOpen = decision?.kind === "found" && queries.has(resolution_key) &&
      !decision.providers.includes(checker.name);
    return isOpen ? [{ candidate, decision }] : [];
  });
  const checked = await checkIsbns(run, { checker, books });
  const changes = new Map([...checked].map(([book, change]) => [book.candidate, change]));
  return await Promise.all(resolved.map(async (candidate) => {
    const change = changes.get(candidate);
    const query = queries.get(candidate.resolution_key);
    if (change === undefined || query === undefined) return candidate;
    await context.findings.store({
      key: candidate.resolution_key,
      job_id: run.job_id,
      evidence: withKeeping(change.evidence),
      resolution: resolutionOf(change.decision, query),
    });
    return { ...candidate, decision: change.decision };
  }));
}

interface Memory {
  /** By the index of the book. */
  readonly decisions: ReadonlyMap<number, KnownBook>;
  /** By the key of the book. */
  readonly evidence: ReadonlyMap<string, readonly Evidence[]>;
}

async function recall(
  { database, clock }: MonthJobContext,
  books: readonly AskedBook[],
): Promise<Memory> {
  const at = clock.sqlNow();
  const keys = books.map(({ key }) => key);
  const [resolutions, evidence, stored] = await Promise.all([
    findResolutions<MatchDecision>(database.sql, { keys, at }),
    findEvidence(database.sql, { keys, at }),
    findKnownBooks(database.sql, books.map(({ candidate }) => candidate)),
  ]);
  const remembered = new Map(resolutions.map((one) => [one.key, one]));
  const decisions = new Map(books.flatMap(({ key }, index) => {
    const known = remembered.get(key);
    // What is stored was proven; it beats a doubt that is still remembered.
    const proven = known?.verdict === "found" ? known : stored.get(index) ?? known;
    return proven === undefined ? [] : [[index, proven]];
  }));
  return {
    decisions,
    evidence: Map.groupBy(evidence, ({ resolution_key }) => resolution_key),
  };
}

function queryFor(run: MonthRun, { title, author, month }: Candidate): BookQuery {
  return { title, author, year: run.year, month: month ?? run.month, language: LANGUAGE };
}

async function resolveOne(
  context: MonthJobContext,
  { run, query, key, evidence }: {
    run: MonthRun;
    query: BookQuery;
    key: string;
    evidence: readonly Evidence[];
  },
): Promise<Lookup> {
  const stored: Promise<void>[] = [];
  const remember = (finding: Pick<Finding<MatchDecision>, "evidence" | "resolution">): void => {
    const done = context.findings.store({ key, job_id: run.job_id, ...finding });
    done.catch(() => {}); // waited for below; until then its failure must not count as unhandled
    stored.push(done);
  };
  try {
    const { decision, silences } = await askCascade(query, {
      tiers: context.resolvers,
      known: evidence,
      call: { signal: run.signal, onCall: (provider) => countCall(run, provider) },
      onAnswer: (answer) => remember({ evidence: withKeeping(answer), resolution: null }),
    });
    // A provider that was silent could still change what is not safe yet.
    if (silences.length > 0) return { decision: null, silences };
    remember({ evidence: null, resolution: resolutionOf(decision, query) });
    return { decision, silences };
  } finally {
    await Promise.all(stored);
  }
}

function resolutionOf(
  decision: MatchDecision,
  query: BookQuery,
): NonNullable<Finding<MatchDecision>["resolution"]> {
  return {
    verdict: decision.kind,
    isbn13: decision.kind === "found" ? decision.isbn13 : null,
    decision,
    query,
    keep_seconds: KEEP_DECISION_SECONDS[decision.kind],
  };
}

function withKeeping(evidence: Evidence): Evidence & { keep_seconds: number } {
  const { works, nothing } = KEEP_EVIDENCE_SECONDS;
  return { ...evidence, keep_seconds: evidence.works.length > 0 ? works : nothing };
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
