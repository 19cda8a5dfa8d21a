import {
  type CandidateRow,
  countCandidates,
  type Placement,
  replaceCandidates,
} from "../database/candidates.ts";
import type { Queryable } from "../database/connection.ts";
import { type NewEdition, queueForEnrichment, storeEditions } from "../database/editions.ts";
import type { MonthCounts } from "../database/months.ts";
import {
  type ConfirmedWork,
  confirmWorks,
  type NewWork,
  storeAuthors,
  storeWorks,
} from "../database/works.ts";
import { personKey } from "../domain/author_name.ts";
import { completeness, SYNTHETIC_COMPLETENESS } from "../domain/completeness.ts";
import type { Month } from "../domain/month.ts";
import { monthFit } from "../domain/month_fit.ts";
import type { PartialDate } from "../domain/partial_date.ts";
import type { PlacedCandidate } from "./dedupe_candidates.ts";
import { type DatedWork, settleDates } from "./settle_dates.ts";

/**
 * Stages 6 and 7: stores works, authors and editions, keeps what nobody could confirm as synthetic
 * works, queues the new ISBNs for enrichment, writes the month's candidates and returns their counts.
 *
 * To be called in the transaction that placed the candidates and will record the outcome.
 */
export async function storeBooks(
  sql: Queryable,
  { monthId, month, candidates, at }: {
    monthId: number;
    month: Month;
    candidates: readonly PlacedCandidate[];
    at: Date | null;
  },
): Promise<MonthCounts> {
  const fresh = candidates.filter(({ placing }) => placing.kind === "new");
  const freshIds = await storeWorks(sql, { works: fresh.map(newWork), monthId, at });
  const workIds = workIdsOf(
    candidates,
    new Map(fresh.map((one, index) => [one, freshIds[index]!])),
  );
  const editions = candidates.flatMap((candidate, index) => editionOf(candidate, workIds[index]!));
  // Sent together and carried out in this order: each needs only rows of those before it.
  const [, , dates] = await Promise.all([
    storeAuthors(sql, fresh.flatMap((one, index) => authorsOf(one, freshIds[index]!))),
    confirmWorks(sql, { works: candidates.flatMap(confirmedWork), at }),
    settleDates(sql, { works: candidates.flatMap((one, i) => datedWork(one, workIds[i]!)), at }),
  ]);
  const [, , , counts] = await Promise.all([
    storeEditions(sql, { editions, monthId, at }),
    queueForEnrichment(sql, { isbns: editions.map(({ isbn13 }) => isbn13), monthId, at }),
    replaceCandidates(sql, {
      monthId,
      candidates: candidates.map((candidate, position) =>
        candidateRow(candidate, { month, position, workId: workIds[position]!, dates })
      ),
    }),
    countCandidates(sql, monthId),
  ]);
  return counts;
}

/** The work of every candidate, in order. */
function workIdsOf(
  candidates: readonly PlacedCandidate[],
  fresh: ReadonlyMap<PlacedCandidate, number>,
): number[] {
  const workIdOf = (candidate: PlacedCandidate): number => {
    const { placing } = candidate;
    switch (placing.kind) {
      case "stored":
        return placing.work_id;
      case "duplicate":
        return workIdOf(candidates[placing.of]!);
      case "new":
        return fresh.get(candidate)!;
    }
  };
  return candidates.map(workIdOf);
}

function newWork(candidate: PlacedCandidate): NewWork {
  const { decision, title_key, author_key, identity_key, first_published } = candidate;
  const keys = { title_key, author_key, identity_key, first_published };
  if (decision?.kind !== "found") {
    return {
      ...keys,
      title: candidate.title,
      subtitle: null,
      language: null,
      is_synthetic: true,
      completeness: SYNTHETIC_COMPLETENESS,
    };
  }
  return {
    ...keys,
    title: decision.work.title,
    subtitle: decision.work.subtitle,
    language: decision.edition.language,
    is_synthetic: false,
    completeness: completeness(decision.edition, first_published),
  };
}

function authorsOf(
  candidate: PlacedCandidate,
  workId: number,
): { work_id: number; name: string; name_key: string; position: number }[] {
  const { decision, author } = candidate;
  const names = decision?.kind === "found" && decision.work.authors.length > 0
    ? decision.work.authors
    : [author];
  return names.map((name, position) => ({
    work_id: workId,
    name,
    name_key: personKey(name),
    position,
  }));
}

/** What a stored synthetic work becomes when its candidate was confirmed this time. */
function confirmedWork({ placing, decision, first_published }: PlacedCandidate): ConfirmedWork[] {
  if (placing.kind !== "stored" || !placing.is_synthetic || decision?.kind !== "found") return [];
  return [{
    work_id: placing.work_id,
    completeness: completeness(decision.edition, first_published),
    language: decision.edition.language,
    first_published,
  }];
}

function editionOf(
  { decision, resolution_key }: PlacedCandidate,
  workId: number,
): NewEdition[] {
  if (decision?.kind !== "found") return [];
  const { edition, isbn13, score } = decision;
  return [{ ...edition, isbn13, work_id: workId, resolution_key, score }];
}

/** What this month found out about a work that other candidates, or other months, named too. */
function datedWork(
  { placing, decision, first_published }: PlacedCandidate,
  workId: number,
): DatedWork[] {
  return placing.kind === "new" || decision?.kind !== "found"
    ? []
    : [{ work_id: workId, first_published }];
}

function candidateRow(
  candidate: PlacedCandidate,
  { month, position, workId, dates }: {
    month: Month;
    position: number;
    workId: number;
    /** Of works that were named before; they may know better than this candidate's own records. */
    dates: ReadonlyMap<number, PartialDate | null>;
  },
): CandidateRow {
  const { title, author, named_by, resolution_key, decision, silences } = candidate;
  const settled = decision?.kind === "found" ? dates.get(workId) : undefined;
  return {
    unheard: silences.map(({ provider }) => provider),
    position,
    title,
    author,
    named_by,
    resolution_key,
    verdict: decision?.kind ?? "unavailable",
    isbn13: decision?.kind === "found" ? decision.isbn13 : null,
    work_id: workId,
    placement: placementOf(candidate),
    month_fit: settled === undefined ? candidate.month_fit : monthFit(month, settled),
  };
}

function placementOf({ placing, decision }: PlacedCandidate): Placement {
  if (placing.kind === "duplicate") return "duplicate";
  if (placing.kind === "stored") return "known";
  return decision?.kind === "found" ? "new" : "synthetic";
}
