import type { Clock } from "../../clock.ts";
import { monthIndex, monthOf, parseMonthKey } from "../../domain/months/month.ts";
import {
  FAULT_KINDS,
  type FaultKind,
  type FaultRule,
  playsKind,
  sendsRetryAfter,
} from "./faults.ts";
import { stableChoice, stableShare } from "./random.ts";
import {
  isModelService,
  type ModelServiceName,
  type ServiceName,
  type Subject,
} from "../catalogue/subject.ts";

/** How the language models err when no fault is scripted; shares are 0–1. */
export interface Oddities {
  /** The share of a month's notable works that a model knows; each model knows another part. */
  readonly knownShare: number;
  /** The share of a list that nobody ever wrote. */
  readonly inventedShare: number;
  /** The share of a list that came out in a neighbouring month or year. */
  readonly misdatedShare: number;
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
  refusedMonths: 0,
  forms: {},
};

/**
 * Oddities of the kinds seen in the wild, in shares that are this simulator's own choice: of twenty books
 * named about one is invented and two are of another month, and two months of seven meet an odd form.
 */
export const USUAL_ODDITIES: Oddities = {
  knownShare: 0.85,
  inventedShare: 0.05,
  misdatedShare: 0.1,
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

/** What belongs to the answer and comes with it every time; the other forms pass, so asking again helps. */
const STANDING: ReadonlySet<FaultKind> = new Set<FaultKind>([
  "fenced",
  "surrounded",
  "bare_array",
  "other_key",
  "duplicates",
  "over_limit",
  "wrong_types",
  "malformed",
  "draft_first",
  "json_lines",
]);

/** Short enough for a demonstration to wait. */
const RETRY_AFTER_SECONDS = 1;

/** The oddities of a simulator, as its services see them. */
export interface OddityPlan {
  /** What goes wrong with this request though nothing was scripted, or null. */
  take(service: ServiceName, subject: Subject): FaultRule | null;
}

function ruleFor(service: ModelServiceName, kind: FaultKind): FaultRule {
  const waits = kind === "429" && sendsRetryAfter(service);
  return { service, kind, ...(waits ? { retry_after_seconds: RETRY_AFTER_SECONDS } : {}) };
}

/**
 * A plan that draws the same oddity for the same seed, service and month in every process. What passes is
 * played on the first asking only.
 */
export function createOddityPlan(
  options: { oddities: Oddities; seed: number; clock: Clock },
): OddityPlan {
  const { oddities, seed, clock } = options;
  const asked = new Set<string>();

  const isRefused = (key: string): boolean => {
    const month = parseMonthKey(key);
    if (month === null || oddities.refusedMonths === 0) return false;
    const age = monthIndex(monthOf(clock.now())) - monthIndex(month);
    return age <= oddities.refusedMonths;
  };

  const drawForm = (service: ModelServiceName, month: string): FaultKind | null => {
    let left = stableShare(`form:${seed}:${service}:${month}`);
    for (const kind of FAULT_KINDS) {
      left -= oddities.forms[kind] ?? 0;
      if (left < 0) return playsKind(service, kind) ? kind : null;
    }
    return null;
  };

  return {
    take(service, { month }) {
      if (month === undefined || !isModelService(service)) return null;
      const key = `${service}:${month}`;
      if (isRefused(month)) {
        const shape = stableChoice<FaultKind>(`refusal:${seed}:${key}`, [
          "refusal",
          "refusal_prose",
        ]);
        return ruleFor(service, shape);
      }
      const isFirst = !asked.has(key);
      asked.add(key);
      const kind = drawForm(service, month);
      if (kind === null || !(isFirst || STANDING.has(kind))) return null;
      return ruleFor(service, kind);
    },
  };
}
