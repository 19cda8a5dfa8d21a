import type { Transaction } from "../database/connection/connection.ts";
import {
  changeFirstDates,
  changeFits,
  listWorksMonthsNamed,
  lockCandidatesOf,
  lockFirstDates,
} from "../database/catalogue/first_dates.ts";
import { earliestDate, monthFit } from "../domain/months/month_fit.ts";
import type { PartialDate } from "../domain/months/partial_date.ts";

/** A stored work, and when it appeared by what was found out now. */
export interface DatedWork {
  readonly work_id: number;
  readonly first_published: PartialDate | null;
}

/**
 * Brings works that were stored before up to date: an earlier or more exact date replaces the stored
 * one, and every month that named the work is told whether it still fits. Returns the dates that hold
 * from now on.
 *
 * When it is not a month's own run that found the dates (`isMonthsOwn` false), works that a month has
 * named keep theirs, so that no month's figures change.
 *
 * To be called in the transaction that stores the books, under the locks of these books.
 */
export async function settleDates(
  tx: Transaction,
  { works, isMonthsOwn, at }: {
    works: readonly DatedWork[];
    isMonthsOwn: boolean;
    at: Date | null;
  },
): Promise<Map<number, PartialDate | null>> {
  const found = Map.groupBy(works, ({ work_id }) => work_id);
  if (found.size === 0) return new Map();
  const stored = await lockFirstDates(tx, [...found.keys()]);
  // Under the lock of the works: a month that settles them at the same time has named them by then.
  const left = isMonthsOwn ? [] : await listWorksMonthsNamed(tx, [...found.keys()]);
  const settled = new Map<number, PartialDate | null>();
  const changed: { work_id: number; first_published: PartialDate }[] = [];
  for (const { work_id, first_published } of stored) {
    if (left.includes(work_id)) continue;
    const dates = (found.get(work_id) ?? []).map((work) => work.first_published);
    const earliest = earliestDate([first_published, ...dates]);
    settled.set(work_id, earliest);
    if (earliest !== null && earliest !== first_published) {
      changed.push({ work_id, first_published: earliest });
    }
  }
  if (changed.length > 0) {
    await changeFirstDates(tx, { works: changed, at });
    await refit(tx, settled);
  }
  return settled;
}

async function refit(
  tx: Transaction,
  dates: ReadonlyMap<number, PartialDate | null>,
): Promise<void> {
  const fits = (await lockCandidatesOf(tx, [...dates.keys()])).flatMap((candidate) => {
    const month_fit = monthFit(candidate, dates.get(candidate.work_id) ?? null);
    return month_fit === candidate.month_fit ? [] : [{ id: candidate.id, month_fit }];
  });
  if (fits.length > 0) await changeFits(tx, fits);
}
