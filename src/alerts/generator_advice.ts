import type { ErrorCode } from "../errors.ts";
import { type GeneratorProvider, generatorProvider } from "../domain/providers/provider_records.ts";

/** What the operator is to do about a generator that refuses us with this code. */
export function adviceAbout(name: GeneratorProvider["name"], code: ErrorCode): string {
  const { key_setting: key, model_setting: model } = generatorProvider(name).generator;
  switch (code) {
    case "PROVIDER_KEY_REFUSED":
      return `Check ${key} with the provider, set one that is accepted, and restart the service`;
    case "PROVIDER_OUT_OF_CREDIT":
      return "Buy credit or raise the spending limit with the provider; it is asked again by itself";
    default:
      return `Check ${model}: the provider rejects what it is asked, mostly because the model has ` +
        "been retired; set another one and restart the service";
  }
}
