import { DatabaseSync } from "node:sqlite";
import { assert, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { DATABASE_KINDS } from "../support/postgres/databases.ts";
import { clusterTest, startCluster } from "../support/postgres/postgres_cluster.ts";
import { type EndedScript, runScript } from "../support/service/run_script.ts";
import { startService } from "../support/service/service_process.ts";
import { type TestPlace, withApp, withPlace } from "../support/service/test_app.ts";

/** Fails unless the end was one clear sentence: an exit code, what is wrong, and no stack. */
function assertClear(
  { code, stderr }: Pick<EndedScript, "code" | "stderr">,
  words: readonly string[],
): void {
  assert(code !== 0, "exit code 0");
  const message = stderr.split("\n").filter((line) => !line.includes(" info ")).join("\n");
  for (const word of words) assertStringIncludes(message, word);
  assert(!/^\s+at /m.test(message), `a stack was printed:\n${message}`);
}

function placeTest(
  name: string,
  body: (place: TestPlace) => Promise<void>,
  kinds: readonly TestPlace["kind"][] = ["embedded"],
): void {
  for (const kind of kinds) {
    Deno.test({
      name: `${name} [${kind}]`,
      sanitizeOps: false,
      sanitizeResources: false,
      fn: () => withPlace(kind, body, { isMigrated: false }),
    });
  }
}

Deno.test("starting without settings lists every problem and where they are explained", async () => {
  const ended = await runScript("main.ts", { env: { PORT: "-1", DATA_DIR: "/nonexistent/data" } });
  assertClear(ended, [
    "2 problems",
    "PORT",
    "ALEXANDRIA_WEBHOOK_SECRET is not set",
    ".env.example",
  ]);
});

Deno.test("starting with a flag starts nothing and says that settings are wanted instead", async () => {
  assertClear(await runScript("main.ts", { args: ["--port", "80"] }), ["'--port'", ".env"]);
  const help = await runScript("main.ts", { args: ["--help"] });
  assertEquals([help.code, help.stderr], [0, ""]);
  assertMatch(help.stdout, /^deno task start: .*\.env\.example/);
});

placeTest("an unreachable database is named with what to do", async ({ environment }) => {
  const env = { ...environment, DATABASE_URL: "postgres://user:hidden-password@127.0.0.1:1/none" };
  const ended = await runScript("main.ts", { env });
  assertClear(ended, ["the database at 127.0.0.1:1/none: connect ECONNREFUSED", "DATABASE_URL"]);
  assert(!ended.stderr.includes("hidden-password"));
});

placeTest(
  "a port in use is named with what to do, and the data folder is free again",
  async (place) => {
    const taken = Deno.listen({ hostname: "127.0.0.1", port: 0 });
    const { port } = taken.addr as Deno.NetAddr;
    const ended = await runScript("main.ts", { env: { ...place.environment, PORT: String(port) } });
    assertClear(ended, [String(port), "correct HOST and PORT"]);
    taken.close();
    const service = await startService(place);
    service.kill("SIGTERM");
    assertEquals((await service.ended()).code, 0);
  },
);

placeTest("a data folder in use is refused and its owner is undisturbed", async (place) => {
  const service = await startService(place);
  const ended = await runScript("main.ts", { env: place.environment });
  assertClear(ended, [place.dataDir, "in use by another process"]);
  assertEquals((await service.call("/readyz")).status, 200);
  service.kill("SIGTERM");
  assertEquals((await service.ended()).code, 0);
}, DATABASE_KINDS);

placeTest("a data folder that cannot be written is named", async ({ environment }) => {
  const ended = await runScript("main.ts", { env: { ...environment, DATA_DIR: "/proc/nowhere" } });
  assertClear(ended, ["/proc/nowhere", "DATA_DIR"]);
  assert(!ended.stderr.includes("--allow"), ended.stderr);
});

placeTest(
  "damaged embedded files are named and left as they are",
  async ({ dataDir, environment }) => {
    await Deno.writeTextFile(`${dataDir}/postgres/PG_VERSION`, "nonsense");
    const ended = await runScript("main.ts", { env: environment });
    assertClear(ended, [`${dataDir}/postgres`, "damaged", "Move the folder away"]);
    assertEquals(await Deno.readTextFile(`${dataDir}/postgres/PG_VERSION`), "nonsense");
  },
);

placeTest("a damaged queue file is named", async ({ dataDir, environment }) => {
  await Deno.writeTextFile(`${dataDir}/queue.sqlite3`, "not a database at all ".repeat(50));
  const ended = await runScript("main.ts", { env: environment });
  assertClear(ended, ["queue.sqlite3", "DATA_DIR"]);
});

placeTest("a queue file locked by another program is named", async ({ dataDir, environment }) => {
  const other = new DatabaseSync(`${dataDir}/queue.sqlite3`);
  other.exec("BEGIN EXCLUSIVE");
  const ended = await runScript("main.ts", { env: environment });
  assertClear(ended, ["queue.sqlite3", "locked", "Stop the process that holds it"]);
  other.close();
});

placeTest("a database newer than the program is refused and not changed", async (place) => {
  await withApp(place, async ({ sql }) => {
    await sql`INSERT INTO schema_migration (version, name, checksum) VALUES (9999, 'future', 'x')`;
  });
  const ended = await runScript("main.ts", { env: place.environment });
  assertClear(ended, ["newer than this program", "future", "nothing was changed"]);
}, DATABASE_KINDS);

clusterTest("a read-only database is named", async () => {
  const standby = await startCluster({ isStandby: true });
  try {
    await withPlace("embedded", async ({ environment }) => {
      const env = { ...environment, DATABASE_URL: standby.url };
      assertClear(await runScript("main.ts", { env }), ["read-only"]);
    });
  } finally {
    await standby.remove();
  }
});

placeTest(
  "variables that the database client would read on its own change nothing",
  async (place) => {
    const env = {
      ...place.environment,
      PGDEBUG: "true",
      PGFETCH_TYPES: "false",
      PGIDLE_TIMEOUT: "x",
      PGMAX: "0",
      PGPREPARE: "nonsense",
      PGSSL: "require",
      PGSSLNEGOTIATION: "direct",
      PGTARGETSESSIONATTRS: "any",
      PGUSERNAME: "nobody",
    };
    const ended = await runScript("src/cli/migrate.ts", { env });
    assertEquals([ended.code, ended.stderr], [0, ""]);
  },
  DATABASE_KINDS,
);

Deno.test("a catalogue file that is missing is named by the simulator", async () => {
  const folder = await Deno.makeTempDir();
  const ended = await runScript("src/cli/simulator.ts", {
    args: ["--data", folder],
    set: "simulator",
  });
  assertClear(ended, [`${folder}/catalogue.jsonl`]);
  await Deno.remove(folder);
});

Deno.test("wrong flags name the flag, its value and what it must be", async () => {
  const months = await runScript("src/cli/demo.ts", { args: ["--months", "0"], set: "demo" });
  assertClear(months, ["--months must be a whole number from 1 to 300", '"0"']);
  const unknown = await runScript("src/cli/stats.ts", { args: ["--jsn"] });
  assertClear(unknown, ["--jsn", "--json"]);
  const reversed = await runScript("src/cli/seed.ts", { args: ["--from", "2020", "--to", "2010"] });
  assertClear(reversed, ["--from (2020) must not be after --to (2010)"]);
});

placeTest("stats before the first start says what to do and makes nothing", async (place) => {
  if (place.kind === "embedded") {
    await Deno.remove(`${place.dataDir}/postgres`, { recursive: true });
  }
  const ended = await runScript("src/cli/stats.ts", { env: place.environment });
  assertClear(ended, ["deno task migrate"]);
}, DATABASE_KINDS);

placeTest("a schema that does not exist is named", async (place) => {
  const url = new URL(place.environment.DATABASE_URL!);
  url.searchParams.set("search_path", "nowhere");
  const env = { ...place.environment, DATABASE_URL: url.href };
  assertClear(await runScript("main.ts", { env }), ["search_path", "nowhere"]);
}, DATABASE_KINDS.filter((kind) => kind === "server"));

placeTest("a copied data folder gets a name of its own", async ({ dataDir }) => {
  const { holdDataDirectory } = await import("../../src/app/data_directory.ts");
  const [one, again] = [1, 2].map(() => `${dataDir}/one`);
  const first = await holdDataDirectory(one!);
  first.release();
  const second = await holdDataDirectory(again!);
  second.release();
  assertEquals(second.instance, first.instance);
  await Deno.mkdir(`${dataDir}/copy`);
  await Deno.copyFile(`${dataDir}/one/instance`, `${dataDir}/copy/instance`);
  const copy = await holdDataDirectory(`${dataDir}/copy`);
  copy.release();
  assert(copy.instance !== first.instance);
});

placeTest("migrate, seed and stats work without a service, and with one", async (place) => {
  const env = place.environment;
  assertMatch(
    (await runScript("src/cli/migrate.ts", { env })).stdout,
    /create_the_backfill_log applied/,
  );
  assertMatch((await runScript("src/cli/migrate.ts", { env })).stdout, /up to date/);
  assertMatch(
    (await runScript("src/cli/seed.ts", { env })).stdout,
    /300 months of 2000–2024 added/,
  );
  const before = await runScript("src/cli/stats.ts", { env, args: ["--json"] });
  assertEquals(JSON.parse(before.stdout).total_months, 300);
  const service = await startService(place);
  const live = { ...env, PORT: new URL(service.url).port };
  const seeded = await runScript("src/cli/seed.ts", {
    env: live,
    args: ["--from", "1999", "--to", "1999"],
  });
  assertMatch(seeded.stdout, /12 months of 1999–1999 added/);
  const after = await runScript("src/cli/stats.ts", { env: live, args: ["--json"] });
  assertEquals(JSON.parse(after.stdout).total_months, 312);
  assertMatch(
    (await runScript("src/cli/stats.ts", { env: live })).stdout,
    /0 of 312 months completed/,
  );
  service.kill("SIGTERM");
  await service.ended();
}, DATABASE_KINDS);
