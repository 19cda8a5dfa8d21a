import pMap from "p-map";
import type { Evidence } from "../database/resolution/resolutions.ts";
import type { MatchDecision } from "../domain/matching/decide_match.ts";
import { type CheckState, checkStateOf } from "../domain/matching/isbn_check.ts";
import { resolutionKey } from "../domain/matching/resolution_key.ts";
import type { BookQuery } from "../domain/matching/resolver.ts";
import { AppError } from "../errors.ts";
import { countCall } from "../month_job/call_counts.ts";
import { askCascade, type Silence } from "./cascade.ts";
import { checkCandidates } from "./check_candidates.ts";
import type { Candidate } from "../domain/generation/merge_books.ts";
import type { MonthJobContext, MonthRun } from "../month_job/month_job_context.ts";
import { recallBooks } from "./recall_books.ts";
import { rememberFinding, resolutionOf } from "./remember_finding.ts";

/** The only language asked for; the catalogues this service fills are English ones. */
const LANGUAGE = "en";

/** What became of a candidate: a decision, or `unavailable` when too few could be asked for one. */
export interface ResolvedCandidate extends Candidate {
  readonly resolution_key: string;
  readonly decision: MatchDecision | null;
  readonly silences: readonly Silence[];
  readonly check_state: CheckState;
}

/**
 * Stage 3: finds the ISBN of each candidate. A remembered decision, and one that proved a book the
 * database holds, is taken as it is; otherwise the resolvers are asked in order until the decision is
 * safe, each answer remembered as it comes in. A decision is remembered unless a silent provider
 * could still change it. What was found without the batch checker is provisional: all of it is shown
 * to the checker in one request, and remembered as checked or, where it was silent, as waiting for it.
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
  const memory = await recallBooks(context, { run, books: asked });
  let count = 0;
  const books = await pMap(asked, async ({ candidate, query, key }, index) => {
    const known = memory.decisions.get(index);
    const result = known
      ? {
        resolution_key: known.key,
        decision: known.decision,
        silences: [],
        check_state: known.check_state,
      }
      : await lookUp(context, { run, query, key, evidence: memory.evidence.get(key) ?? [] });
    onResolved(++count);
    return { candidate: { ...candidate, ...result }, query };
  }, { concurrency: context.book_concurrency, signal: run.signal });
  throwIfNobodyAnswered(
    context.resolvers.flat().length,
    books.map(({ candidate }) => candidate),
  );
  return await checkCandidates(context, { run, books });
}

/** What looking a book up came to; no decision when somebody silent could still change it. */
export interface Lookup {
  readonly decision: MatchDecision | null;
  readonly silences: readonly Silence[];
}

function queryFor(run: MonthRun, { title, author, month }: Candidate): BookQuery {
  return { title, author, year: run.year, month: month ?? run.month, language: LANGUAGE };
}

interface AskedBook {
  readonly run: MonthRun;
  readonly query: BookQuery;
  readonly key: string;
  readonly evidence: readonly Evidence[];
}

/**
 * Looks a book up, together with whoever else is doing so. A decision taken from another month waits for
 * its check here too, however that of the other ends.
 */
async function lookUp(
  context: MonthJobContext,
  book: AskedBook,
): Promise<Omit<ResolvedCandidate, keyof Candidate>> {
  const lookup = await context.lookups.share(book.key, () => resolveOne(context, book));
  const check_state = checkStateOf(lookup.decision, context.checker?.name ?? null);
  return { resolution_key: book.key, ...lookup, check_state };
}

async function resolveOne(
  context: MonthJobContext,
  { run, query, key, evidence }: AskedBook,
): Promise<Lookup> {
  const stored: Promise<void>[] = [];
  const remember = (finding: Omit<Parameters<typeof rememberFinding>[1], "run" | "key">): void => {
    const done = rememberFinding(context, { run, key, ...finding });
    done.catch(() => {}); // waited for below; until then its failure must not count as unhandled
    stored.push(done);
  };
  try {
    const { decision, silences } = await askCascade(query, {
      tiers: context.resolvers,
      known: evidence,
      call: { signal: run.signal, onCall: (provider) => countCall(run, provider) },
      onAnswer: (answer) => remember({ evidence: answer, resolution: null }),
    });
    // A provider that was silent could still change what is not safe yet.
    if (silences.length > 0) return { decision: null, silences };
    const check_state = checkStateOf(decision, context.checker?.name ?? null);
    // Until its check was tried it is not a finding; the answers it is made from are.
    if (check_state !== "waiting") {
      remember({ evidence: null, resolution: resolutionOf({ decision, check_state }, query) });
    }
    return { decision, silences };
  } finally {
    await Promise.all(stored);
  }
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
