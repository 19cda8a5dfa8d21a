import { type StoredGeneration, storeGeneration } from "../database/generation/generations.ts";
import { obstacleOf } from "../domain/generation/decide_generation.ts";
import type {
  Generator,
  GeneratorAnswer,
  GeneratorRequest,
} from "../domain/generation/generator.ts";
import { isBelievable, mayBeBilled } from "../domain/money/call_budget.ts";
import { AppError, databaseErrorIn, toAppError } from "../errors.ts";
import { type Call, type Reservation, reserveCost } from "../spending/reserve_cost.ts";
import { costOfAnswer, settleCost } from "../spending/settle_cost.ts";
import type { Asking } from "./asking.ts";

/** A question about to be put to a generator. */
export interface GeneratorCall extends Call {
  readonly month_id: number;
}

export type CallResult =
  | {
    readonly kind: "answered";
    readonly stored: StoredGeneration;
    /** Tokens the answer was allowed. */
    readonly max_output_tokens: number;
  }
  /** COST_CAP_REACHED when it could not be paid for, else what keeps the generator from answering. */
  | { readonly kind: "failed"; readonly error: AppError };

/**
 * Asks a generator and commits its answer, with what it cost, before anybody looks inside: whatever
 * happens next, it is not paid for twice. What a model can cost is reserved before, and no model is asked
 * while its answer could not be stored. An answer the database does not take is held for as long as the
 * month's lease lasts; only then is it lost, and what it cost stays booked.
 *
 * Throws what is none of the generator's faults: an abort, what the database throws; the reservation is
 * settled in any case, but when the process dies or the database stays away.
 */
export async function callGenerator(asking: Asking, call: GeneratorCall): Promise<CallResult> {
  const reserved = await reserve(asking, call);
  if (reserved.kind === "refused") {
    return { kind: "failed", error: new AppError("COST_CAP_REACHED", reserved.reason) };
  }
  const { reservation } = reserved;
  const { max_output_tokens } = reservation;
  const limited = { ...call.request, max_output_tokens };
  const sent = await send(asking, { call, limited });
  if (sent.kind === "answered") {
    const answer = withBelievableTokens(asking, { answer: sent.answer, call, limited });
    const stored = await storeAnswer(asking, { call, reservation, answer });
    return { kind: "answered", stored, max_output_tokens };
  }
  const { error } = sent;
  const cost = mayBeBilled(error, { hasLeft: sent.has_left }) ? null : 0;
  const { database, clock } = asking;
  await database.ask((sql) => settleCost(sql, { reservation, cost, clock }));
  if (obstacleOf(error.code) === null) throw error;
  return { kind: "failed", error };
}

async function reserve(
  asking: Asking,
  call: GeneratorCall,
): ReturnType<typeof reserveCost> {
  if (call.generator.kind === "catalogue") {
    const { max_output_tokens } = call.request;
    return { kind: "reserved", reservation: { entry: null, max_output_tokens } };
  }
  await asking.database.awaitReady();
  return await reserveCost(asking, call);
}

type Sent =
  | { readonly kind: "answered"; readonly answer: GeneratorAnswer }
  | { readonly kind: "failed"; readonly error: AppError; readonly has_left: boolean };

/** The only place where what a client throws becomes a value. */
async function send(
  { signal, log, onCall }: Asking,
  { call: { generator }, limited }: { call: GeneratorCall; limited: GeneratorRequest },
): Promise<Sent> {
  let has_left = false;
  try {
    const answer = await generator.generate(limited, {
      signal,
      onCall(provider): void {
        has_left = true;
        onCall(provider);
      },
    });
    // A more exact name of the model that was asked is no other model.
    if (!answer.model.startsWith(generator.model)) {
      log.info("answered_by_another_model", {
        generator: generator.name,
        model: generator.model,
        answered_by: answer.model,
      });
    }
    return { kind: "answered", answer };
  } catch (thrown) {
    const error = toAppError(thrown);
    const isClients = error.code === "INTERNAL" && !signal.aborted && !databaseErrorIn(thrown);
    if (!isClients) return { kind: "failed", error, has_left };
    // It costs the month no more than an answer nobody can use, but somebody has to mend the client.
    log.error("client_stumbled", { generator: generator.name, error });
    return { kind: "failed", error: clientError(generator, error), has_left };
  }
}

function clientError({ name }: Generator, error: AppError): AppError {
  const message = `${name}'s client stumbled over the answer: ${error.message}`;
  return new AppError("PROVIDER_BAD_ANSWER", message, {
    cause: error,
    details: { provider: name },
  });
}

/**
 * Tokens that cannot be are as good as not counted: they would spoil the books and every forecast made
 * from them.
 */
function withBelievableTokens(
  { log }: Asking,
  { answer, call: { generator }, limited }: {
    answer: GeneratorAnswer;
    call: GeneratorCall;
    limited: GeneratorRequest;
  },
): GeneratorAnswer {
  if (isBelievable(answer.tokens, limited)) return answer;
  log.warn("token_counts_not_believed", {
    generator: generator.name,
    model: generator.model,
    max_output_tokens: limited.max_output_tokens,
    claimed_input_tokens: answer.tokens.input,
    claimed_output_tokens: answer.tokens.output + answer.tokens.thinking,
  });
  return { ...answer, tokens: { input: 0, output: 0, thinking: 0 } };
}

async function storeAnswer(
  { database, clock, log, model_prices: prices }: Asking,
  { call, reservation, answer }: {
    call: GeneratorCall;
    reservation: Reservation;
    answer: GeneratorAnswer;
  },
): Promise<StoredGeneration> {
  const { generator, request } = call;
  const cost = costOfAnswer(answer, { generator, reservation, prices, now: clock.now() });
  const settled = { reservation, cost, clock };
  try {
    // Run again after a commit nobody heard of, it finds the answer and what was booked.
    return await database.transact(async (tx) => {
      const [stored] = await Promise.all([
        storeGeneration(tx, {
          monthId: call.month_id,
          jobId: call.job_id,
          generator: generator.name,
          prompt: request.prompt,
          model: generator.model,
          answer,
          costUsd: cost,
          at: clock.sqlNow(),
        }),
        settleCost(tx, settled),
      ]);
      return stored;
    });
  } catch (error) {
    log.error("answer_lost", { generator: generator.name, cost_usd: cost, error });
    // Where this fails too, all that was reserved stays booked, the most it can have cost.
    await database.askOnce((sql) => settleCost(sql, settled)).catch((settling) =>
      log.warn("cost_not_settled", { cost_usd: cost, error: settling })
    );
    throw error;
  }
}
