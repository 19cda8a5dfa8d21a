import { z } from "zod";
import { GENERATOR_NAMES } from "../../domain/providers/provider_names.ts";
import { AppError } from "../../errors.ts";
import type { RequestSubject } from "../service/request_subject.ts";
import { isModelService, SERVICE_NAMES, type ServiceName } from "../service/service_names.ts";
import { SERVICES } from "../services.ts";
import { type FaultKind, type FaultRule, faultRuleForm } from "./faults.ts";

/** Whether a service can show a fault. */
export function playsKind(service: ServiceName, kind: FaultKind): boolean {
  return SERVICES[service].faults.includes(kind);
}

/** Whether a service's 429 names a waiting time. */
export function sendsRetryAfter(service: ServiceName): boolean {
  return SERVICES[service].sendsRetryAfter;
}

/** One scripted fault as it is sent to the simulator. */
export const faultRuleSchema = faultRuleForm.superRefine((rule, context) => {
  const refuse = (path: string, message: string): void =>
    context.addIssue({ code: "custom", path: [path], message });
  if (!playsKind(rule.service, rule.kind)) {
    refuse(
      "kind",
      `${rule.service} has no "${rule.kind}"; it has ${SERVICES[rule.service].faults.join(", ")}`,
    );
  }
  const askedForMonths: readonly ServiceName[] = GENERATOR_NAMES;
  if (rule.month !== undefined && !askedForMonths.includes(rule.service)) {
    refuse("month", `Only ${askedForMonths.join(", ")} are asked for months`);
  }
  if (rule.below_tokens !== undefined && !isModelService(rule.service)) {
    refuse("below_tokens", `${rule.service} counts no tokens`);
  }
  if (rule.title_contains !== undefined && isModelService(rule.service)) {
    refuse("title_contains", `${rule.service} is not asked for titles`);
  }
  if (rule.retry_after_seconds === undefined) return;
  if (rule.kind !== "429" || !sendsRetryAfter(rule.service)) {
    const senders = SERVICE_NAMES.filter(sendsRetryAfter);
    refuse("retry_after_seconds", `Only a 429 of ${senders.join(" or ")} has it`);
  }
});

/** The scripted faults of a simulator, looked at for every request in the order they were added. */
export interface FaultPlan {
  /** Throws `AppError` BAD_REQUEST when the rule is not one this simulator can play. */
  add(rule: FaultRule): void;
  clear(): void;
  /** The rules with what is left of them. */
  list(): readonly (FaultRule & { readonly hits: number })[];
}

/** The plan as the services see it. */
export interface PlayableFaultPlan extends FaultPlan {
  /** The fault this request suffers, counted as played, or null. */
  take(service: ServiceName, subject: RequestSubject): FaultRule | null;
}

interface Scripted {
  readonly rule: FaultRule;
  seen: number;
  hits: number;
}

function isBelow({ maxTokens = Infinity }: RequestSubject, tokens: number): boolean {
  return maxTokens < tokens;
}

function concerns(
  rule: FaultRule,
  { service, subject }: { service: ServiceName; subject: RequestSubject },
): boolean {
  if (rule.service !== service) return false;
  if (rule.month !== undefined && rule.month !== subject.month) return false;
  if (rule.below_tokens !== undefined && !isBelow(subject, rule.below_tokens)) return false;
  if (rule.kind === "lagged" && subject.maxLag === undefined) return false;
  if (rule.title_contains === undefined) return true;
  const title = subject.query?.title?.toLowerCase() ?? "";
  return title.includes(rule.title_contains.toLowerCase());
}

function strikes(scripted: Scripted, random: () => number): boolean {
  const { after = 0, times = Infinity, probability = 1 } = scripted.rule;
  scripted.seen++;
  if (scripted.seen <= after || scripted.hits >= times) return false;
  return probability >= 1 || random() < probability;
}

/**
 * An empty plan. `random` decides faults with a probability; `hasUnknownBooks` says whether the data
 * holds books for the kind `unknown_titles`.
 */
export function createFaultPlan(
  options: { random: () => number; hasUnknownBooks: boolean },
): PlayableFaultPlan {
  let plan: Scripted[] = [];
  return {
    add(rule) {
      const checked = faultRuleSchema.safeParse(rule);
      if (!checked.success) {
        throw new AppError("BAD_REQUEST", `Not a fault rule: ${z.prettifyError(checked.error)}`);
      }
      if (rule.kind === "unknown_titles" && !options.hasUnknownBooks) {
        throw new AppError(
          "BAD_REQUEST",
          "The kind unknown_titles needs a benchmark_dev.jsonl with fictional books in the data directory",
        );
      }
      plan.push({ rule: checked.data, seen: 0, hits: 0 });
    },
    clear() {
      plan = [];
    },
    list: () => plan.map(({ rule, hits }) => ({ ...rule, hits })),
    take(service, subject) {
      for (const scripted of plan) {
        if (!concerns(scripted.rule, { service, subject })) continue;
        if (!strikes(scripted, options.random)) continue;
        scripted.hits++;
        return scripted.rule;
      }
      return null;
    },
  };
}
