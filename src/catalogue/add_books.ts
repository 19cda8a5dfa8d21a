import type { Transaction } from "../database/connection/connection.ts";
import {
  type NewEdition,
  queueForEnrichment,
  storeEditions,
} from "../database/catalogue/editions.ts";
import { removeBareAuthors, unlinkAuthors } from "../database/catalogue/authors.ts";
import {
  mergeWorks,
  type NewWork,
  rewriteWorks,
  type RewrittenWork,
  storeWorks,
} from "../database/catalogue/works.ts";
import { completeness, SYNTHETIC_COMPLETENESS } from "../domain/catalogue/completeness.ts";
import type { PartialDate } from "../domain/months/partial_date.ts";
import type { PlacedCandidate } from "./dedupe_candidates.ts";
import { linkBookAuthors } from "./link_book_authors.ts";
import { type NamedWork, renameStoredWorks } from "./rename_works.ts";
import { type DatedWork, settleDates } from "./settle_dates.ts";

/** Where the candidates went. */
export interface CatalogueEntry {
  /** The work of every candidate, in order. */
  readonly work_ids: readonly number[];
  /** Works that hold a confirmed book only now. */
  readonly new_work_ids: readonly number[];
  /** ISBNs that were not stored before. */
  readonly new_isbns: number;
  /** When works that were named before first appeared, as far as it was settled now. */
  readonly dates: ReadonlyMap<number, PartialDate | null>;
}

/**
 * Stores works, authors and editions, keeps what nobody could confirm as synthetic works, corrects the
 * dates of works that were there, and queues the new ISBNs for enrichment, all for the given month. A
 * synthetic work that was confirmed becomes what the evidence says, and others that were named for the
 * same book give way to it. A confirmed one whose records have another name for it now is renamed.
 *
 * With `isMonthsOwn` false, what other months and this one say of their books stays as it is: the
 * names and the dates of works that a month has named are left to the months.
 *
 * To be called in the transaction that placed the candidates.
 */
export async function addBooks(
  tx: Transaction,
  { monthId, candidates, isMonthsOwn, at }: {
    monthId: number;
    candidates: readonly PlacedCandidate[];
    isMonthsOwn: boolean;
    at: Date | null;
  },
): Promise<CatalogueEntry> {
  const fresh = candidates.filter(({ placing }) => placing.kind === "new");
  const freshIds = await storeWorks(tx, { works: fresh.map(newWork), monthId, at });
  const workIds = workIdsOf(
    candidates,
    new Map(fresh.map((one, index) => [one, freshIds[index]!])),
  );
  const confirmed = firstOfEach(candidates.flatMap(confirmedWork));
  const merges = mergesOf(candidates, workIds);
  const authorsBefore = await unlinkAuthors(tx, [
    ...confirmed.map(({ work }) => work.work_id),
    ...merges.map(({ work_id }) => work_id),
  ]);
  await mergeWorks(tx, merges);
  await rewriteWorks(tx, { works: confirmed.map(({ work }) => work), at });
  await linkBookAuthors(tx, [
    ...fresh.map(({ book }, index) => ({ work_id: freshIds[index]!, authors: book.authors })),
    ...confirmed.map(({ candidate, work: { work_id } }) => ({
      work_id,
      authors: candidate.book.authors,
    })),
  ]);
  await removeBareAuthors(tx, authorsBefore);
  if (isMonthsOwn) {
    await renameStoredWorks(tx, { works: candidates.flatMap(renamedWork), kept: workIds, at });
  }
  const editions = candidates.flatMap((candidate, index) => editionOf(candidate, workIds[index]!));
  const dates = await settleDates(tx, {
    works: candidates.flatMap((one, index) => datedWork(one, workIds[index]!)),
    isMonthsOwn,
    at,
  });
  // Sent together and carried out in this order: the second needs the rows of the first.
  const [newIsbns] = await Promise.all([
    storeEditions(tx, { editions, monthId, at }),
    queueForEnrichment(tx, { isbns: editions.map(({ isbn13 }) => isbn13), monthId, at }),
  ]);
  const freshFound = freshIds.filter((_, index) => fresh[index]!.decision?.kind === "found");
  return {
    work_ids: workIds,
    new_work_ids: [...new Set([...freshFound, ...confirmed.map(({ work }) => work.work_id)])],
    new_isbns: newIsbns,
    dates,
  };
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
  const { authors: _, ...title } = candidate.book;
  const named = { ...title, title_key, author_key, identity_key, first_published };
  if (decision?.kind !== "found") {
    return {
      ...named,
      language: null,
      is_synthetic: true,
      completeness: SYNTHETIC_COMPLETENESS,
    };
  }
  return {
    ...named,
    language: decision.edition.language,
    is_synthetic: false,
    completeness: completeness(decision.edition, first_published),
  };
}

interface Confirmed {
  readonly candidate: PlacedCandidate;
  readonly work: RewrittenWork;
}

/** What a stored synthetic work becomes when its candidate was confirmed this time. */
function confirmedWork(candidate: PlacedCandidate): Confirmed[] {
  const { placing, decision } = candidate;
  if (placing.kind !== "stored" || !placing.is_synthetic || decision?.kind !== "found") return [];
  return [{ candidate, work: { ...newWork(candidate), work_id: placing.work_id } }];
}

/** A stored work that these records name, and so may name otherwise now. */
function renamedWork({ placing, book }: PlacedCandidate): NamedWork[] {
  const isNamed = placing.kind === "stored" && !placing.is_synthetic && placing.is_named_by;
  return isNamed ? [{ work_id: placing.work_id, book }] : [];
}

/** A work that two candidates confirm becomes what the first of them says. */
function firstOfEach(confirmed: readonly Confirmed[]): Confirmed[] {
  const works = confirmed.map(({ work }) => work.work_id);
  return confirmed.filter(({ work }, index) => works.indexOf(work.work_id) === index);
}

/** A work that a candidate of this month belongs to stays, whatever another takes it for. */
function mergesOf(
  candidates: readonly PlacedCandidate[],
  workIds: readonly number[],
): { work_id: number; into: number }[] {
  const merges = new Map<number, number>();
  for (const [index, { placing }] of candidates.entries()) {
    if (placing.kind !== "stored") continue;
    for (const twin of placing.twins) {
      if (!workIds.includes(twin) && !merges.has(twin)) merges.set(twin, workIds[index]!);
    }
  }
  return [...merges].map(([work_id, into]) => ({ work_id, into }));
}

function editionOf(
  { decision, resolution_key, check_state }: PlacedCandidate,
  workId: number,
): NewEdition[] {
  if (decision?.kind !== "found") return [];
  const { edition, isbn13, score } = decision;
  const pages = isPageCount(edition.pages) ? edition.pages : null;
  return [{ ...edition, pages, isbn13, work_id: workId, resolution_key, score, check_state }];
}

/** More than any book has; what is no such number is a slip, which costs the book its pages at most. */
const MOST_PAGES = 100_000;

function isPageCount(pages: number | null): boolean {
  return Number.isInteger(pages) && pages! > 0 && pages! <= MOST_PAGES;
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
