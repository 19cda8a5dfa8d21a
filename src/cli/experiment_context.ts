import type { Clock } from "../clock.ts";
import { composeGenerators } from "../app/compose_generators.ts";
import { composePolicies } from "../app/compose_policies.ts";
import { composeProviders } from "../app/compose_providers.ts";
import type { Config } from "../config.ts";
import { secretsSent } from "../secret_settings.ts";
import { createRedactor } from "../domain/text/redaction.ts";
import type { Database } from "../database/connection/connection.ts";
import type { Generator } from "../domain/generation/generator.ts";
import { hasPrice } from "../domain/money/model_prices.ts";
import type { ModelChoice } from "../domain/generation/model_choice.ts";
import { modelProvider } from "../domain/providers/provider_records.ts";
import { AppError } from "../errors.ts";
import type { Log } from "../log.ts";
import { createFindingStore } from "../resolution/finding_store.ts";
import type { Planning } from "../experiments/plan_experiment.ts";
import type { Experimenting } from "../experiments/run_experiment.ts";
import { createSharedLookups } from "../resolution/shared_lookups.ts";
import { type LimitsParts, providerLimits } from "../limits/provider_limits.ts";

interface Parts {
  readonly database: Database;
  readonly clock: Clock;
  readonly log: Log;
}

/** A model that can be asked with these settings. */
export interface ChosenModel {
  readonly generator: ModelChoice["generator"];
  readonly model: string;
}

/**
 * The models that were chosen, each once, with the settings' own where only a generator was named.
 *
 * Throws `AppError` CONFIG_INVALID naming the settings that are missing for them.
 */
export function chooseModels(config: Config, choices: readonly ModelChoice[]): ChosenModel[] {
  const chosen = new Map<string, ChosenModel>();
  const missing = new Set<string>();
  for (const { generator, model: named } of choices) {
    const { needs, model_setting: setting } = modelProvider(generator).generator;
    const model = named ?? config[setting];
    if (!config[needs]) missing.add(`${generator} needs ${needs}`);
    else if (model === undefined) missing.add(`${generator} needs ${setting}`);
    else chosen.set(`${generator}:${model}`, { generator, model });
  }
  if (missing.size === 0) return [...chosen.values()];
  throw new AppError("CONFIG_INVALID", `Not set, but wanted: ${[...missing].join("; ")}`);
}

/**
 * Throws `AppError` CONFIG_INVALID when nobody knows what one of the models costs, without which no
 * budget can be kept.
 */
export function demandPrices(config: Config, models: readonly ChosenModel[]): void {
  const unpriced = models.map(({ model }) => model)
    .filter((model) => !hasPrice(model, config.MODEL_PRICES));
  if (unpriced.length === 0) return;
  throw new AppError(
    "CONFIG_INVALID",
    `No price is known for ${unpriced.join(", ")}, without which the budget cannot be kept: ` +
      `correct the name, or add ${
        unpriced[0]
      }=input/output in US dollars for a million tokens to ` +
      `MODEL_PRICES`,
  );
}

/** What planning and running an experiment with the models takes. */
export type ExperimentContext = Experimenting & Planning;

/** Joins the parts of an experiment. */
export function composeExperiment(
  config: Config,
  { models, ...parts }: Parts & { readonly models: readonly ChosenModel[] },
): ExperimentContext {
  const { database_wait_ms, cost_caps, model_prices } = composePolicies(config);
  const limited = { ...parts, database_wait_ms };
  const { resolvers, checker } = composeProviders(config, limited);
  return {
    ...parts,
    generators: models.flatMap((model) => composeModel({ ...limited, config }, model)),
    sources: {
      resolvers,
      checker,
      findings: createFindingStore(parts),
      lookups: createSharedLookups({ isShared: ({ decision }) => decision !== null }),
      book_concurrency: config.BOOK_CONCURRENCY,
    },
    worker: Deno.hostname(),
    database_wait_ms,
    cost_caps,
    model_prices,
  };
}

function composeModel(
  { config, ...parts }: LimitsParts & { readonly config: Config },
  { generator, model }: ChosenModel,
): readonly Generator[] {
  const redact = createRedactor(secretsSent(config));
  const { model_setting } = modelProvider(generator).generator;
  return composeGenerators({
    config: { ...config, GENERATORS: [generator], [model_setting]: model },
    clock: parts.clock,
    share: (provider, limits) => ({ ...providerLimits(parts, { provider, ...limits }), redact }),
    leaveOut: () => {},
  });
}
