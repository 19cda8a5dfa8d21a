import type { Queryable } from "../database/connection/connection.ts";
import { type Evidence, findPastEvidence } from "../database/resolution/resolutions.ts";
import type { ResolvedCandidate, VerifiedCandidate } from "../domain/matching/candidate.ts";
import type { MatchDecision } from "../domain/matching/decide_match.ts";
import { firstPublished, monthFit } from "../domain/months/month_fit.ts";
import type { Month } from "../domain/months/month.ts";
import type { WorkCandidate } from "../domain/matching/resolver.ts";

/**
 * Stage 4: compares the month each confirmed book was named for with the one it appeared in, by the
 * confirmed edition and the dates of every provider that answered about the book. Adds the records.
 */
export async function verifyCandidates(
  sql: Queryable,
  { month, candidates }: { month: Month; candidates: readonly ResolvedCandidate[] },
): Promise<VerifiedCandidate[]> {
  const keys = candidates.filter(({ decision }) => decision?.kind === "found")
    .map(({ resolution_key }) => resolution_key);
  const answers = keys.length === 0 ? [] : await findPastEvidence(sql, keys);
  const evidence = Map.groupBy(answers, ({ resolution_key }) => resolution_key);
  return candidates.map((candidate) => {
    const { decision, resolution_key } = candidate;
    const records = decision?.kind === "found"
      ? recordsOf(decision, evidence.get(resolution_key) ?? [])
      : [];
    const published = decision?.kind === "found" ? firstPublished(records, decision.edition) : null;
    const month_fit = monthFit(month, published);
    return { ...candidate, first_published: published, month_fit, records };
  });
}

/**
 * The records of the confirmed work: those the decision took for it, and those that hold one of its
 * ISBNs, as the batch check's do.
 */
export function recordsOf(
  { work, isbn13, considered }: Extract<MatchDecision, { kind: "found" }>,
  evidence: readonly Evidence[],
): WorkCandidate[] {
  const taken = new Set(
    considered.filter(({ verdict }) => verdict === "accepted" || verdict === "same work")
      .map(({ provider, provider_key }) => `${provider} ${provider_key}`),
  );
  const isbns = new Set([isbn13, ...work.editions.map((edition) => edition.isbn13)]);
  const others = evidence.flatMap(({ works }) => works).filter((record) =>
    taken.has(`${record.provider} ${record.provider_key}`) ||
    record.editions.some((edition) => edition.isbn13 !== null && isbns.has(edition.isbn13))
  );
  return [work, ...others];
}
