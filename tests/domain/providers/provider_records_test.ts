import { assert, assertEquals } from "@std/assert";
import { providerRecord } from "../../../src/domain/providers/provider_record.ts";
import { PROVIDERS } from "../../../src/domain/providers/provider_records.ts";
import { PROVIDER_SETTINGS } from "../../../src/domain/providers/provider_settings.ts";
import {
  DEFAULT_RESOLVER_TIERS,
  RESOLVER_NAMES,
} from "../../../src/domain/providers/provider_names.ts";
import { baseUrl, sendable } from "../../../src/domain/providers/setting_schemas.ts";

const settings = PROVIDERS.flatMap(({ name, settings }) =>
  Object.entries(settings).map(([setting, schema]) => ({ name, setting, schema }))
);

Deno.test("no two providers have a name or a setting in common, and each has a part to play", () => {
  assertEquals(new Set(PROVIDERS.map(({ name }) => name)).size, PROVIDERS.length);
  assertEquals(
    Object.keys(PROVIDER_SETTINGS).toSorted(),
    settings.map(({ setting }) => setting).toSorted(),
  );
  for (const record of PROVIDERS) assert("generator" in record || "resolver" in record);
});

Deno.test("a setting that holds an address is named as one, so that it may be reached", () => {
  const addresses = settings.filter(({ schema }) => {
    const usual = schema.safeParse(undefined).data;
    return typeof usual === "string" && URL.canParse(usual);
  });
  assert(addresses.length > 0);
  for (const { setting } of addresses) assert(setting.endsWith("_URL"), setting);
});

Deno.test("a setting that is named as a key is a secret", () => {
  const keys = settings.filter(({ setting }) => /KEY|SECRET|TOKEN|PASSWORD/.test(setting))
    .map(({ setting }) => setting);
  assertEquals(PROVIDERS.flatMap(({ secrets }) => secrets).toSorted(), keys.toSorted());
});

Deno.test("providerRecord() takes the names of its own settings only", () => {
  const record = {
    name: "atlantis",
    title: "Atlantis",
    settings: { ATLANTIS_API_KEY: sendable.optional(), ATLANTIS_BASE_URL: baseUrl("https://a.b") },
  } as const;
  const resolver = { is_paid: false, calls_per_lookup: 1 } as const;
  const wants = { is_needed: true, sentence: "Atlantis is not asked" } as const;
  providerRecord({
    ...record,
    secrets: ["ATLANTIS_API_KEY"],
    resolver: { ...resolver, wants: { ...wants, setting: "CONTACT" } },
  });
  // @ts-expect-error -- no such setting
  providerRecord({ ...record, secrets: ["ATLANTIS_KEY"] });
  providerRecord({
    ...record,
    secrets: [],
    // @ts-expect-error -- another provider's setting
    resolver: { ...resolver, wants: { ...wants, setting: "ISBNDB_API_KEY" } },
  });
});

Deno.test("DEFAULT_RESOLVER_TIERS asks whom it costs nothing to ask first", () => {
  const [free = [], paid = [], ...others] = DEFAULT_RESOLVER_TIERS;
  assertEquals([...free, ...paid].toSorted(), RESOLVER_NAMES.toSorted());
  assert(free.includes("open_library"));
  assertEquals([paid, others], [["isbndb"], []]);
});
