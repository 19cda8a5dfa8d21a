import type { z } from "zod";
import { type Provider, PROVIDERS } from "./provider_records.ts";

type Intersection<Union> = (Union extends unknown ? (one: Union) => void : never) extends
  (all: infer All) => void ? All
  : never;

type SettingsOfAll = Intersection<Provider["settings"]>;

/** The settings of all providers, by the name of their environment variable. */
export const PROVIDER_SETTINGS = Object.assign(
  {},
  ...PROVIDERS.map(({ settings }) => settings),
) as {
  readonly [Setting in keyof SettingsOfAll]: SettingsOfAll[Setting];
} satisfies z.ZodRawShape;

/** Those of them that nobody may see. */
export const PROVIDER_SECRETS: readonly string[] = PROVIDERS.flatMap(({ secrets }) => secrets);
