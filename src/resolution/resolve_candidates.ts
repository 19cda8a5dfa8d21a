import pMap from "p-map";
import type { Evidence } from "../database/resolution/resolutions.ts";
import { checkStateOf } from "../domain/isbns/isbn_check.ts";
import { resolutionKey } from "../domain/names/resolution_key.ts";
import type { BookQuery } from "../domain/matching/resolver.ts";
import { AppError } from "../errors.ts";
import { askCascade } from "./cascade.ts";
import { checkCandidates } from "./check_candidates.ts";
import type { Candidate, ResolvedCandidate } from "../domain/matching/candidate.ts";
import type { Month } from "../domain/months/month.ts";
import { recallBooks } from "./recall_books.ts";
import type { Lookup, Resolving } from "./resolving.ts";
import { rememberFinding, resolutionOf } from "./remember_finding.ts";

/** The only language asked for; the catalogues this service fills are English ones. */
const LANGUAGE = "en";

/**
 * Stage 3: finds the ISBN of each candidate. A remembered decision, and one that proved a book the
 * database holds, is taken as it is; otherwise the resolvers are asked in order until the decision is
 * safe, each answer remembered as it comes in. A decision is remembered unless a provider that was unavailable
 * could still change it. What was found without the batch checker is provisional: all of it is shown
 * to the checker in one request, and remembered as checked or, where it was unavailable, as waiting for it.
 *
 * Throws `AppError` EVERY_RESOLVER_DOWN when there is a candidate about which nobody could answer.
 */
export async function resolveCandidates(
  resolving: Resolving,
  { month, candidates, onResolved }: {
    month: Month;
    candidates: readonly Candidate[];
    onResolved: (count: number) => void;
  },
): Promise<ResolvedCandidate[]> {
  const asked = candidates.map((candidate) => {
    const query = queryFor(month, candidate);
    return { candidate, query, key: resolutionKey(query) };
  });
  const memory = await recallBooks(resolving, asked);
  let count = 0;
  const books = await pMap(asked, async ({ candidate, query, key }, index) => {
    const known = memory.decisions.get(index);
    const result = known
      ? {
        resolution_key: known.key,
        decision: known.decision,
        unavailable: [],
        check_state: known.check_state,
      }
      : await lookUp(resolving, { query, key, evidence: memory.evidence.get(key) ?? [] });
    onResolved(++count);
    return { candidate: { ...candidate, ...result }, query };
  }, { concurrency: resolving.book_concurrency, signal: resolving.signal });
  throwIfNobodyAnswered(
    resolving.resolvers.flat().length,
    books.map(({ candidate }) => candidate),
  );
  return await checkCandidates(resolving, books);
}

function queryFor({ year, month }: Month, candidate: Candidate): BookQuery {
  const { title, author, series, number } = candidate;
  return {
    title,
    author,
    series,
    number,
    year,
    month: candidate.month ?? month,
    language: LANGUAGE,
  };
}

interface AskedBook {
  readonly query: BookQuery;
  readonly key: string;
  readonly evidence: readonly Evidence[];
}

/**
 * Looks a book up, together with whoever else is doing so. A decision taken from another month waits for
 * its check here too, however that of the other ends.
 */
async function lookUp(
  resolving: Resolving,
  book: AskedBook,
): Promise<Omit<ResolvedCandidate, keyof Candidate>> {
  const lookup = await resolving.lookups.share(book.key, () => resolveOne(resolving, book));
  const check_state = checkStateOf(lookup.decision, resolving.checker?.name ?? null);
  return { resolution_key: book.key, ...lookup, check_state };
}

async function resolveOne(
  resolving: Resolving,
  { query, key, evidence }: AskedBook,
): Promise<Lookup> {
  const stored: Promise<void>[] = [];
  const remember = (finding: Omit<Parameters<typeof rememberFinding>[1], "key">): void => {
    const done = rememberFinding(resolving, { key, ...finding });
    done.catch(() => {}); // waited for below; until then its failure must not count as unhandled
    stored.push(done);
  };
  try {
    const { decision, unavailable } = await askCascade(query, {
      tiers: resolving.resolvers,
      known: evidence,
      call: resolving,
      onAnswer: (answer) => remember({ evidence: answer, resolution: null }),
    });
    // A provider that was unavailable could still change what is not safe yet.
    if (unavailable.length > 0) return { decision: null, unavailable };
    const check_state = checkStateOf(decision, resolving.checker?.name ?? null);
    // Until its check was tried it is not a finding; the answers it is made from are.
    if (check_state !== "waiting") {
      remember({ evidence: null, resolution: resolutionOf({ decision, check_state }, query) });
    }
    return { decision, unavailable };
  } finally {
    await Promise.all(stored);
  }
}

/**
 * A month goes on with books one provider could not look up, as long as another could. When all of
 * them are unavailable the month waits: what is stored already makes coming back cheap.
 */
function throwIfNobodyAnswered(
  resolverCount: number,
  resolved: readonly ResolvedCandidate[],
): void {
  const unanswered = resolved.filter(({ unavailable }) =>
    resolverCount > 0 && unavailable.length === resolverCount
  );
  const [first] = unanswered;
  if (first === undefined) return;
  const ends = first.unavailable.flatMap(({ until }) => until ? [until.getTime()] : []);
  throw new AppError(
    "EVERY_RESOLVER_DOWN",
    `No provider could look up ${unanswered.length} of ${resolved.length} books: ` +
      first.unavailable.map(({ provider, reason }) => `${provider} ${reason}`).join("; "),
    ends.length > 0 ? { retryAt: new Date(Math.min(...ends)) } : {},
  );
}
