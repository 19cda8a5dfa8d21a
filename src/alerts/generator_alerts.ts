import type { AlertKey } from "../database/alerts/alerts.ts";
import type { RetryingDatabase } from "../database/connection/retrying_database.ts";
import type { Clock } from "../clock.ts";
import { type GenerationDecision, obstacleOf } from "../domain/generation/decide_generation.ts";
import type { Generator } from "../domain/generation/generator.ts";
import type { AppError } from "../errors.ts";
import type { Log } from "../log.ts";
import { adviceAbout } from "./generator_advice.ts";
import { type Alert, endAlerts, raiseAlert } from "./open_and_close.ts";

/** What a month has learned about one generator. */
export interface GeneratorNews {
  readonly generator: Pick<Generator, "name" | "kind">;
  /** It answered itself just now. */
  readonly is_fresh: boolean;
  /** Why it gave no answer that can be used; null when it did. */
  readonly error: AppError | null;
}

/**
 * Tells the operator what this month has learned about the generators: closes the alerts about those
 * that answered just now, opens those about whoever needs help. Not part of any transaction, so that
 * what was noticed stays noticed.
 */
export async function tellOperator(
  { database, clock, log }: {
    readonly database: RetryingDatabase;
    readonly clock: Clock;
    readonly log: Log;
  },
  { news, decision }: { news: readonly GeneratorNews[]; decision: GenerationDecision },
): Promise<void> {
  const at = clock.sqlNow();
  const ended = { alerts: endedAlerts(news, decision), at };
  await database.ask((sql) => endAlerts(sql, ended, { log }));
  for (const alert of newAlerts(news, decision)) {
    await database.ask((sql) => raiseAlert(sql, { ...alert, at }, { log }));
  }
}

function newAlerts(news: readonly GeneratorNews[], decision: GenerationDecision): Alert[] {
  const alerts = news.flatMap(({ generator: { name }, error }): Alert[] =>
    error !== null && obstacleOf(error.code) === "lasting"
      ? [{
        kind: "generator_refused",
        subject: name,
        cause: error.message,
        advice: adviceAbout(name, error.code),
      }]
      : []
  );
  const reason = decision.kind === "wait" ? decision.reason : null;
  if (reason === "generators_down") {
    alerts.push({
      kind: "generators_down",
      subject: "",
      cause: news.flatMap(({ error }) => error?.message ?? []).join("; "),
      advice: "Nothing, if it passes: months wait without spending attempts and go on by " +
        "themselves. Another model beside them would keep the backfill going",
    });
  } else if (reason === "no_generator") {
    alerts.push({
      kind: "no_generator",
      subject: "",
      cause: "No generator is set up, so nobody can name a book",
      advice: "Set CONTACT for Wikidata, which needs no key, or the key of a model, and restart",
    });
  }
  return alerts;
}

/**
 * Months no longer wait for models when one of them has answered, or when all of them need a person;
 * where there is no model, when a catalogue answers.
 */
function endedAlerts(news: readonly GeneratorNews[], decision: GenerationDecision): AlertKey[] {
  const fresh = news.filter(({ is_fresh }) => is_fresh).map(({ generator }) => generator);
  const alerts = fresh.map(({ name }): AlertKey => ({ kind: "generator_refused", subject: name }));
  const models = news.filter(({ generator }) => generator.kind === "model");
  const isAnyBack = models.length > 0
    ? fresh.some(({ kind }) => kind === "model") || models.every(isRefused)
    : news.some(({ error }) => error === null);
  // Whoever answered may have said nothing usable: this month waits all the same.
  const isWaiting = decision.kind === "wait" && decision.reason === "generators_down";
  if (isAnyBack && !isWaiting) alerts.push({ kind: "generators_down", subject: "" });
  return alerts;
}

function isRefused({ error }: GeneratorNews): boolean {
  return error !== null && obstacleOf(error.code) === "lasting";
}
