import { demandReady, type Queryable } from "../database/connection/connection.ts";
import { type StoredGeneration, storeGeneration } from "../database/generation/generations.ts";
import { settleSpending } from "../database/spending/spending.ts";
import { isBelievable, mayBeBilled } from "../domain/money/call_budget.ts";
import type {
  Generator,
  GeneratorAnswer,
  GeneratorRequest,
} from "../domain/generation/generator.ts";
import { costUsd, priceOfAnswer } from "../domain/money/model_prices.ts";
import { AppError, databaseErrorIn, toAppError } from "../errors.ts";
import { askDatabase } from "../month_job/ask_database.ts";
import { countCall } from "../month_job/call_counts.ts";
import type { MonthJobContext } from "../month_job/month_job_context.ts";
import { type Call, type Reservation, reserveCost } from "../spending/reserve_cost.ts";

export interface Asked {
  readonly stored: StoredGeneration;
  /** Tokens the answer was allowed. */
  readonly max_output_tokens: number;
}

/**
 * Asks a generator and commits its answer, with what it cost, before anybody looks inside: whatever
 * happens next, it is not paid for twice. What a model can cost is reserved before, and no model is asked
 * while its answer could not be stored. An answer the database does not take is held for as long as the
 * month's lease lasts; only then is it lost, and what it cost stays booked.
 *
 * Throws `AppError` COST_CAP_REACHED when the call cannot be paid for, what the generator throws, and
 * what the database throws; the reservation is settled in any case, but when the process dies or the
 * database stays away.
 */
export async function callGenerator(context: MonthJobContext, call: Call): Promise<Asked> {
  const { run, generator, request } = call;
  const reservation = generator.kind === "model"
    ? await reserve(context, call)
    : { entry: null, max_output_tokens: request.max_output_tokens };
  const { max_output_tokens } = reservation;
  const limited = { ...request, max_output_tokens };
  let hasLeft = false;
  const onCall = (provider: string): void => {
    hasLeft = true;
    countCall(run, provider);
  };
  let answer: GeneratorAnswer;
  try {
    const given = await generator.generate(limited, { signal: run.signal, onCall });
    tellWhoAnswered(call, given.model);
    answer = withBelievableTokens(given, { call, limited });
  } catch (thrown) {
    const error = faultOf(thrown, call);
    const isBilled = mayBeBilled(error, { hasLeft });
    const cost = isBilled ? null : 0;
    const { sql } = context.database;
    await askDatabase(() => settle(context, { sql, reservation, cost }), { context, run });
    throw error;
  }
  return { stored: await storeAnswer(context, { call, reservation, answer }), max_output_tokens };
}

/**
 * A client that stumbles did so over an answer nobody thought of. That costs the month no more than one
 * nobody can use would, but somebody has to mend the client.
 */
function faultOf(thrown: unknown, { run, generator: { name } }: Call): AppError {
  const error = toAppError(thrown);
  if (error.code !== "INTERNAL" || run.signal.aborted || databaseErrorIn(thrown)) return error;
  run.log.error("client_stumbled", { generator: name, error });
  return new AppError(
    "PROVIDER_BAD_ANSWER",
    `${name}'s client stumbled over the answer: ${error.message}`,
    { cause: thrown, details: { provider: name } },
  );
}

async function reserve(context: MonthJobContext, call: Call): Promise<Reservation> {
  const { run } = call;
  await askDatabase(() => demandReady(context.database), { context, run });
  return await reserveCost(context, call);
}

/** A more exact name of the model that was asked is no other model. */
function tellWhoAnswered({ run, generator: { name, model } }: Call, answered_by: string): void {
  if (answered_by.startsWith(model)) return;
  run.log.info("answered_by_another_model", { generator: name, model, answered_by });
}

/**
 * Tokens that cannot be are as good as not counted: they would spoil the books and every forecast made
 * from them.
 */
function withBelievableTokens(
  answer: GeneratorAnswer,
  { call: { run, generator }, limited }: { call: Call; limited: GeneratorRequest },
): GeneratorAnswer {
  if (isBelievable(answer.tokens, limited)) return answer;
  run.log.warn("token_counts_not_believed", {
    generator: generator.name,
    model: generator.model,
    max_output_tokens: limited.max_output_tokens,
    claimed_input_tokens: answer.tokens.input,
    claimed_output_tokens: answer.tokens.output + answer.tokens.thinking,
  });
  return { ...answer, tokens: { input: 0, output: 0, thinking: 0 } };
}

async function storeAnswer(
  context: MonthJobContext,
  { call, reservation, answer }: { call: Call; reservation: Reservation; answer: GeneratorAnswer },
): Promise<StoredGeneration> {
  const { run, generator, request } = call;
  const cost = costOf(context, { answer, generator, reservation });
  // Run again after a commit nobody heard of, it finds the answer and what was booked.
  const store = () =>
    context.database.sql.begin(async (tx) => {
      const [stored] = await Promise.all([
        storeGeneration(tx, {
          monthId: run.month_id,
          jobId: run.job_id,
          generator: generator.name,
          prompt: request.prompt,
          model: generator.model,
          answer,
          costUsd: cost,
          at: context.clock.sqlNow(),
        }),
        settle(context, { sql: tx, reservation, cost }),
      ]);
      return stored;
    });
  try {
    return await askDatabase(store, { context, run });
  } catch (error) {
    run.log.error("answer_lost", { generator: generator.name, cost_usd: cost, error });
    await bookLostAnswer(context, { call, reservation, cost });
    throw error;
  }
}

/** Without it all that was reserved stays booked, which is the most the answer can have cost. */
async function bookLostAnswer(
  context: MonthJobContext,
  { call: { run }, reservation, cost }: {
    call: Call;
    reservation: Reservation;
    cost: number | null;
  },
): Promise<void> {
  try {
    await settle(context, { sql: context.database.sql, reservation, cost });
  } catch (error) {
    run.log.warn("cost_not_settled", { cost_usd: cost, error });
  }
}

/** Null when nobody knows: the model has no price, or the provider did not count all of its answer. */
function costOf(
  { clock, model_prices }: MonthJobContext,
  { answer: { model, tokens, text }, generator, reservation: { entry } }: {
    answer: GeneratorAnswer;
    generator: Generator;
    reservation: Reservation;
  },
): number | null {
  if (generator.kind === "catalogue") return 0;
  const isCounted = tokens.input > 0 && (text === "" || tokens.output + tokens.thinking > 0);
  if (entry === null || !isCounted) return null;
  const models = { asked: generator.model, answered: model };
  const price = priceOfAnswer(models, { at: clock.now(), given: model_prices });
  return costUsd(tokens, price ?? entry.price);
}

async function settle(
  { clock }: MonthJobContext,
  { sql, reservation: { entry }, cost }: {
    sql: Queryable;
    reservation: Reservation;
    cost: number | null;
  },
): Promise<void> {
  if (entry === null) return;
  await settleSpending(sql, { id: entry.spending_id, costUsd: cost, at: clock.sqlNow() });
}
