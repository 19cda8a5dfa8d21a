import {
  assert,
  assertEquals,
  assertFalse,
  assertRejects,
  assertStringIncludes,
  assertThrows,
} from "@std/assert";
import { secretsOf } from "../src/secret_settings.ts";
import { describeConfig, parseConfig } from "../src/config.ts";
import { PROVIDERS } from "../src/domain/providers/provider_records.ts";
import { PROVIDER_SECRETS } from "../src/domain/providers/provider_settings.ts";
import { AppError } from "../src/errors.ts";

const SECRET = "a-secret-only-for-tests";
const minimal = { ALEXANDRIA_WEBHOOK_SECRET: SECRET };

function problemsOf(environment: Record<string, string>): string {
  return assertThrows(() => parseConfig({ ...minimal, ...environment }), AppError).message;
}

Deno.test("parseConfig() needs a secret and nothing else", () => {
  const config = parseConfig(minimal);
  assertEquals([config.HOST, config.PORT, config.DATA_DIR], ["127.0.0.1", 8000, ".data"]);
  const error = assertThrows(() => parseConfig({}), AppError);
  assertEquals(error.code, "CONFIG_INVALID");
  assertStringIncludes(error.message, "ALEXANDRIA_WEBHOOK_SECRET is not set");
});

Deno.test("parseConfig() refuses the secret that was published, and short ones", () => {
  for (const secret of ["test-secret-for-backfill-scheduler-20260113", "fifteen-letters"]) {
    const message = problemsOf({ ALEXANDRIA_WEBHOOK_SECRET: secret });
    assertStringIncludes(message, "ALEXANDRIA_WEBHOOK_SECRET");
    assertFalse(message.includes(secret), "the message shows the secret");
  }
});

Deno.test("parseConfig() reports all problems at once with value and range", () => {
  const message = problemsOf({
    PORT: "99999",
    MONTH_CONCURRENCY: "many",
    GEMINI_BASE_URL: "ftp://x",
    LOG_LEVEL: "loud",
    TICK_CRON: "61 3 * * *",
    CONTACT: "me",
    RESOLVERS: "open_library,goodreads",
    OPEN_LIBRARY_RATE_PER_SECOND: "-1",
  });
  assertStringIncludes(message, "8 problems");
  for (
    const words of [
      'PORT must be at most 65535 (it is "99999")',
      'MONTH_CONCURRENCY must be a whole number from 1 to 64 (it is "many")',
      "GEMINI_BASE_URL must be an http(s) URL",
      "LOG_LEVEL must be debug, info, warning or error",
      "weekdays by name",
      "CONTACT must be an e-mail address",
      "RESOLVERS must be names out of",
      "OPEN_LIBRARY_RATE_PER_SECOND must be requests per second",
    ]
  ) assertStringIncludes(message, words);
});

Deno.test("parseConfig() checks settings that depend on each other", () => {
  assertStringIncludes(
    problemsOf({ GENERATORS: "gemini" }),
    "GEMINI_API_KEY is needed by GENERATORS",
  );
  assertStringIncludes(
    problemsOf({ RESOLVERS: "isbndb" }),
    "ISBNDB_API_KEY is needed by RESOLVERS",
  );
  assertStringIncludes(
    problemsOf({ RETRY_BASE_SECONDS: "100", RETRY_CAP_SECONDS: "50" }),
    "RETRY_CAP_SECONDS must not be below",
  );
});

