import { providerRecord } from "../provider_record.ts";
import { httpUrl, rate, sendable, text } from "../setting_schemas.ts";

/** Any endpoint that speaks like OpenAI's. */
export const openAiCompatible = providerRecord({
  name: "openai_compatible",
  title: "An endpoint of your own",
  settings: {
    LLM_BASE_URL: httpUrl.optional(),
    LLM_API_KEY: sendable.optional(),
    LLM_MODEL: text.optional(),
    LLM_RATE_PER_SECOND: rate(1),
  },
  secrets: ["LLM_API_KEY"],
  generator: {
    kind: "model",
    needs: "LLM_BASE_URL",
    advice: "LLM_BASE_URL and LLM_MODEL for the books a model of your choice names",
    key_setting: "LLM_API_KEY",
    model_setting: "LLM_MODEL",
    tokens_thought: 25,
  },
});
