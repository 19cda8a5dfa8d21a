import { z } from "zod";
import { AppError } from "../errors.ts";
import { parseMonthKey } from "../domain/month.ts";
import { ROOM_NAMES, type RoomName, type Subject } from "./subject.ts";

/** What can go wrong in every room. */
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

/** What only a language model does. */
const GEMINI_KINDS = [
  "no_parts",
  "truncated",
  "refusal",
  "blocked",
  "recitation",
  "fenced",
  "unknown_titles",
] as const;

/**
 * `quota` is the daily allowance spent, in the rooms that have one; `error_body` an error behind the
 * status 200, in the rooms that answer so.
 */
const FAULT_KINDS = [...COMMON_KINDS, ...GEMINI_KINDS, "quota", "error_body"] as const;

/** What can be scripted to go wrong. */
export type FaultKind = (typeof FAULT_KINDS)[number];

const KINDS_BY_ROOM: Readonly<Record<RoomName, readonly FaultKind[]>> = {
  gemini: [...COMMON_KINDS, ...GEMINI_KINDS, "quota"],
  open_library: COMMON_KINDS,
  isbndb: [...COMMON_KINDS, "quota"],
  google_books: [...COMMON_KINDS, "quota"],
  archive_org: [...COMMON_KINDS, "error_body"],
  wikidata: [...COMMON_KINDS, "error_body"],
};

/** Rooms whose real service names a waiting time on 429. */
const ROOMS_WITH_RETRY_AFTER: readonly RoomName[] = ["gemini", "isbndb", "wikidata"];

/** One scripted fault as it is sent to the simulator. */
export const faultRuleSchema = z.strictObject({
  room: z.enum(ROOM_NAMES),
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
  retry_after_seconds: z.int().min(0).optional(),
}).superRefine((rule, context) => {
  const refuse = (path: string, message: string): void =>
    context.addIssue({ code: "custom", path: [path], message });
  if (!KINDS_BY_ROOM[rule.room].includes(rule.kind)) {
    refuse(
      "kind",
      `${rule.room} has no "${rule.kind}"; it has ${KINDS_BY_ROOM[rule.room].join(", ")}`,
    );
  }
  if (rule.month !== undefined && rule.room !== "gemini") {
    refuse("month", "Only gemini is asked for months");
  }
  if (rule.title_contains !== undefined && rule.room === "gemini") {
    refuse("title_contains", "gemini is not asked for titles");
  }
  if (rule.retry_after_seconds === undefined) return;
  if (rule.kind !== "429" || !ROOMS_WITH_RETRY_AFTER.includes(rule.room)) {
    refuse("retry_after_seconds", `Only a 429 of ${ROOMS_WITH_RETRY_AFTER.join(" or ")} has it`);
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

/** The plan as the rooms see it. */
export interface PlayableFaultPlan extends FaultPlan {
  /** The fault this request suffers, counted as played, or null. */
  take(room: RoomName, subject: Subject): FaultRule | null;
}

interface Scripted {
  readonly rule: FaultRule;
  seen: number;
  hits: number;
}

function concerns(
  rule: FaultRule,
  { room, subject }: { room: RoomName; subject: Subject },
): boolean {
  if (rule.room !== room) return false;
  if (rule.month !== undefined && rule.month !== subject.month) return false;
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
    take(room, subject) {
      for (const scripted of plan) {
        if (!concerns(scripted.rule, { room, subject })) continue;
        if (!strikes(scripted, options.random)) continue;
        scripted.hits++;
        return scripted.rule;
      }
      return null;
    },
  };
}
