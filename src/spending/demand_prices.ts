import { hasPrice, type ModelPrice } from "../domain/money/model_prices.ts";
import type { ProviderLineup } from "../domain/providers/provider_lineup.ts";
import { AppError } from "../errors.ts";

/**
 * Throws `AppError` BAD_REQUEST when a cap is wanted that cannot be kept, because nobody knows what one
 * of the models costs.
 */
export function demandPrices(
  { lineup, model_prices }: {
    readonly lineup: ProviderLineup;
    readonly model_prices: Readonly<Record<string, ModelPrice>>;
  },
  maxCostUsd: number | null,
): void {
  if (maxCostUsd === null) return;
  const unpriced = lineup.generators
    .filter(({ kind, model }) => kind === "model" && !hasPrice(model, model_prices))
    .map(({ model }) => model);
  if (unpriced.length === 0) return;
  throw new AppError(
    "BAD_REQUEST",
    `max_cost_usd cannot be kept: MODEL_PRICES has no price for ${unpriced.join(", ")}. Add ` +
      `${unpriced[0]}=input/output in US dollars for a million tokens, and restart`,
  );
}
