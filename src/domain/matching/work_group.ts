import type { ResolverName } from "./resolver.ts";
import { type MeasuredRecord, type ScoreParts, sumParts } from "./score_work.ts";
import type { TitleAgreement } from "../titles/title_match.ts";

/** Records of one work, best first, that may be the one asked for. */
export interface StandingGroup {
  readonly records: readonly MeasuredRecord[];
  /** Whether the title is proven, by a record of it or by what others are. */
  readonly isTitled: boolean;
}

/** Records of one work with what they come to together. */
export interface WorkGroup extends StandingGroup {
  readonly providers: readonly ResolverName[];
  readonly parts: ScoreParts;
  readonly score: number;
}

function isbnsOf(record: MeasuredRecord): string[] {
  return record.editions.map(({ edition }) => edition.isbn13);
}

/** 4 points when a second provider knows the work, 5 when one ISBN of it is named twice or a third does. */
function agreementPoints(records: readonly MeasuredRecord[]): number {
  const providers = new Set(records.map(({ work }) => work.provider));
  if (providers.size < 2) return 0;
  const namedBy = new Map<string, Set<ResolverName>>();
  for (const record of records) {
    for (const isbn of isbnsOf(record)) {
      namedBy.set(isbn, (namedBy.get(isbn) ?? new Set()).add(record.work.provider));
    }
  }
  const isIsbnShared = [...namedBy.values()].some((names) => names.size > 1);
  return providers.size > 2 || isIsbnShared ? 5 : 4;
}

/** Records without author, by ISBN: they agree with a group that has it; alone they prove nothing. */
export type Witnesses = ReadonlyMap<string, readonly MeasuredRecord[]>;

/** Records without author by the ISBNs they hold. */
export function witnessesOf(authorless: readonly MeasuredRecord[]): Witnesses {
  const named = authorless.flatMap((record) => isbnsOf(record).map((isbn) => ({ isbn, record })));
  return new Map(
    [...Map.groupBy(named, ({ isbn }) => isbn)]
      .map(([isbn, entries]) => [isbn, entries.map(({ record }) => record)]),
  );
}

/** The records of one work with those that witness it, their points and who knows it. */
export function buildGroup({ records, isTitled }: StandingGroup, witnesses: Witnesses): WorkGroup {
  const known = [
    ...new Set([
      ...records,
      ...records.flatMap(isbnsOf).flatMap((isbn) => witnesses.get(isbn) ?? []),
    ]),
  ];
  const parts = { ...records[0]!.parts, agreement: agreementPoints(known) };
  return {
    records,
    isTitled,
    providers: [...new Set(known.map(({ work }) => work.provider))].sort(),
    parts,
    score: sumParts(parts),
  };
}

/** Whether a title counts only beside something that no date and no record gives. */
export function isOpen({ title_match }: MeasuredRecord): boolean {
  return title_match.needs !== null || title_match.agreement === "partial";
}

/** A title that is only nearly the one asked for stands back when another is spelt as asked. */
function withoutNearMisses(groups: readonly MeasuredRecord[][]): MeasuredRecord[][] {
  const isExact = ({ title_match: { agreement, needs } }: MeasuredRecord) =>
    needs === null && ["full", "main", "segment"].includes(agreement);
  const exact = groups.filter((group) => group.some(isExact));
  return exact.length > 0 ? exact : [...groups];
}

/** A work whose title stands comes before those whose title is only a possible one. */
function withoutOpen(groups: readonly MeasuredRecord[][]): MeasuredRecord[][] {
  const standing = groups.filter((group) => !group.every(isOpen));
  return standing.length > 0 ? standing : [...groups];
}

/** A half that an author's record bears as its title is the title, whatever the other half may explain. */
function withoutStems(groups: readonly MeasuredRecord[][]): MeasuredRecord[][] {
  const isTitled = (record: MeasuredRecord) =>
    !isOpen(record) && record.title_match.agreement !== "stem";
  const titled = groups.filter((group) => group.some(isTitled));
  return titled.length > 0 ? titled : [...groups];
}

/** The first year that any record of a group names; null when none does. */
function firstYear(group: readonly MeasuredRecord[]): number | null {
  const years = group.flatMap(({ work, editions }) =>
    [work.first_published, ...editions.map(({ edition }) => edition.published)]
      .flatMap((date) => date === null ? [] : [date.year])
  );
  return years.length === 0 ? null : Math.min(...years);
}

/**
 * Where records bear either half of "Unseen: Will Trent", one half is the title and the other a book of the
 * series: the title is the half in front if only that first appeared in the year asked for. Empty elsewhere.
 */
function titlesBeforeSeries(
  groups: readonly MeasuredRecord[][],
  asked: number,
): MeasuredRecord[][] {
  const ofHalf = (agreement: TitleAgreement) =>
    groups.filter((group) => group.every(({ title_match }) => title_match.agreement === agreement));
  const isOfYear = (group: readonly MeasuredRecord[]) => firstYear(group) === asked;
  const behind = ofHalf("segment");
  return behind.length === 0 || behind.some(isOfYear) ? [] : ofHalf("stem").filter(isOfYear);
}

/**
 * The works that may be the one asked for, without those that another one puts in the shade; `asked` is
 * the year asked for.
 */
export function standingGroups(
  groups: readonly MeasuredRecord[][],
  asked: number,
): StandingGroup[] {
  const before = titlesBeforeSeries(groups, asked);
  if (before.length > 0) return before.map((records) => ({ records, isTitled: true }));
  return withoutStems(withoutOpen(withoutNearMisses(groups)))
    .map((records) => ({ records, isTitled: !records.every(isOpen) }));
}
