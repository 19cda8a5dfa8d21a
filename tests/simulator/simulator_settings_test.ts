import { assert, assertEquals } from "@std/assert";
import { composeProviders } from "../../src/app/compose_providers.ts";
import { systemClock } from "../../src/clock.ts";
import { parseConfig, SETTING_NAMES } from "../../src/config.ts";
import { GENERATOR_NAMES, RESOLVER_NAMES } from "../../src/domain/providers/provider_names.ts";
import { createLog } from "../../src/log.ts";
import { SERVICE_NAMES } from "../../src/simulator/service/service_names.ts";
import { simulatorSettings } from "../../src/simulator/simulator_settings.ts";
import { databaseTest } from "../support/postgres/databases.ts";

const URL_OF_SIMULATOR = "http://127.0.0.1:8100";
const settings = simulatorSettings(URL_OF_SIMULATOR);
const SECRET = { ALEXANDRIA_WEBHOOK_SECRET: "sixteen-letters!" };

Deno.test("every address of an outside service is one of the simulator's", () => {
  const addresses = SETTING_NAMES.filter((name) => name.endsWith("_URL"))
    .filter((name) => name !== "DATABASE_URL");
  const services = new Set<string>();
  for (const name of addresses) {
    const value = settings[name] ?? "";
    assert(value.startsWith(`${URL_OF_SIMULATOR}/`), `${name} is ${value}`);
    services.add(new URL(value).pathname.split("/")[1]!);
  }
  assertEquals([...services].toSorted(), SERVICE_NAMES.toSorted());
});

Deno.test("with the simulator's settings nothing else stands for a real host", () => {
  const config = parseConfig({ ...SECRET, ...settings });
  for (const [name, value] of Object.entries(config)) {
    const isAddress = typeof value === "string" && /^https?:/.test(value);
    assert(!isAddress || value.startsWith(`${URL_OF_SIMULATOR}/`), `${name} is ${value}`);
  }
});

Deno.test("the simulator's settings are settings", () => {
  const unknown = Object.keys(settings).filter((name) => !SETTING_NAMES.includes(name));
  assertEquals(unknown, []);
});

databaseTest("with the simulator's settings every provider is asked, unhurried", (database) => {
  const config = parseConfig({ ...SECRET, ...settings });
  const parts = { database, clock: systemClock, log: createLog() };
  const { generators, resolvers, missing } = composeProviders(config, parts);
  assertEquals(generators.map(({ name }) => name), GENERATOR_NAMES);
  assertEquals(resolvers.flat().map(({ name }) => name).toSorted(), RESOLVER_NAMES.toSorted());
  assertEquals(missing, []);
  for (const name of SETTING_NAMES.filter((name) => /_RATE_PER_SECOND|_DAILY_QUOTA/.test(name))) {
    assertEquals(settings[name], "unlimited", name);
  }
  return Promise.resolve();
}, { isMigrated: false });
