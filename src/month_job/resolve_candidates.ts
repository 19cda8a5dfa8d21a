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
  const memory = await recall(context, asked.map(({ key }) => key));
  let count = 0;
  const resolved = await pMap(asked, async ({ candidate, query, key }) => {
    const known = memory.decisions.get(key);
    const result = known
      ? { decision: known, silences: [] }
      : await resolveOne(context, { run, query, key, evidence: memory.evidence.get(key) ?? [] });
    onResolved(++count);
    return { ...candidate, resolution_key: key, ...result };
  }, { concurrency: context.book_concurrency, signal: run.signal });
  throwIfNobodyAnswered(context.resolvers.flat().length, resolved);
  return resolved;
}

interface Memory {
  readonly decisions: ReadonlyMap<string, MatchDecision>;
  readonly evidence: ReadonlyMap<string, readonly Evidence[]>;
}

async function recall(
  { database, clock }: MonthJobContext,
  keys: readonly string[],
): Promise<Memory> {
  const at = clock.sqlNow();
  const [resolutions, evidence] = await Promise.all([
    findResolutions<MatchDecision>(database.sql, { keys, at }),
    findEvidence(database.sql, { keys, at }),
  ]);
  return {
    decisions: new Map(resolutions.map(({ key, decision }) => [key, decision])),
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
): Promise<{ decision: MatchDecision | null; silences: readonly Silence[] }> {
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
    remember({
      evidence: null,
      resolution: {
        verdict: decision.kind,
        isbn13: decision.kind === "found" ? decision.isbn13 : null,
        decision,
        query,
        keep_seconds: KEEP_DECISION_SECONDS[decision.kind],
      },
    });
    return { decision, silences };
  } finally {
    await Promise.all(stored);
  }
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
