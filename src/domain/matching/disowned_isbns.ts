import type { WorkCandidate } from "./resolver.ts";
import type { PreparedQuery } from "./record_title.ts";
import { type MeasuredRecord, measureRecord } from "./score_work.ts";

/**
 * Records without the ISBNs that another record knows as those of something else: of a guide, a set, another
 * volume or an audio book, as who leaves the subtitle out shows "The Salt Ledger" where others show "The Salt
 * Ledger: A Study Guide"; or of a book with another title by somebody else. A record left with no
 * ISBN by this is vetoed.
 */
export function withoutDisowned(
  prepared: PreparedQuery,
  records: readonly MeasuredRecord[],
): MeasuredRecord[] {
  const disowned = new Set([
    ...records.flatMap((record) => record.disowned),
    ...isbnsOfOthers(records),
  ]);
  return records.map((record) => {
    if (!record.editions.some(({ edition }) => disowned.has(edition.isbn13))) return record;
    const kept = measureRecord(prepared, withoutEditions(record.work, disowned));
    const isEmptied = kept.veto === null && kept.editions.length === 0;
    return isEmptied ? { ...kept, veto: "another book by its ISBN" } : kept;
  });
}

/** From these title points on a record of somebody else's may show the book under a damaged credit. */
const ALIKE_TITLE_POINTS = 25;

/** ISBNs that at least as many providers know as those of a book with another title by somebody else. */
function isbnsOfOthers(records: readonly MeasuredRecord[]): string[] {
  const owners = new Map<string, { own: Set<string>; other: Set<string> }>();
  for (const { work, veto, parts, author_match } of records) {
    const isOther = author_match.verdict === "different" && parts.title < ALIKE_TITLE_POINTS;
    if (veto !== null && !isOther) continue;
    for (const { isbn13 } of work.editions) {
      if (isbn13 === null) continue;
      const known = owners.get(isbn13) ?? { own: new Set(), other: new Set() };
      (isOther ? known.other : known.own).add(work.provider);
      owners.set(isbn13, known);
    }
  }
  return [...owners].filter(([, { own, other }]) => other.size > 0 && other.size >= own.size)
    .map(([isbn]) => isbn);
}

/**
 * Records whose own subtitle has words of something made from a book stand back where another ISBN of
 * the same title and author has none of them: then the words tell the two apart.
 */
export function withoutDoubtful(records: readonly MeasuredRecord[]): MeasuredRecord[] {
  const clean = new Set(
    records.filter(({ veto, doubt }) => veto === null && doubt === null)
      .flatMap(({ editions }) => editions.map(({ edition }) => edition.isbn13)),
  );
  return records.map((record) => {
    const own = new Set(record.editions.map(({ edition }) => edition.isbn13));
    const isBeside = record.doubt !== null && [...clean].some((isbn) => !own.has(isbn));
    return isBeside && record.veto === null ? { ...record, veto: record.doubt } : record;
  });
}

function withoutEditions(work: WorkCandidate, isbns: ReadonlySet<string>): WorkCandidate {
  const editions = work.editions.filter(({ isbn13 }) => isbn13 === null || !isbns.has(isbn13));
  return { ...work, editions };
}
