import {
  type CostCap,
  describeCostCap,
  describeUnpriced,
  dollars,
} from "../domain/money/cost_cap.ts";
import type { Alert } from "./open_and_close.ts";

const ADVICE = {
  day: "Raise MAX_COST_PER_DAY and restart the service, or wait: at 00:00 UTC it goes on by itself",
  run:
    "Raise the run's cap with deno task cost-cap, or raise MAX_COST_PER_RUN and restart the service " +
    "when the run has no cap of its own; it goes on by itself then",
} as const;

/** A cap, and what was spent under it in US dollars. */
interface SpentCap {
  readonly cap: CostCap;
  readonly spent_usd: number;
}

/** That a cap leaves no room for a call; `need` says for which. */
export function capReachedAlert(spent: SpentCap, need: string): Alert {
  const { cap } = spent;
  return {
    kind: "cost_cap_reached",
    subject: describeCostCap(cap),
    cause: capReached(spent, need),
    advice: ADVICE[cap.scope],
  };
}

/** The same as a sentence. */
export function capReached({ cap, spent_usd }: SpentCap, need: string): string {
  return `The cap of ${dollars(cap.cap_usd)} for ${whose(cap)} is reached: ${dollars(spent_usd)} ` +
    `are spent, and ${need}`;
}

/** That a cap cannot be kept, because nobody knows what the model costs. */
export function unpricedAlert(cap: CostCap, model: string): Alert {
  return {
    kind: "cost_cap_reached",
    subject: describeUnpriced(model),
    cause: `The cap of ${dollars(cap.cap_usd)} for ${whose(cap)} cannot be kept: ${model} has no ` +
      `price`,
    advice:
      `Add ${model}=input/output in US dollars for a million tokens to MODEL_PRICES (0/0 for a ` +
      `model of your own), or ask another model, and restart the service`,
  };
}

function whose({ scope, id }: CostCap): string {
  return scope === "day" ? `the day ${id}` : `run ${id}`;
}
