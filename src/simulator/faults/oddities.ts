import type { FaultKind } from "./faults.ts";

/** How models that are asked for a series apart from the title answer otherwise; shares are 0–1. */
export interface SeriesOddities {
  /** Of the books of a series, those whose series is not said. */
  readonly missingShare: number;
  /** Likewise, those with another series or number. */
  readonly wrongShare: number;
  /** Likewise, those with the series in the title, for half of them in its field too. */
  readonly inTitleShare: number;
  /** Of the books that belong to no series, those that are said to. */
  readonly madeUpShare: number;
}

/** How the language models err when no fault is scripted; shares are 0–1. */
export interface Oddities {
  /** The share of a month's notable works that a model knows; each model knows another part. */
  readonly knownShare: number;
  /** The share of a list that nobody ever wrote. */
  readonly inventedShare: number;
  /** The share of a list that came out in a neighbouring month or year. */
  readonly misdatedShare: number;
  readonly series: SeriesOddities;
  /** So many of the newest months before the clock's are refused, and with them all to come. */
  readonly refusedMonths: number;
  /** The share of the months that meet each of these; a service passes over what it cannot play. */
  readonly forms: Readonly<Partial<Record<FaultKind, number>>>;
}

/** Models that know everything and answer as they were asked to. */
export const NO_ODDITIES: Oddities = {
  knownShare: 1,
  inventedShare: 0,
  misdatedShare: 0,
  series: { missingShare: 0, wrongShare: 0, inTitleShare: 0, madeUpShare: 0 },
  refusedMonths: 0,
  forms: {},
};

/**
 * Oddities of the kinds seen in the wild, in shares that are this simulator's own choice: of twenty books
 * named about one is invented and two are of another month, and two months of seven meet an odd form. Of
 * four books of a series one has it said otherwise than asked.
 */
export const USUAL_ODDITIES: Oddities = {
  knownShare: 0.85,
  inventedShare: 0.05,
  misdatedShare: 0.1,
  series: { missingShare: 0.1, wrongShare: 0.05, inTitleShare: 0.1, madeUpShare: 0.02 },
  refusedMonths: 6,
  forms: {
    fenced: 0.03,
    surrounded: 0.02,
    bare_array: 0.02,
    other_key: 0.02,
    duplicates: 0.02,
    over_limit: 0.02,
    wrong_types: 0.02,
    truncated: 0.01,
    no_parts: 0.01,
    bad_content: 0.01,
    refusal: 0.01,
    refusal_prose: 0.005,
    refusal_field: 0.005,
    safety: 0.005,
    blocked: 0.005,
    recitation: 0.005,
    error_body: 0.005,
    error_choice: 0.005,
    "429": 0.01,
    "503": 0.02,
    malformed: 0.02,
    draft_first: 0.01,
    json_lines: 0.01,
  },
};
