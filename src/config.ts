import { z } from "zod";
import { connectionSetting } from "./domain/connection/connection_setting.ts";
import { CONNECTION_VARIABLES } from "./domain/connection/connection_url.ts";
import { isCronExpression } from "./domain/time/cron_expression.ts";
import { createRedactor } from "./domain/text/redaction.ts";
import { DEFAULT_LEASE_MS } from "./domain/time/lease.ts";
import { hasPrice } from "./domain/money/model_prices.ts";
import { priceSetting } from "./domain/money/price_setting.ts";
import { AppError } from "./errors.ts";
import { isAddressSetting, isSecretSetting, secretsOf } from "./secret_settings.ts";
import { GENERATOR_NAMES, RESOLVER_NAMES } from "./domain/providers/provider_names.ts";
import { GENERATORS, MODELS, RESOLVERS } from "./domain/providers/provider_records.ts";
import { PROVIDER_SETTINGS } from "./domain/providers/provider_settings.ts";
import { sendable, text, wholeNumber } from "./domain/providers/setting_schemas.ts";

/** A secret that was published once and is refused ever since. */
const PUBLISHED_SECRET = "test-secret-for-backfill-scheduler-20260113";
const MIN_SECRET_LENGTH = 16;

const nameList = <Name extends string>(names: readonly Name[]) =>
  z.string()
    .transform((list) => list.split(",").map((name) => name.trim()).filter((name) => name !== ""))
    .pipe(
      z.array(z.enum(names, { error: `must be names out of ${names.join(", ")}` }))
        .min(1, `must name at least one of ${names.join(", ")}`)
        .refine((list) => new Set(list).size === list.length, "must not name one twice"),
    );

/** Names joined by "," are asked one after the other, those joined by "+" side by side. */
const tiers = <Name extends string>(names: readonly Name[]) =>
  z.string()
    .transform((list) =>
      list.split(",").map((tier) => tier.split("+").map((name) => name.trim()))
        .map((tier) => tier.filter((name) => name !== "")).filter((tier) => tier.length > 0)
    )
    .pipe(
      z.array(z.array(z.enum(names, { error: `must be names out of ${names.join(", ")}` })))
        .min(1, `must name at least one of ${names.join(", ")}`)
        .refine(
          (list) => new Set(list.flat()).size === list.flat().length,
          "must not name one twice",
        ),
    );

const dollars = z.string().transform((value) => value.trim() === "" ? NaN : Number(value))
  .refine(
    (usd) => Number.isFinite(usd) && usd >= 0,
    "must be an amount in US dollars, such as 2.50",
  );

const cron = z.string().refine(
  isCronExpression,
  "must be five cron fields in UTC with weekdays by name, such as 0 3 * * *",
);

const secret = sendable
  .min(MIN_SECRET_LENGTH, `must have at least ${MIN_SECRET_LENGTH} characters`)
  .refine(
    (value) => value !== PUBLISHED_SECRET,
    "was published once and is refused: make a new one",
  );

const environmentShape = z.object({
  HOST: text.default("127.0.0.1"),
  PORT: wholeNumber(0, 65_535, 8000),
  MAX_CONNECTIONS: wholeNumber(1, 100_000, 2000),
  DATA_DIR: text.regex(/^\S+$/, "must be a path without spaces, which deno task cannot hand on")
    .default(".data"),
  DATABASE_URL: connectionSetting.optional(),
  DATABASE_CONNECTIONS: wholeNumber(1, 100, 10),
  DATABASE_STATEMENT_SECONDS: wholeNumber(1, 600, 30),
  QUEUE: z.enum(["kv"], { error: 'must be "kv"' }).default("kv"),
  ALEXANDRIA_WEBHOOK_SECRET: secret,
  GENERATORS: nameList(GENERATOR_NAMES).optional(),
  RESOLVERS: tiers(RESOLVER_NAMES).optional(),
  MODEL_PRICES: priceSetting.default({}),
  MAX_COST_PER_DAY: dollars.optional(),
  MAX_COST_PER_RUN: dollars.optional(),
  ...PROVIDER_SETTINGS,
  CONTACT: sendable.refine(
    (value) => /^\S+@\S+\.\S+$/.test(value) || /^https?:\/\/\S+$/.test(value),
    "must be an e-mail address or an http(s) URL",
  ).optional(),
  MONTH_CONCURRENCY: wholeNumber(1, 64, 4),
  BOOK_CONCURRENCY: wholeNumber(1, 64, 4),
  TICK_CRON: cron.default("0 3 * * *"),
  TICK_BATCH_SIZE: wholeNumber(1, 50, 10),
  RECENT_MONTHS: wholeNumber(0, 120, 6),
  LEASE_SECONDS: wholeNumber(10, 3600, DEFAULT_LEASE_MS / 1000),
  MONTH_TIME_LIMIT_SECONDS: wholeNumber(10, 7200, 900),
  SHUTDOWN_GRACE_SECONDS: wholeNumber(0, 600, 20),
  RETRY_BASE_SECONDS: wholeNumber(1, 3600, 60),
  RETRY_CAP_SECONDS: wholeNumber(1, 86_400, 3600),
  SNOOZE_SECONDS: wholeNumber(1, 86_400, 300),
  ASK_AGAIN_SECONDS: wholeNumber(1, 604_800, 3_600),
  LOG_LEVEL: z.enum(["debug", "info", "warning", "error"], {
    error: "must be debug, info, warning or error",
  }).default("info"),
  LOG_FORMAT: z.enum(["json", "text"], { error: "must be json or text" }).default("text"),
});

