import { type ListedPrice, providerRecord } from "../provider_record.ts";
import { baseUrl, rate, sendable, text } from "../setting_schemas.ts";

function promotion(until: string): readonly ListedPrice[] {
  return [{ input_usd: 0.75, output_usd: 3.75, until }, { input_usd: 1.5, output_usd: 7.5 }];
}

/** Google's Gemini; prices as its page gave them on 2026-11-15, changes as announced by 2026-11-27. */
export const gemini = providerRecord({
  name: "gemini",
  title: "Gemini",
  settings: {
    GEMINI_API_KEY: sendable.optional(),
    GEMINI_MODEL: text.default("gemini-3.5-flash-lite"),
    GEMINI_BASE_URL: baseUrl("https://generativelanguage.googleapis.com"),
    GEMINI_RATE_PER_SECOND: rate(2),
  },
  secrets: ["GEMINI_API_KEY"],
  generator: {
    kind: "model",
    needs: "GEMINI_API_KEY",
    advice: "GEMINI_API_KEY for the books Google's Gemini names",
    key_setting: "GEMINI_API_KEY",
    model_setting: "GEMINI_MODEL",
    tokens_thought: 50,
    prices: {
      "gemini-3.8-flash": promotion("2026-12-31T23:59:59Z"),
      "gemini-3.7-flash": promotion("2026-12-31T23:59:59Z"),
      "gemini-3.6-flash": promotion("2026-12-31T23:59:59Z"),
      "gemini-3.5-flash": [{ input_usd: 1.5, output_usd: 9 }],
      "gemini-3.5-flash-lite": [{ input_usd: 0.3, output_usd: 2.5 }],
      "gemini-3.1-flash-lite": [{ input_usd: 0.25, output_usd: 1.5 }],
      "gemini-3.1-pro-preview": [{ input_usd: 2, output_usd: 12 }],
      "gemini-3-flash-preview": [{ input_usd: 0.5, output_usd: 3 }],
      "gemini-2.5-flash": [{ input_usd: 0.3, output_usd: 2.5 }],
    },
    // Google routes the names of Gemini 2.5 to newer models.
    model_changes: [
      [/^gemini-2\.5-flash-lite$/, { from: "2026-12-01", answered_by: null }],
      [/^gemini-2\.5-flash$/, { from: "2026-12-01", answered_by: "gemini-3.5-flash-lite" }],
      [/^gemini-2\.5-pro$/, { from: "2026-12-01", answered_by: "gemini-3.8-flash" }],
    ],
  },
});
