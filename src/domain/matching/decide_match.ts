import { chooseEdition, type EditionChoice } from "./choose_edition.ts";
import { withoutDisowned } from "./disowned_isbns.ts";
import { groupRecords } from "./group_records.ts";
import type { BookQuery, EditionCandidate, ResolverName, WorkCandidate } from "./resolver.ts";
import {
  type MeasuredRecord,
  measureRecord,
  prepareQuery,
  roundPoints,
  type ScoreParts,
  sumParts,
} from "./score_work.ts";
import { SAME_TITLE } from "../names/title_score.ts";

/** Evidence of one record, as stored beside the resolution. */
export interface ScoredWork {
  readonly provider: ResolverName;
  readonly provider_key: string;
  readonly title: string;
  readonly authors: readonly string[];
  readonly score: number;
  readonly parts: ScoreParts;
  /** "accepted", "not proven" or "no usable ISBN" (the best), "same work", "another work", "vetoed: …". */
  readonly verdict: string;
}

/**
 * What the candidates prove. Only `found` may end a search; `ambiguous` and `not_found` ask the next
 * provider, together with the candidates already seen.
 */
export type MatchDecision =
  | {
    readonly kind: "found";
    readonly isbn13: string;
    readonly edition: EditionCandidate;
    /** The best record of the work. */
    readonly work: WorkCandidate;
    readonly score: number;
    /** Everybody who knows the work, in alphabetical order. */
    readonly providers: readonly ResolverName[];
    readonly considered: readonly ScoredWork[];
  }
  | {
    readonly kind: "ambiguous";
    readonly reason: string;
    readonly considered: readonly ScoredWork[];
  }
  | { readonly kind: "not_found"; readonly considered: readonly ScoredWork[] };

/** Points from which a match stands by itself. */
const ACCEPT_SCORE = 85;
/** Points from which two providers that agree are enough. */
const AGREED_SCORE = 70;
/** Title points of a record that bears the whole title asked for. */
const OWN_TITLE_POINTS = 50;
/** Year points of an edition of the very year asked for. */
const EXACT_YEAR_POINTS = 15;
/** How far the next different work must be behind. */
const LEAD = 10;
/** How many records are kept as evidence. */
const MAX_CONSIDERED = 8;

/** Records of one work, best first. */
interface WorkGroup {
  readonly records: readonly MeasuredRecord[];
  readonly providers: readonly ResolverName[];
  readonly parts: ScoreParts;
  readonly score: number;
}

