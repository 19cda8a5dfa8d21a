import { z } from "zod";
import type { ModelPrice } from "./model_prices.ts";

/** MODEL_PRICES, `model=input/output, …` in US dollars for a million tokens, by model. */
export const priceSetting = z.string().transform((list, context) => {
  const prices: Record<string, ModelPrice> = {};
  for (const entry of list.split(",").map((one) => one.trim()).filter((one) => one !== "")) {
    const [, model, input, output] =
      /^([^\s=]+)\s*=\s*(\d{1,4}(?:\.\d{1,6})?)\s*\/\s*(\d{1,4}(?:\.\d{1,6})?)$/.exec(entry) ?? [];
    if (model === undefined) {
      context.addIssue(
        `must be entries such as grok-4.3=1.25/2.50 (US dollars for a million tokens in and out), ` +
          `which "${entry}" is not`,
      );
      return z.NEVER;
    }
    prices[model] = { input_usd: Number(input), output_usd: Number(output) };
  }
  return prices;
});
