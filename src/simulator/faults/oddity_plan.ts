import type { Clock } from "../../clock.ts";
import { monthIndex, monthOf, parseMonthKey } from "../../domain/months/month.ts";
import type { RequestSubject } from "../service/request_subject.ts";
import {
  isModelService,
  type ModelServiceName,
  type ServiceName,
} from "../service/service_names.ts";
import { playsKind, sendsRetryAfter } from "./fault_plan.ts";
import { FAULT_KINDS, type FaultKind, type FaultRule } from "./faults.ts";
import type { Oddities } from "./oddities.ts";
import { stableChoice, stableShare } from "./random.ts";

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
  take(service: ServiceName, subject: RequestSubject): FaultRule | null;
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
