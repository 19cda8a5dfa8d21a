import type { FaultKind } from "../../src/simulator/faults/faults.ts";
import type { ModelServiceName } from "../../src/simulator/service/service_names.ts";

/** What becomes of a month whose only generator answers so. */
export interface Outcome {
  readonly month: "completed" | "waits" | "spends an attempt";
  readonly calls: number;
  readonly verdicts: readonly ("usable" | "refused" | "unusable")[];
  /** What stands in the ledger for each call: its tokens, nothing, or all that was reserved. */
  readonly bill: readonly ("tokens" | "nothing" | "reserved")[];
  readonly alert: string | null;
}

export const LIST: Outcome = {
  month: "completed",
  calls: 1,
  verdicts: ["usable"],
  bill: ["tokens"],
  alert: null,
};
const REFUSAL: Outcome = { ...LIST, verdicts: ["refused"] };
const CHATTER: Outcome = { ...LIST, month: "spends an attempt", verdicts: ["unusable"] };
const CUT_OFF: Outcome = {
  ...CHATTER,
  calls: 2,
  verdicts: ["unusable", "unusable"],
  bill: ["tokens", "tokens"],
};
const GARBLED: Outcome = { ...CHATTER, verdicts: [], bill: ["reserved"] };
const LASTING: Outcome = {
  month: "waits",
  calls: 1,
  verdicts: [],
  bill: ["nothing"],
  alert: "generator_refused",
};
const SPENT: Outcome = { ...LASTING, alert: "generators_down" };
const AWAY: Outcome = { ...SPENT, calls: 4 };

/** Silence lasts as long as the client has patience; the others are no model's. Both are tested with the clients. */
export type PlayedKind = Exclude<FaultKind, "timeout" | "cut_off" | "lagged" | "error_beside_list">;

/** One for each fault that is played. */
export const OUTCOMES: Readonly<Record<PlayedKind, Outcome>> = {
  fenced: LIST,
  surrounded: LIST,
  bare_array: LIST,
  other_key: LIST,
  wrong_types: LIST,
  duplicates: LIST,
  over_limit: LIST,
  misdated: LIST,
  unknown_titles: LIST,
  truncated: LIST,
  malformed: LIST,
  draft_first: LIST,
  json_lines: LIST,
  empty: LIST,
  refusal: REFUSAL,
  refusal_prose: REFUSAL,
  refusal_field: REFUSAL,
  safety: REFUSAL,
  blocked: REFUSAL,
  recitation: REFUSAL,
  bad_content: CHATTER,
  no_parts: CUT_OFF,
  html: GARBLED,
  broken_json: GARBLED,
  "429": AWAY,
  "500": AWAY,
  "503": AWAY,
  error_body: AWAY,
  error_choice: AWAY,
  quota: SPENT,
  "403": LASTING,
  key_refused: LASTING,
  retired_model: LASTING,
  credits_spent: LASTING,
  no_credits: LASTING,
  location_refused: LASTING,
  wrong_address: LASTING,
};

/** What becomes of the month where the services differ. */
export function outcomeOf(service: ModelServiceName, kind: PlayedKind): Outcome {
  // There it is moderation, which says nothing of a bill.
  if (service === "openai_compatible" && kind === "403") return { ...REFUSAL, bill: ["reserved"] };
  return OUTCOMES[kind];
}

/** Those after which the model itself has answered, in whatever form. */
export const IN_ANSWERS = new Set<Outcome>([LIST, REFUSAL, CHATTER, CUT_OFF, GARBLED]);
