import type { ProviderName } from "../../domain/providers/provider_names.ts";
import { type ModelProvider, MODELS, PROVIDERS } from "../../domain/providers/provider_records.ts";

/** The name of a simulated service, which is also its path: every provider has one. */
export type ServiceName = ProviderName;

/** The services there are. */
export const SERVICE_NAMES: readonly ServiceName[] = PROVIDERS.map(({ name }) => name);

/** The name of a language model's service. */
export type ModelServiceName = ModelProvider["name"];

/** The language models, which are asked for months. */
export const MODEL_SERVICE_NAMES: readonly ModelServiceName[] = MODELS.map(({ name }) => name);

/** True for the services of language models. */
export function isModelService(service: ServiceName): service is ModelServiceName {
  return (MODEL_SERVICE_NAMES as readonly ServiceName[]).includes(service);
}
