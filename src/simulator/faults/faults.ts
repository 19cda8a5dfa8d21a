import { z } from "zod";
import { AppError } from "../../errors.ts";
import { parseMonthKey } from "../../domain/months/month.ts";
import {
  isModelService,
  MODEL_SERVICE_NAMES,
  SERVICE_NAMES,
  type ServiceName,
  type Subject,
} from "../catalogue/subject.ts";

/** What can go wrong in every service. */
const COMMON_KINDS = [
  "403",
  "429",
  "500",
  "503",
  "timeout",
  "broken_json",
  "empty",
  "html",
  "bad_content",
] as const;

/** What only language models do. */
const MODEL_KINDS = [
  // Answers that end before they should.
  "no_parts",
  "truncated",
  "safety",
  // Refusals: as JSON and as polite prose.
  "refusal",
  "refusal_prose",
  // Lists in another form than asked for.
  "fenced",
  "surrounded",
  "bare_array",
  "other_key",
  "wrong_types",
  // Lists of other books than asked for.
  "duplicates",
  "over_limit",
  "misdated",
  "unknown_titles",
  // Errors that asking again does not cure, each in the provider's own way.
  "key_refused",
  "retired_model",
] as const;

/** What only some services do. */
const OWN_KINDS = [
  /** Gemini: the prompt is stopped by a filter. */
  "blocked",
  /** Gemini: the answer is stopped for being too like its sources. */
  "recitation",
  /** A refusal in the field made for it, where the wire has one. */
  "refusal_field",
  /** The allowance of the day is spent, in the services that have one. */
  "quota",
  /** An error behind the status 200, in the services that answer so. */
  "error_body",
  /** The same inside the one choice of a completion. */
  "error_choice",
  /** An error, or a word that results are missing, beside a list that is empty for it. */
  "error_beside_list",
  /** The money paid in advance is used up: xAI's and Google's 429, OpenRouter's 402. */
  "credits_spent",
  /** xAI's 403 for a team that never paid. */
  "no_credits",
  /** The answer breaks off, and words about the reason stand behind it, in the services that do so. */
  "cut_off",
  /** Wikidata: the query service is behind; concerns only requests that ask about lag. */
  "lagged",
  /** A country that is not served: Google's 400, OpenAI's 403. */
  "location_refused",
  /** LM Studio's 200 with an error for a path it does not have. */
  "wrong_address",
] as const;

/** Whole lists that only a patient reader finds; last, so that they move no draw of the oddities above. */
const LIST_KINDS = [
  /** JSON with a fault, and a sentence behind it. */
  "malformed",
  /** Thoughts with another list in them before the list. */
  "draft_first",
  /** One book a line. */
  "json_lines",
] as const;

/** All that can be scripted to go wrong. */
export const FAULT_KINDS = [
  ...COMMON_KINDS,
  ...MODEL_KINDS,
  ...OWN_KINDS,
  ...LIST_KINDS,
] as const;

/** One of them. */
export type FaultKind = (typeof FAULT_KINDS)[number];

const KINDS_BY_SERVICE: Readonly<Record<ServiceName, readonly FaultKind[]>> = {
  gemini: [
    ...COMMON_KINDS,
    ...MODEL_KINDS,
    ...LIST_KINDS,
    "blocked",
    "recitation",
    "quota",
    "credits_spent",
    "location_refused",
  ],
  xai: [
    ...COMMON_KINDS,
    ...MODEL_KINDS,
    ...LIST_KINDS,
    "refusal_field",
    "credits_spent",
    "no_credits",
  ],
  openai_compatible: [
    ...COMMON_KINDS,
    ...MODEL_KINDS,
    ...LIST_KINDS,
    "refusal_field",
    "credits_spent",
    "quota",
    "location_refused",
    "wrong_address",
    "error_body",
    "error_choice",
  ],
  open_library: [...COMMON_KINDS, "error_beside_list"],
  isbndb: [...COMMON_KINDS, "quota", "cut_off"],
  google_books: [...COMMON_KINDS, "quota", "error_beside_list"],
  archive_org: [...COMMON_KINDS, "error_body", "error_beside_list"],
  wikidata: [...COMMON_KINDS, "error_body", "cut_off", "lagged"],
};

/** Services whose real service names a waiting time on 429. */
const SERVICES_WITH_RETRY_AFTER: readonly ServiceName[] = [
  "gemini",
  "openai_compatible",
  "isbndb",
  "wikidata",
];

const SERVICES_ASKED_FOR_MONTHS: readonly ServiceName[] = [...MODEL_SERVICE_NAMES, "wikidata"];

/** Whether a service can show a fault. */
export function playsKind(service: ServiceName, kind: FaultKind): boolean {
  return KINDS_BY_SERVICE[service].includes(kind);
}

/** Whether a service's 429 names a waiting time. */
export function sendsRetryAfter(service: ServiceName): boolean {
  return SERVICES_WITH_RETRY_AFTER.includes(service);
}

/** One scripted fault as it is sent to the simulator. */
export const faultRuleSchema = z.strictObject({
  service: z.enum(SERVICE_NAMES),
  kind: z.enum(FAULT_KINDS),
  /** How many requests it hits; without it, all until the plan is cleared. */
  times: z.int().min(1).optional(),
  /** How many matching requests pass unharmed first. */
  after: z.int().min(0).optional(),
  /** Chance for each matching request, 0–1; without it, certain. */
  probability: z.number().min(0).max(1).optional(),
  /** Only requests for this month, `YYYY-MM`. */
  month: z.string().refine((key) => parseMonthKey(key) !== null, "Expected YYYY-MM").optional(),
  /** Only requests whose title contains this, in any case. */
  title_contains: z.string().min(1).optional(),
  /** Only questions that allow an answer fewer tokens than this. */
  below_tokens: z.int().min(1).optional(),
  retry_after_seconds: z.int().min(0).optional(),
}).superRefine((rule, context) => {
  const refuse = (path: string, message: string): void =>
    context.addIssue({ code: "custom", path: [path], message });
  if (!playsKind(rule.service, rule.kind)) {
    refuse(
      "kind",
      `${rule.service} has no "${rule.kind}"; it has ${KINDS_BY_SERVICE[rule.service].join(", ")}`,
    );
  }
  if (rule.month !== undefined && !SERVICES_ASKED_FOR_MONTHS.includes(rule.service)) {
    refuse("month", `Only ${SERVICES_ASKED_FOR_MONTHS.join(", ")} are asked for months`);
  }
  if (rule.below_tokens !== undefined && !isModelService(rule.service)) {
    refuse("below_tokens", `${rule.service} counts no tokens`);
  }
  if (rule.title_contains !== undefined && isModelService(rule.service)) {
    refuse("title_contains", `${rule.service} is not asked for titles`);
  }
  if (rule.retry_after_seconds === undefined) return;
  if (rule.kind !== "429" || !sendsRetryAfter(rule.service)) {
    refuse("retry_after_seconds", `Only a 429 of ${SERVICES_WITH_RETRY_AFTER.join(" or ")} has it`);
  }
});

/** A scripted fault that passed its checks. */
export type FaultRule = z.infer<typeof faultRuleSchema>;

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
  take(service: ServiceName, subject: Subject): FaultRule | null;
}

interface Scripted {
  readonly rule: FaultRule;
  seen: number;
  hits: number;
}

function isBelow({ maxTokens = Infinity }: Subject, tokens: number): boolean {
  return maxTokens < tokens;
}

function concerns(
  rule: FaultRule,
  { service, subject }: { service: ServiceName; subject: Subject },
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
