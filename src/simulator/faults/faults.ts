import { z } from "zod";
import { parseMonthKey } from "../../domain/months/month.ts";
import { SERVICE_NAMES } from "../service/service_names.ts";

/** What can go wrong in every service. */
export const COMMON_KINDS = [
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
export const MODEL_KINDS = [
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
export const LIST_KINDS = [
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

/** The form of a scripted fault, whatever service it is for. */
export const faultRuleForm = z.strictObject({
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
});

/** A scripted fault. */
export type FaultRule = z.infer<typeof faultRuleForm>;
