import type { Clock } from "../clock.ts";
import type { Queryable } from "../database/connection/connection.ts";
import { settleSpending } from "../database/spending/spending.ts";
import type { Generator, GeneratorAnswer } from "../domain/generation/generator.ts";
import { costUsd, type ModelPrice, priceOfAnswer } from "../domain/money/model_prices.ts";
import type { Reservation } from "./reserve_cost.ts";

/**
 * What an answer cost, in US dollars. Null when nobody knows: the model has no price, or the provider
 * did not count all of its answer.
 */
export function costOfAnswer(
  { model, tokens, text }: GeneratorAnswer,
  { generator, reservation: { entry }, prices, now }: {
    generator: Generator;
    reservation: Reservation;
    /** Prices the operator gave, which count before the list's, by model. */
    prices: Readonly<Record<string, ModelPrice>>;
    now: Date;
  },
): number | null {
  if (generator.kind === "catalogue") return 0;
  const isCounted = tokens.input > 0 && (text === "" || tokens.output + tokens.thinking > 0);
  if (entry === null || !isCounted) return null;
  const price = priceOfAnswer({ asked: generator.model, answered: model }, {
    at: now,
    given: prices,
  });
  return costUsd(tokens, price ?? entry.price);
}

/** Books what a call cost, in US dollars; null leaves all that was reserved booked. */
export async function settleCost(
  sql: Queryable,
  { reservation: { entry }, cost, clock }: {
    reservation: Reservation;
    cost: number | null;
    clock: Clock;
  },
): Promise<void> {
  if (entry === null) return;
  await settleSpending(sql, { id: entry.spending_id, costUsd: cost, at: clock.sqlNow() });
}
