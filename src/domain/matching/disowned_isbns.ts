import type { WorkCandidate } from "./resolver.ts";
import { type MeasuredRecord, measureRecord, type PreparedQuery } from "./score_work.ts";

/**
 * Records without the ISBNs that another record knows as those of a guide, a set, another volume or an
 * audio book: who leaves the subtitle out shows "The Salt Ledger" where others show "The Salt Ledger: A
 * Study Guide". A record left with no ISBN by this is vetoed.
 */
export function withoutDisowned(
  prepared: PreparedQuery,
  records: readonly MeasuredRecord[],
): MeasuredRecord[] {
  const disowned = new Set(records.flatMap((record) => record.disowned));
  return records.map((record) => {
    if (!record.editions.some(({ edition }) => disowned.has(edition.isbn13))) return record;
    const kept = measureRecord(prepared, withoutEditions(record.work, disowned));
    const isEmptied = kept.veto === null && kept.editions.length === 0;
    return isEmptied ? { ...kept, veto: "another book by its ISBN" } : kept;
  });
}

function withoutEditions(work: WorkCandidate, isbns: ReadonlySet<string>): WorkCandidate {
  const editions = work.editions.filter(({ isbn13 }) => isbn13 === null || !isbns.has(isbn13));
  return { ...work, editions };
}