Deno.test("what .env.example says is the default is, and nothing in it counts before it is set", async () => {
  const example = await Deno.readTextFile(new URL("../.env.example", import.meta.url));
  const set = [...example.matchAll(/^([A-Z_]+)=(.*)$/gm)].map(([line]) => line);
  // Deno takes the first of two lines with one name, so a line here would outdo one put below it.
  assertEquals(set, ["ALEXANDRIA_WEBHOOK_SECRET="]);
  const values = [...example.matchAll(/^#([A-Z_]+)="?(.*?)"?$/gm)]
    .flatMap(([, name, value]) => name && value ? [[name, value]] : []);
  assertEquals(parseConfig({ ...minimal, ...Object.fromEntries(values) }), parseConfig(minimal));
});

Deno.test("parseConfig() takes lists, rates and URLs as written", () => {
  const config = parseConfig({
    ...minimal,
    RESOLVERS: " open_library + archive_org , isbndb ",
    ISBNDB_API_KEY: "key",
    ISBNDB_RATE_PER_SECOND: "unlimited",
    ISBNDB_BASE_URL: "https://api.pro.isbndb.com/",
  });
  assertEquals(config.RESOLVERS, [["open_library", "archive_org"], ["isbndb"]]);
  assertEquals(config.ISBNDB_RATE_PER_SECOND, Infinity);
  assertEquals(config.ISBNDB_BASE_URL, "https://api.pro.isbndb.com");
});

Deno.test("describeConfig() never shows a secret", () => {
  const shown = JSON.stringify(describeConfig(parseConfig({
    ...minimal,
    GEMINI_API_KEY: "gemini-key-value",
    DATABASE_URL: "postgres://user:password@host/db",
  })));
  assert(!/only-for-tests|gemini-key-value|password/.test(shown), shown);
  assertStringIncludes(shown, '"GEMINI_API_KEY":"set"');
  assertStringIncludes(shown, '"ISBNDB_API_KEY":"not set"');
});

Deno.test("secretsOf() knows the password wherever it was given, and as it is meant", () => {
  const url = { ...minimal, DATABASE_URL: "postgres://user:pass%40word@host/db" };
  assert(secretsOf(parseConfig(url)).includes("pass@word"));
  const apart = { ...minimal, DATABASE_URL: "postgres://user@host/db", PGPASSWORD: "pass@word" };
  assert(secretsOf(parseConfig(apart)).includes("pass@word"));
  assert(secretsOf(apart).includes("pass@word"));
});

Deno.test("parseConfig() reads prices by model, and refuses what is none", () => {
  const { MODEL_PRICES } = parseConfig({
    ...minimal,
    MODEL_PRICES: " a:free/x = 0/0, B-2=1.25/2.50,",
  });
  assertEquals(MODEL_PRICES, {
    "a:free/x": { input_usd: 0, output_usd: 0 },
    "B-2": { input_usd: 1.25, output_usd: 2.5 },
  });
  for (const wrong of ["a=1", "a=-1/2", "a=1e3/2", "a=1,5/2", "a=1/2;b=3/4", "a=b=1/2"]) {
    assertStringIncludes(
      problemsOf({ MODEL_PRICES: wrong }),
      "MODEL_PRICES must be entries such as grok-4.3=1.25/2.50",
    );
  }
});

Deno.test("parseConfig() refuses what no header can carry", () => {
  for (const name of ["ALEXANDRIA_WEBHOOK_SECRET", ...PROVIDER_SECRETS]) {
    const message = problemsOf({ [name]: "a-schlüssel-of-some-length" });
    assertStringIncludes(message, `${name} must consist of letters, digits and signs of ASCII`);
    assertFalse(message.includes("schlüssel"), "the message shows the secret");
  }
  assertStringIncludes(problemsOf({ CONTACT: "böll@example.org" }), "CONTACT must consist of");
});

Deno.test("describeConfig() and problems show no secret of an address", () => {
  const LLM_BASE_URL = "https://some-user:some-password@llm.example/v1?key=some-query-key";
  const config = parseConfig({ ...minimal, LLM_BASE_URL, LLM_MODEL: "m" });
  assertEquals(describeConfig(config).LLM_BASE_URL, "https://llm.example/v1");
  const message = problemsOf({ LLM_BASE_URL: LLM_BASE_URL.replace("https", "ftp") });
  assertStringIncludes(message, "LLM_BASE_URL must be an http(s) URL");
  for (const secret of ["some-user", "some-password", "some-query-key"]) {
    assertFalse(message.includes(secret), message);
  }
});

Deno.test("tests reach this machine only, and no provider's real host", async () => {
  const hosts = Object.entries(parseConfig(minimal))
    .flatMap(([name, value]) => name.endsWith("_URL") && typeof value === "string" ? [value] : []);
  assert(hosts.length >= PROVIDERS.length - 1);
  for (const host of hosts) await assertRejects(() => fetch(host), Deno.errors.NotCapable);
});
