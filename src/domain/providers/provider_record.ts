import type { z } from "zod";
import type { QuotaZone } from "../time/quota_day.ts";

/** A price in US dollars for a million tokens; thinking is billed as output. */
export interface ListedPrice {
  readonly input_usd: number;
  readonly output_usd: number;
  /** The last moment of a promotion, after which the next price of the same model holds. */
  readonly until?: string;
}

/** The moment from which a model no longer answers to its name. */
export interface ModelChange {
  /** `YYYY-MM-DD`, from 00:00 UTC on. */
  readonly from: string;
  /** Who answers, and is paid for, instead; null when nobody does. */
  readonly answered_by: string | null;
}

/** What is known of a provider that names the books of a month. */
export interface GeneratorRole<Setting extends string = string> {
  readonly kind: "model" | "catalogue";
  /** The setting it cannot be used without. */
  readonly needs: Setting;
  /** What to set to have it asked, and what that brings. */
  readonly advice: string;
  /** What the operator is to look at when it refuses the key, and … */
  readonly key_setting: Setting;
  /** … when it rejects what it is asked: its model, or the address of a catalogue. */
  readonly model_setting: Setting;
  /** Tokens thought for each book, by assumption before there is history. */
  readonly tokens_thought: number;
  /** List prices of its models, without volume, cache and batch discounts. */
  readonly prices?: Readonly<Record<string, readonly ListedPrice[]>>;
  /** Models it has switched off, or will. */
  readonly model_changes?: readonly (readonly [RegExp, ModelChange])[];
}

/** What is known of a provider that finds ISBNs. */
export interface ResolverRole<Setting extends string = string> {
  /** Whether every request costs money; then it is asked only about what the free ones left. */
  readonly is_paid: boolean;
  /** The setting it is better with, or no good without, and what is said when that is missing. */
  readonly wants: {
    readonly setting: Setting;
    readonly is_needed: boolean;
    readonly sentence: string;
  } | null;
  /** Requests for one lookup, by assumption before there is history. */
  readonly calls_per_lookup: number;
  /** The settings that say what its plan grants a day and how much of it is held back. */
  readonly quota?: {
    readonly daily: Setting;
    readonly buffer: Setting;
    readonly zone: QuotaZone;
  };
}

/** All that is known of one outside service before it is asked anything. */
export interface ProviderRecord<Settings extends z.ZodRawShape = z.ZodRawShape> {
  /** As settings and stored records say it. */
  readonly name: string;
  /** What it is for people. */
  readonly title: string;
  /** Its settings by the name of their environment variable; addresses end in `_URL`. */
  readonly settings: Settings;
  /** Those of them that nobody may see. */
  readonly secrets: readonly (keyof Settings & string)[];
  readonly generator?: GeneratorRole<SettingOf<Settings>>;
  readonly resolver?: ResolverRole<SettingOf<Settings>>;
}

/** One of its own, or the operator's contact, which several providers ask for. */
type SettingOf<Settings> = (keyof Settings & string) | "CONTACT";

/** The record as it is written, with the names of its settings checked. */
export function providerRecord<
  const Settings extends z.ZodRawShape,
  const Written extends ProviderRecord<Settings>,
>(record: Written & { readonly settings: Settings }): Written {
  return record;
}
