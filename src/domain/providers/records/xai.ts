import { z } from "zod";
import { providerRecord } from "../provider_record.ts";
import { baseUrl, rate, sendable, text } from "../setting_schemas.ts";

/** xAI's Grok; prices as its page gave them on 2026-11-15, changes as announced by 2026-11-27. */
export const xai = providerRecord({
  name: "xai",
  title: "Grok",
  settings: {
    XAI_API_KEY: sendable.optional(),
    XAI_MODEL: text.default("grok-4.3"),
    XAI_API: z.enum(["chat_completions", "responses"], {
      error: "must be chat_completions or responses",
    }).default("chat_completions"),
    XAI_BASE_URL: baseUrl("https://api.x.ai"),
    XAI_RATE_PER_SECOND: rate(4),
  },
  secrets: ["XAI_API_KEY"],
  generator: {
    kind: "model",
    needs: "XAI_API_KEY",
    advice: "XAI_API_KEY for the books xAI's Grok names",
    key_setting: "XAI_API_KEY",
    model_setting: "XAI_MODEL",
    tokens_thought: 0,
    prices: {
      "grok-4.7": [{ input_usd: 2, output_usd: 6 }],
      "grok-4.6": [{ input_usd: 2, output_usd: 6 }],
      "grok-4.5": [{ input_usd: 2, output_usd: 6 }],
      "grok-4.3": [{ input_usd: 1.25, output_usd: 2.5 }],
      "grok-4.20-0309-reasoning": [{ input_usd: 1.25, output_usd: 2.5 }],
      "grok-4.20-0309-non-reasoning": [{ input_usd: 1.25, output_usd: 2.5 }],
    },
    model_changes: [
      [
        /^grok-(3|4-0709|4-fast|4-1-fast|code-fast-1)(-|$)/,
        { from: "2026-05-15", answered_by: null },
      ],
    ],
  },
});
