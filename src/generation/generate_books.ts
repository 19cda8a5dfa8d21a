import { type GeneratorNews, tellOperator } from "../alerts/generator_alerts.ts";
import type { ClaimedMonth } from "../database/months/months.ts";
import {
  decideGeneration,
  type GenerationDecision,
  type GeneratorResult,
  obstacleOf,
} from "../domain/generation/decide_generation.ts";
import type { Generator, GeneratorRequest } from "../domain/generation/generator.ts";
import type { NamedBook } from "../domain/generation/merge_books.ts";
import { variantFor } from "../domain/generation/prompt.ts";
import { MAX_ATTEMPTS } from "../domain/months/month_state.ts";
import { AppError } from "../errors.ts";
import type { Log } from "../log.ts";
import { askGenerator, type GeneratorOutcome } from "./ask_generator.ts";
import type { Asking } from "./asking.ts";
import { generatorRequest } from "./generator_request.ts";

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
  asking: Asking,
  { generators, month, snooze_seconds }: {
    generators: readonly Generator[];
    month: ClaimedMonth;
    /** How long an obstacle that does not say when it ends is waited for. */
    snooze_seconds: number;
  },
): Promise<GeneratedBooks> {
  const { log, clock, signal } = asking;
  const { month_id, job_id } = month;
  const request = requestFor(month, log);
  const outcomes = await settleAll(
    generators.map((generator) => askGenerator(asking, { month_id, job_id, generator, request })),
  );
  signal.throwIfAborted();

  const decision = decideGeneration(
    outcomes.map((outcome) => ({ role: outcome.generator.kind, result: resultOf(outcome) })),
    {
      isLastAttempt: month.retry_count + 1 >= MAX_ATTEMPTS,
      askAgainAt: new Date(clock.now().getTime() + snooze_seconds * 1000),
    },
  );
  await tellOperator(asking, { news: outcomes.map(newsOf), decision });
  if (decision.kind !== "go_on") throw errorOf(decision, outcomes);
  for (const { generator, error } of outcomes.map(newsOf)) {
    if (error) log.warn("generator_failed", { generator: generator.name, error });
  }
  return {
    books: outcomes.flatMap((outcome) => outcome.kind === "answered" ? outcome.books : []),
    prompt_variant: request.prompt.variant,
    remarks: outcomes.flatMap((outcome) =>
      outcome.kind === "failed"
        ? `${outcome.generator.name} gave no list: ${outcome.error.message}`
        : outcome.remark ?? []
    ),
  };
}

function requestFor(
  { year, month, prompt_variant: asked, batch_size }: ClaimedMonth,
  log: Log,
): GeneratorRequest {
  const variant = variantFor(year, asked);
  if (asked !== null && asked !== variant) {
    log.warn("prompt_variant_unknown", { asked, used: variant });
  }
  return generatorRequest({ month: { year, month }, variant, maxBooks: batch_size });
}

function resultOf(outcome: GeneratorOutcome): GeneratorResult {
  if (outcome.kind === "answered") {
    return { kind: "answered", has_books: outcome.books.length > 0 };
  }
  const { code, retryAt = null } = outcome.error;
  const obstacle = obstacleOf(code);
  return obstacle === null ? { kind: "capped" } : { kind: "failed", obstacle, ends_at: retryAt };
}

function newsOf(outcome: GeneratorOutcome): GeneratorNews {
  const { generator, is_fresh } = outcome;
  return { generator, is_fresh, error: outcome.kind === "failed" ? outcome.error : null };
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
  const errors = outcomes.flatMap((outcome) => outcome.kind === "failed" ? outcome.error : []);
  if (decision.kind === "ask_again") {
    const unusable = errors.find(({ code }) => obstacleOf(code) === "unusable");
    if (unusable) return unusable;
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
