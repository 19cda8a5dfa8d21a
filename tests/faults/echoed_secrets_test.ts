import { assert, assertEquals } from "@std/assert";
import { systemClock } from "../../src/clock.ts";
import type { Database } from "../../src/database/connection/connection.ts";
import { simulatorSettings } from "../../src/simulator/simulator_settings.ts";
import { echoesOf, startEchoingProxy } from "../support/network/echoing_proxy.ts";
import { runScript } from "../support/service/run_script.ts";
import { startService } from "../support/service/service_process.ts";
import { placeTest, type TestPlace, withApp } from "../support/service/test_app.ts";

/** Values such as real ones, with signs that each form of writing escapes. */
function makeSecrets(names: readonly string[]): Record<string, string> {
  return Object.fromEntries(names.map((name) => [name, `${name}/${crypto.randomUUID()}+&="<`]));
}

/** Which of the secrets can be read in the text, in any form. */
function found(text: string, secrets: Readonly<Record<string, string>>): string[] {
  return Object.entries(secrets).filter(([, secret]) =>
    echoesOf(secret).some((form) => text.includes(form))
  ).map(([name]) => name);
}

/** Every row of every table, as text. */
async function readTables(sql: Database["sql"]): Promise<Map<string, string>> {
  const tables = await sql<{ name: string }[]>`
    SELECT table_name AS name FROM information_schema.tables
    WHERE table_schema = current_schema() AND table_type = 'BASE TABLE'`;
  const texts = new Map<string, string>();
  for (const { name } of tables) {
    const rows = await sql.unsafe<{ row: string }[]>(`SELECT t::text AS row FROM "${name}" t`);
    texts.set(name, rows.map(({ row }) => row).join("\n"));
  }
  return texts;
}

async function runMonths(
  place: TestPlace,
  { settings, refuse, secret }: {
    settings: Record<string, string>;
    refuse: () => void;
    secret: string;
  },
): Promise<{ answers: string[]; stderr: string }> {
  const service = await startService(place, { settings: { ...settings, LOG_LEVEL: "debug" } });
  const answers: string[] = [];
  const call = async (path: string, body?: unknown): Promise<string> => {
    const response = await fetch(service.url + path, {
      headers: { "X-Cron-Secret": secret },
      ...(body === undefined ? {} : { method: "POST", body: JSON.stringify(body) }),
    });
    answers.push(await response.text());
    return answers.at(-1)!;
  };
  const internal = "/api/internal";
  const untilStats = async (isSo: (stats: Stats) => boolean): Promise<void> => {
    while (!isSo(JSON.parse(await call(`${internal}/backfill-stats`)))) {
      await systemClock.sleep(100);
    }
  };
  await call(`${internal}/seed-backfill-queue`, { year_start: 2012, year_end: 2012 });
  await call(`${internal}/schedule-backfill`, { batch_size: 3 });
  await untilStats(({ by_status }) => by_status.completed === 3);
  refuse();
  await call(`${internal}/schedule-backfill`, { batch_size: 1 });
  await untilStats(({ by_status }) => by_status.retry === 1);
  const rest = [
    "variant-stats",
    "explain?about=2012-12",
    "explain?about=2012-12 a book of",
    "none",
  ];
  for (const path of rest) await call(`${internal}/${path}`);
  for (const path of ["/readyz", "/nothing"]) await call(path);
  service.kill("SIGTERM");
  const { code, stderr } = await service.ended();
  assertEquals(code, 0, stderr);
  return { answers, stderr };
}

interface Stats {
  readonly by_status: Readonly<Record<string, number>>;
}

placeTest(
  "no secret that a provider echoes is logged, stored, answered or printed",
  async (place) => {
    const names = ["secret", "gemini", "xai", "llm", "isbndb", "google", "user"];
    const secrets = makeSecrets([...names, ...(place.kind === "server" ? ["database"] : [])]);
    await using proxy = startEchoingProxy(place.simulator.url, { secrets: Object.values(secrets) });
    const simulated = simulatorSettings(proxy.url);
    const llm = new URL(simulated.LLM_BASE_URL!);
    llm.username = secrets.user!;
    const database = place.environment.DATABASE_URL && new URL(place.environment.DATABASE_URL);
    if (database) database.password = encodeURIComponent(secrets.database!);
    const settings = {
      ...simulated,
      ALEXANDRIA_WEBHOOK_SECRET: secrets.secret!,
      GEMINI_API_KEY: secrets.gemini!,
      XAI_API_KEY: secrets.xai!,
      LLM_API_KEY: secrets.llm!,
      LLM_BASE_URL: llm.href,
      ISBNDB_API_KEY: secrets.isbndb!,
      GOOGLE_BOOKS_API_KEY: secrets.google!,
      GENERATORS: "gemini,xai,openai_compatible,wikidata",
      ...(database ? { DATABASE_URL: database.href } : {}),
    };
    const { answers, stderr } = await runMonths(place, {
      settings,
      refuse: proxy.refuse,
      secret: secrets.secret!,
    });
    assertEquals(found(stderr, secrets), []);
    assertEquals(found(answers.join("\n"), secrets), []);
    assert(stderr.includes("[redacted]"), "nothing was echoed");

    const env = { ...place.environment, ...settings };
    for (
      const [script, ...args] of [
        ["stats"],
        ["stats", "--json"],
        ["stats", "--variants"],
        ["explain", "2012-12", "a", "book", "of"],
        ["explain", "2012-12", "a", "book", "of", "--json"],
        ["schedule", "--dry-run", "--batch", "1"],
      ]
    ) {
      const { stdout, stderr } = await runScript(`src/cli/${script}.ts`, { args, env });
      assertEquals(found(stdout + stderr, secrets), [], `${script} ${args.join(" ")}`);
    }

    const queue = await Deno.readFile(`${place.dataDir}/queue.sqlite3`);
    assertEquals(found(new TextDecoder("latin1").decode(queue), secrets), []);
    await withApp(place, async ({ sql }) => {
      const tables = await readTables(sql);
      assert(
        tables.get("evidence")!.includes("[redacted]"),
        "nothing was echoed into the evidence",
      );
      assert(tables.get("generation")!.includes("[redacted]"), "nor into the answers of models");
      for (const [table, text] of tables) assertEquals(found(text, secrets), [], table);
    });
  },
);