/** Records with what orders them: their points, else their text, which only a tie asks for. */
function inOrder(records: readonly MeasuredRecord[]): MeasuredRecord[] {
  const texts = new Map<MeasuredRecord, string>();
  const textOf = (record: MeasuredRecord): string => {
    const { provider, provider_key, title } = record.work;
    const text = texts.get(record) ??
      JSON.stringify([provider, provider_key, title, record.work]);
    texts.set(record, text);
    return text;
  };
  return records.map((record) => ({ record, points: sumParts(record.parts) }))
    .sort((a, b) => {
      if (a.points !== b.points) return b.points - a.points;
      const [left, right] = [textOf(a.record), textOf(b.record)];
      return left < right ? -1 : left > right ? 1 : 0;
    })
    .map(({ record }) => record);
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
type Witnesses = ReadonlyMap<string, readonly MeasuredRecord[]>;

function witnessesOf(authorless: readonly MeasuredRecord[]): Witnesses {
  const named = authorless.flatMap((record) => isbnsOf(record).map((isbn) => ({ isbn, record })));
  return new Map(
    [...Map.groupBy(named, ({ isbn }) => isbn)]
      .map(([isbn, entries]) => [isbn, entries.map(({ record }) => record)]),
  );
}

function buildGroup(records: readonly MeasuredRecord[], witnesses: Witnesses): WorkGroup {
  const known = [
    ...new Set([
      ...records,
      ...records.flatMap(isbnsOf).flatMap((isbn) => witnesses.get(isbn) ?? []),
    ]),
  ];
  const parts = { ...records[0]!.parts, agreement: agreementPoints(known) };
  return {
    records,
    providers: [...new Set(known.map(({ work }) => work.provider))].sort(),
    parts,
    score: sumParts(parts),
  };
}

/** A title that is only nearly the one asked for stands back when another is spelt as asked. */
function dropNearMisses(groups: readonly MeasuredRecord[][]): MeasuredRecord[][] {
  const isExact = ({ title_match }: MeasuredRecord) =>
    ["full", "main", "segment"].includes(title_match.agreement);
  const exact = groups.filter((group) => group.some(isExact));
  return exact.length > 0 ? exact : [...groups];
}

function evidence(
  measured: readonly MeasuredRecord[],
  verdictOf: (record: MeasuredRecord) => string,
  agreementOf: (record: MeasuredRecord) => number,
): ScoredWork[] {
  return measured.slice(0, MAX_CONSIDERED).map((record) => {
    const parts = { ...record.parts, agreement: agreementOf(record) };
    return {
      provider: record.work.provider,
      provider_key: record.work.provider_key,
      title: record.work.title,
      authors: record.work.authors,
      score: sumParts(parts),
      parts,
      verdict: verdictOf(record),
    };
  });
}

/** Whether a record bears no more than what stands before the subtitle asked for. */
function isStem({ title_match }: MeasuredRecord): boolean {
  return ["stem", "partial"].includes(title_match.agreement);
}

/** Editions that may give the ISBN; beside a record that names the subtitle, not those of one that does not. */
function choicesOf({ records }: WorkGroup): EditionChoice[] {
  const named = records.filter((record) => !isStem(record));
  return (named.length > 0 ? named : records).flatMap((record) =>
    record.editions.map((edition) => ({ ...edition, record }))
  );
}

/** Why the best group is not enough by itself; null when it is. */
function objection(top: WorkGroup, next: WorkGroup | undefined): string | null {
  const best = top.records[0]!;
  if (best.title_match.score < SAME_TITLE) {
    return `The best title, "${best.work.title}", is not close enough to the one asked for`;
  }
  if (
    best.title_match.agreement === "stem" && top.records.every(isStem) &&
    top.parts.year < EXACT_YEAR_POINTS
  ) {
    return `Nobody names the subtitle asked for, and "${best.work.title}" may be the whole series`;
  }
  if (top.score < AGREED_SCORE || (top.score < ACCEPT_SCORE && top.providers.length < 2)) {
    return `The best match scores ${top.score}; ${ACCEPT_SCORE} is wanted, or two providers ` +
      `that agree from ${AGREED_SCORE}`;
  }
  if (next !== undefined && top.score - next.score < LEAD) {
    return `Two works are too close: ${top.score} and ${next.score} points, ${LEAD} apart wanted`;
  }
  return null;
}

/**
 * Decides which of the candidates is the book asked for, and which of its editions gives the ISBN.
 * Pure and independent of the order of candidates; records that can't be the book (another author,
 * another volume, a study guide) change the outcome only by their ISBNs, which no other record may
 * give then. Records of several providers may be given at once: those of one work are taken together,
 * and their agreement counts.
 */
export function decideMatch(query: BookQuery, works: readonly WorkCandidate[]): MatchDecision {
  const prepared = prepareQuery(query);
  const measured = inOrder(
    withoutDisowned(prepared, works.map((work) => measureRecord(prepared, work))),
  );
  const authorless = measured.filter(({ veto }) => veto === "no author to compare");
  const possible = measured.filter(({ veto }) => veto === null);
  const witnesses = witnessesOf(authorless);
  // Groups come in the order of their best records, which decides between equal scores.
  const groups = dropNearMisses(groupRecords(possible))
    .map((records) => buildGroup(records, witnesses))
    .sort((a, b) => b.score - a.score);
  const groupOf = new Map(
    groups.flatMap((group) => group.records.map((record) => [record, group] as const)),
  );

  const [top, next] = groups;
  const ordered = [...possible, ...measured.filter(({ veto }) => veto !== null)];
  const describe = (topVerdict: string): ScoredWork[] =>
    evidence(ordered, (record) => {
      if (record.veto !== null) return `vetoed: ${record.veto}`;
      if (record === top?.records[0]) return topVerdict;
      const group = groupOf.get(record);
      if (group === undefined) return "vetoed: spelt differently, and another is spelt as asked";
      return group === top ? "same work" : "another work";
    }, (record) => roundPoints(groupOf.get(record)?.parts.agreement ?? 0));

  if (top === undefined) {
    if (authorless.length === 0) return { kind: "not_found", considered: describe("") };
    const reason = "A record has the title asked for, but names no author to compare";
    return { kind: "ambiguous", reason, considered: describe("") };
  }
  const reason = objection(top, next);
  if (reason !== null) return { kind: "ambiguous", reason, considered: describe("not proven") };
  const choice = chooseEdition(choicesOf(top), query);
  if (choice === null) {
    const missing = "The work was found, but no edition of it has a usable ISBN";
    return { kind: "ambiguous", reason: missing, considered: describe("no usable ISBN") };
  }
  return {
    kind: "found",
    isbn13: choice.edition.isbn13,
    edition: choice.edition,
    work: top.records[0]!.work,
    score: top.score,
    providers: top.providers,
    considered: describe("accepted"),
  };
}

/**
 * Whether nobody else needs to be heard. A record that bears the title asked for only behind a series
 * name, with a subtitle of its own, or nearly, is accepted where no better one comes, but one may: "The
 * Sandman, Vol. 9: The Kindly Ones" for "The Kindly Ones". Nor is an ISBN beyond doubt that has no date
 * and one provider: what bears the bare title may be a box set of it, and others would say so.
 */
export function isBeyondDoubt(decision: MatchDecision): boolean {
  if (decision.kind !== "found") return false;
  const isCorroborated = decision.edition.published !== null || decision.providers.length > 1;
  return isCorroborated &&
    decision.considered.some(({ verdict, parts }) =>
      verdict === "accepted" && parts.title >= OWN_TITLE_POINTS
    );
}
