import { type AlertKey, closeAlerts, openAlert } from "../database/alerts/alerts.ts";
import type { GenerationDecision } from "../domain/generation/decide_generation.ts";
import { adviceAbout } from "../domain/providers/provider_advice.ts";
import { askDatabase } from "../month_job/ask_database.ts";
import type { GeneratorOutcome } from "../generation/hear_generator.ts";
import type { MonthJobContext, MonthRun } from "../month_job/month_job_context.ts";

/**
 * Tells the operator what this month has learned about the generators: closes the alerts about those
 * that answered just now, opens those about whoever needs help. Not part of any transaction, so that
 * what was noticed stays noticed.
 */
export async function tellOperator(
  context: MonthJobContext,
  { run, outcomes, decision }: {
    run: MonthRun;
    outcomes: readonly GeneratorOutcome[];
    decision: GenerationDecision;
  },
): Promise<void> {
  const gone = { alerts: goneAlerts(outcomes, decision), at: context.clock.sqlNow() };
  await askDatabase(() => closeAlerts(context.database.sql, gone), { context, run });
  for (const { generator: { name }, result, error } of outcomes) {
    if (result.kind !== "failed" || result.obstacle !== "lasting" || error === null) continue;
    const key = { kind: "generator_refused", subject: name } as const;
    await open(context, { run, key, cause: error.message, advice: adviceAbout(name, error.code) });
  }
  if (decision.kind !== "wait") return;
  if (decision.reason === "generators_down") {
    await open(context, {
      run,
      key: { kind: "generators_down", subject: "" },
      cause: outcomes.flatMap(({ error }) => error?.message ?? []).join("; "),
      advice: "Nothing, if it passes: months wait without spending attempts and go on by " +
        "themselves. Another model beside them would keep the programme going",
    });
  } else if (decision.reason === "no_generator") {
    await open(context, {
      run,
      key: { kind: "no_generator", subject: "" },
      cause: "No generator is set up, so nobody can name a book",
      advice: "Set CONTACT for Wikidata, which needs no key, or the key of a model, and restart",
    });
  }
}

/**
 * Months no longer wait for models when one of them was heard, or when all of them need a person;
 * where there is no model, when a catalogue answers.
 */
function goneAlerts(
  outcomes: readonly GeneratorOutcome[],
  decision: GenerationDecision,
): AlertKey[] {
  const heard = outcomes.filter(({ isHeard }) => isHeard).map(({ generator }) => generator);
  const alerts = heard.map(({ name }): AlertKey => ({ kind: "generator_refused", subject: name }));
  const models = outcomes.filter(({ generator }) => generator.kind === "model");
  const isAnyBack = models.length > 0
    ? heard.some(({ kind }) => kind === "model") || models.every(isRefused)
    : outcomes.some(({ result }) => result.kind === "answered");
  // Whoever was heard may have said nothing usable: this month waits all the same.
  const isWaiting = decision.kind === "wait" && decision.reason === "generators_down";
  if (isAnyBack && !isWaiting) alerts.push({ kind: "generators_down", subject: "" });
  return alerts;
}

function isRefused({ result }: GeneratorOutcome): boolean {
  return result.kind === "failed" && result.obstacle === "lasting";
}

async function open(
  context: MonthJobContext,
  { run, key, ...words }: { run: MonthRun; key: AlertKey; cause: string; advice: string },
): Promise<void> {
  const { database, clock, log } = context;
  const alert = { ...key, ...words, at: clock.sqlNow() };
  const isNew = await askDatabase(() => openAlert(database.sql, alert), { context, run });
  if (isNew) log.error("alert_opened", { ...key, cause: words.cause });
}
