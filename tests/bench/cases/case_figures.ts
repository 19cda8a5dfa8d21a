import type { AnswerOrder, CaseVerdict, DecidedCase } from "./case_run.ts";

/** Cases by what became of them. */
export type CaseTally = Readonly<Record<CaseVerdict, number>>;

/** The same for some of the cases, kind by kind. */
export interface TallyByKind extends CaseTally {
  readonly by_kind: Readonly<Record<string, CaseTally>>;
}

/** What the benchmark reports; a case counts once, by the worst that became of it in any order. */
export interface CaseFigures extends TallyByKind {
  readonly cases: number;
  /** The cases whose expectation is sure, alone. */
  readonly sure: TallyByKind & { readonly cases: number };
  /** In one order of answers each. */
  readonly by_order: Readonly<Record<string, CaseTally & { readonly sure: CaseTally }>>;
}

/** A case with what became of it in each order that was tried. */
export interface CaseOutcome {
  readonly id: string;
  readonly kind: string;
  readonly isSure: boolean;
  /** The worst of all orders. */
  readonly verdict: CaseVerdict;
  readonly decided: readonly DecidedCase[];
}

/** The worst first: a wrong ISBN is worse than none. */
const VERDICTS: readonly CaseVerdict[] = ["wrong", "refused", "ambiguous", "right"];

/** Puts together what became of each case, in the order of the cases. */
export function caseOutcomes(decided: readonly DecidedCase[]): CaseOutcome[] {
  return [...Map.groupBy(decided, ({ match_case }) => match_case)].map(([match_case, group]) => ({
    id: match_case.id,
    kind: match_case.kind,
    isSure: match_case.sure,
    verdict: VERDICTS.find((verdict) => group.some((one) => one.verdict === verdict)) ?? "right",
    decided: group,
  }));
}

/** Counts all that was decided. */
export function caseFigures(decided: readonly DecidedCase[]): CaseFigures {
  const outcomes = caseOutcomes(decided);
  const sure = outcomes.filter(({ isSure }) => isSure);
  const orders = [...Map.groupBy(decided, ({ order }) => order)];
  return {
    cases: outcomes.length,
    ...tallyByKind(outcomes),
    sure: { cases: sure.length, ...tallyByKind(sure) },
    by_order: Object.fromEntries(
      orders.map(([order, group]): [AnswerOrder, CaseTally & { sure: CaseTally }] => [order, {
        ...tally(group),
        sure: tally(group.filter(({ match_case }) => match_case.sure)),
      }]),
    ),
  };
}

function tallyByKind(outcomes: readonly CaseOutcome[]): TallyByKind {
  const kinds = [...Map.groupBy(outcomes, ({ kind }) => kind)].sort(([a], [b]) => a < b ? -1 : 1);
  return {
    ...tally(outcomes),
    by_kind: Object.fromEntries(kinds.map(([kind, group]) => [kind, tally(group)])),
  };
}

function tally(verdicts: readonly { readonly verdict: CaseVerdict }[]): CaseTally {
  const count = (wanted: CaseVerdict) => verdicts.filter((one) => one.verdict === wanted).length;
  return {
    right: count("right"),
    wrong: count("wrong"),
    refused: count("refused"),
    ambiguous: count("ambiguous"),
  };
}
