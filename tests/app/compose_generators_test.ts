import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { systemClock } from "../../src/clock.ts";
import { composeProviders, type Providers } from "../../src/app/compose_providers.ts";
import { parseConfig } from "../../src/config.ts";
import type { Database } from "../../src/database/connection/connection.ts";
import { createLog } from "../../src/log.ts";
import { databaseTest } from "../support/postgres/databases.ts";

const GEMINI = { GEMINI_API_KEY: "a-key" };
const XAI = { XAI_API_KEY: "a-key" };
const LLM = { LLM_BASE_URL: "http://localhost:11434/v1", LLM_MODEL: "llama-4-small" };

function compose(database: Database, settings: Readonly<Record<string, string>>): Providers {
  const config = parseConfig({ ALEXANDRIA_WEBHOOK_SECRET: "sixteen-letters!", ...settings });
  return composeProviders(config, { database, clock: systemClock, log: createLog() });
}

/** What is said to be missing of generators. */
function sentences({ missing }: Providers): readonly string[] {
  return missing.filter((sentence) => /generator|for books/.test(sentence));
}

databaseTest("composeProviders() asks every generator that has its settings", (database) => {
  const { generators } = compose(database, { ...GEMINI, ...XAI, ...LLM, XAI_MODEL: "grok-4.7" });
  assertEquals(
    generators.filter(({ kind }) => kind === "model").map(({ name, model }) => [
      name,
      model,
    ]),
    [
      ["gemini", "gemini-3.5-flash-lite"],
      ["xai", "grok-4.7"],
      ["openai_compatible", "llama-4-small"],
    ],
  );
  return Promise.resolve();
}, { isMigrated: false });

databaseTest("composeProviders() asks Wikidata for books without any key", (database) => {
  const { generators } = compose(database, { CONTACT: "ops@books.example" });
  assertEquals(generators.map(({ name, kind }) => [name, kind]), [["wikidata", "catalogue"]]);
  return Promise.resolve();
}, { isMigrated: false });

databaseTest("composeProviders() says in one sentence what would give a generator", (database) => {
  const providers = compose(database, {});
  assertEquals(providers.generators, []);
  const [sentence = "", ...others] = sentences(providers);
  assertEquals(others, []);
  assertMatch(sentence, /^No generator can be used, so no month can name a book/);
  for (const setting of ["CONTACT", "GEMINI_API_KEY", "XAI_API_KEY", "LLM_BASE_URL"]) {
    assertStringIncludes(sentence, setting);
  }
  return Promise.resolve();
}, { isMigrated: false });

databaseTest("composeProviders() says what each further generator would bring", (database) => {
  const said = (settings: Record<string, string>) => sentences(compose(database, settings));
  assertEquals(said({ CONTACT: "ops@books.example" }), [
    "Gemini is not asked for books: set GEMINI_API_KEY for the books Google's Gemini names",
    "Grok is not asked for books: set XAI_API_KEY for the books xAI's Grok names",
    "An endpoint of your own is not asked for books: " +
    "set LLM_BASE_URL and LLM_MODEL for the books a model of your choice names",
  ]);
  assertEquals(said({ ...GEMINI, ...XAI, ...LLM }), [
    "Wikidata is not asked for books: " +
    "set CONTACT, your mail address or URL, for the books Wikidata dates to the month",
  ]);
  assertEquals(said({ ...GEMINI, ...XAI, ...LLM, CONTACT: "ops@books.example" }), []);
  return Promise.resolve();
}, { isMigrated: false });

databaseTest(
  "composeProviders() is silent about generators a list leaves out on purpose",
  (database) => {
    const providers = compose(database, { ...GEMINI, ...LLM, GENERATORS: "gemini" });
    assertEquals(providers.generators.map(({ name }) => name), ["gemini"]);
    assertEquals(sentences(providers), []);
    return Promise.resolve();
  },
  { isMigrated: false },
);

databaseTest("composeProviders() says of which model nobody knows the price", (database) => {
  const unpriced = (settings: Record<string, string>) =>
    compose(database, settings).missing.filter((sentence) => sentence.includes("MODEL_PRICES"));
  const [sentence = "", ...others] = unpriced({ ...GEMINI, ...LLM });
  assertEquals(others, []);
  assertMatch(sentence, /what llama-4-small costs.*MODEL_PRICES=llama-4-small=input\/output/);
  assertEquals(unpriced({ ...GEMINI, ...LLM, MODEL_PRICES: "llama-4-small=0/0" }), []);
  return Promise.resolve();
}, { isMigrated: false });

databaseTest("composeProviders() says which models no longer answer to their names", (database) => {
  const said = (settings: Record<string, string>) =>
    compose(database, settings).missing.filter((sentence) => sentence.includes("switched off"));
  assertEquals(said({ ...GEMINI, GEMINI_MODEL: "gemini-2.5-flash" }), [
    "gemini-2.5-flash is switched off from 2026-12-01 on, when gemini-3.5-flash-lite answers in its " +
    "place and at its price: set GEMINI_MODEL to the model you want",
  ]);
  assertEquals(said({ ...XAI, XAI_MODEL: "grok-4-1-fast-non-reasoning" }), [
    "grok-4-1-fast-non-reasoning is switched off from 2026-05-15 on and names no book: " +
    "set XAI_MODEL to another model",
  ]);
  assertEquals(said({ ...GEMINI, ...XAI, ...LLM, LLM_MODEL: "gemini-2.5-flash" }), []);
  return Promise.resolve();
}, { isMigrated: false });