const environmentSchema = environmentShape.superRefine((env, context) => {
  const refuse = (setting: string, message: string): void =>
    context.addIssue({ code: "custom", path: [setting], message });
  for (const { name, generator } of GENERATORS) {
    const isNamed = env.GENERATORS?.includes(name) ?? false;
    if (isNamed && !env[generator.needs]) refuse(generator.needs, "is needed by GENERATORS");
  }
  for (const { generator: { needs, model_setting } } of MODELS) {
    if (env[model_setting] || !env[needs]) continue;
    refuse(model_setting, `is needed by ${needs}: the name of the model to ask there`);
  }
  for (const { name, resolver } of RESOLVERS) {
    const { wants } = resolver;
    const isNamed = env.RESOLVERS?.flat().includes(name) ?? false;
    if (isNamed && wants?.is_needed && !env[wants.setting]) {
      refuse(wants.setting, "is needed by RESOLVERS");
    }
    if (!("quota" in resolver)) continue;
    const { daily, buffer } = resolver.quota;
    if (env[buffer] >= env[daily]) refuse(buffer, `must be below ${daily} (${env[daily]})`);
  }
  const cap = ["MAX_COST_PER_DAY", "MAX_COST_PER_RUN"].find((name) => name in env);
  for (const model of cap === undefined ? [] : modelsToAsk(env)) {
    if (hasPrice(model, env.MODEL_PRICES)) continue;
    const message = `has no price for ${model}, without which ${cap} cannot be kept: add ` +
      `${model}=input/output in US dollars for a million tokens (0/0 for a model of your own)`;
    refuse("MODEL_PRICES", message);
  }
  if (env.RETRY_CAP_SECONDS < env.RETRY_BASE_SECONDS) {
    const message = `must not be below RETRY_BASE_SECONDS (${env.RETRY_BASE_SECONDS})`;
    refuse("RETRY_CAP_SECONDS", message);
  }
});

/** All settings, by the name of their environment variable, parsed and with defaults filled in. */
export type Config = z.infer<typeof environmentSchema>;

/** The models that will be asked with these settings. */
function modelsToAsk(env: z.infer<typeof environmentShape>): string[] {
  const { GENERATORS: asked = GENERATOR_NAMES } = env;
  return MODELS.flatMap(({ name, generator: { needs, model_setting } }) =>
    env[needs] && asked.includes(name) ? env[model_setting] ?? [] : []
  );
}

/** The names of all settings. */
export const SETTING_NAMES: readonly string[] = Object.keys(environmentShape.shape);

/** The database client reads this variable whatever it is told, and fails on one of its values. */
const HIDDEN_VARIABLE = "PGTARGETSESSIONATTRS";
let hiddenValue: string | undefined;

/**
 * The settings the process was started with, and the variables that complete DATABASE_URL; an empty
 * value counts as not set.
 */
export function readEnvironment(): Record<string, string> {
  hiddenValue ??= Deno.env.get(HIDDEN_VARIABLE);
  Deno.env.delete(HIDDEN_VARIABLE);
  const values: Record<string, string> = {};
  for (const name of [...SETTING_NAMES, ...CONNECTION_VARIABLES]) {
    const value = name === HIDDEN_VARIABLE ? hiddenValue : Deno.env.get(name);
    if (value !== undefined && value.trim() !== "") values[name] = value;
  }
  return values;
}

/**
 * Parses settings. Throws `AppError` CONFIG_INVALID whose message lists every problem at once, each
 * with the setting, what it was (secrets masked) and what it must be.
 */
export function parseConfig(environment: Readonly<Record<string, string>>): Config {
  const { DATABASE_URL: url, ...others } = environment;
  const parsed = environmentSchema.safeParse({
    ...others,
    ...(url === undefined ? {} : { DATABASE_URL: { url, variables: others } }),
  });
  if (parsed.success) return parsed.data;
  const redact = createRedactor(secretsOf(environment));
  const lines = parsed.error.issues.map((issue) => {
    const name = String(issue.path[0]);
    const value = environment[name];
    if (value === undefined) {
      const why = issue.code === "custom" ? issue.message : "is not set";
      return `  ${name} ${why}${name === "ALEXANDRIA_WEBHOOK_SECRET" ? SECRET_HINT : ""}`;
    }
    return `  ${name} ${issue.message} (it is ${
      isSecretSetting(name) ? "hidden" : `"${redact(value)}"`
    })`;
  });
  throw new AppError(
    "CONFIG_INVALID",
    `The settings have ${lines.length} problem${lines.length === 1 ? "" : "s"}:\n` +
      `${lines.join("\n")}\nEach setting is explained in .env.example`,
  );
}

const SECRET_HINT =
  ` (at least ${MIN_SECRET_LENGTH} characters that clients send as X-Cron-Secret)`;

/** The settings as they were understood, for the log: secrets only as set or not set. */
export function describeConfig(config: Config): Record<string, unknown> {
  return Object.fromEntries(
    SETTING_NAMES.map((name) => {
      const value = config[name as keyof Config];
      if (isSecretSetting(name)) return [name, value === undefined ? "not set" : "set"];
      if (isAddressSetting(name) && typeof value === "string") {
        const { origin, pathname } = new URL(value);
        return [name, `${origin}${pathname.replace(/\/$/, "")}`];
      }
      return [name, value === undefined ? "not set" : value === Infinity ? "unlimited" : value];
    }),
  );
}
