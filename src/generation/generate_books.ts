import {
  decideGeneration,
  type GenerationDecision,
} from "../domain/generation/decide_generation.ts";
import type { GeneratorRequest } from "../domain/generation/generator.ts";
import { MAX_ATTEMPTS } from "../domain/months/month_state.ts";
import { variantFor } from "../domain/generation/prompt.ts";
import { AppError } from "../errors.ts";
import type { NamedBook } from "./ask_generator.ts";
import { tellOperator } from "../alerts/generator_alerts.ts";
import { generatorRequest } from "./generator_request.ts";
import { type GeneratorOutcome, hearGenerator } from "./hear_generator.ts";
import type { MonthJobContext, MonthRun } from "../month_job/month_job_context.ts";

export interface GeneratedBooks {
  readonly books: readonly NamedBook[];
  readonly prompt_variant: string;
  /** What the month's note should say about generators that named nothing. */
  readonly remarks: readonly string[];
}

/**
 * Stage 1: asks every generator side by side, or reads back what it answered before, and lets
 * {@linkcode decideGeneration} say whether that is enough.
 *
 * Throws `AppError` PROVIDER_BAD_ANSWER when another attempt is worth it; EVERY_GENERATOR_DOWN,
 * NO_GENERATOR or COST_CAP_REACHED when the month has to wait; what is none of a generator's faults.
 */
export async function generateBooks(
  context: MonthJobContext,
  run: MonthRun,
): Promise<GeneratedBooks> {
  const request = requestFor(run);
  const outcomes = await settleAll(
    context.generators.map((generator) => hearGenerator(context, { run, generator, request })),
  );
  run.signal.throwIfAborted();

  const snoozeMs = context.outcome_policy.snooze_seconds * 1000;
  const decision = decideGeneration(
    outcomes.map(({ generator, result }) => ({ role: generator.kind, result })),
    {
      isLastAttempt: run.retry_count + 1 >= MAX_ATTEMPTS,
      askAgainAt: new Date(context.clock.now().getTime() + snoozeMs),
    },
  );
  await tellOperator(context, { run, outcomes, decision });
  if (decision.kind !== "go_on") throw errorOf(decision, outcomes);
  for (const { generator, error } of outcomes) {
    if (error) run.log.warn("generator_failed", { generator: generator.name, error });
  }
  return {
    books: outcomes.flatMap(({ answer }) => answer?.books ?? []),
    prompt_variant: request.prompt.variant,
    remarks: outcomes.flatMap(({ generator, answer, error }) =>
      error ? [`${generator.name} gave no list: ${error.message}`] : answer?.remark ?? []
    ),
  };
}

function requestFor(run: MonthRun): GeneratorRequest {
  const asked = run.prompt_variant;
  const variant = variantFor(run.year, asked);
  if (asked !== null && asked !== variant) {
    run.log.warn("prompt_variant_unknown", { asked, used: variant });
  }
  const month = { year: run.year, month: run.month };
  return generatorRequest({ month, variant, maxBooks: run.batch_size });
}

/** All results; when something was thrown, only after all are there, so that no paid answer is left. */
async function settleAll<T>(promises: readonly Promise<T>[]): Promise<T[]> {
  await Promise.allSettled(promises);
  return await Promise.all(promises);
}

/** What the month is told when it does not go on. */
function errorOf(
  decision: Exclude<GenerationDecision, { kind: "go_on" }>,
  outcomes: readonly GeneratorOutcome[],
): AppError {
  const errors = outcomes.flatMap(({ error }) => error ?? []);
  if (decision.kind === "ask_again") {
    const unusable = outcomes.find(({ result }) =>
      result.kind === "failed" && result.obstacle === "unusable"
    );
    if (unusable?.error) return unusable.error;
  }
  const capped = errors.find(({ code }) => code === "COST_CAP_REACHED");
  if (capped) return capped;
  if (errors.length === 0) return new AppError("NO_GENERATOR", "No generator is set up");
  const until = decision.kind === "wait" ? decision.until : null;
  const isUnnamed = decision.kind === "wait" && decision.reason === "no_books_yet";
  const found = isUnnamed ? "Nobody has named a book yet" : "No generator can answer";
  return new AppError(
    "EVERY_GENERATOR_DOWN",
    `${found}: ${errors.map(({ message }) => message).join("; ")}`,
    { cause: errors[0], ...(until ? { retryAt: until } : {}) },
  );
}
