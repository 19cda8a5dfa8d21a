import { assert, assertEquals, assertGreater, assertMatch } from "@std/assert";
import { openEmbeddedDatabase } from "../../src/database/embedded/embedded_database.ts";
import { migrate, readMigrations } from "../../src/database/migrations/migrate.ts";
import { openServerDatabase } from "../../src/database/server/server_database.ts";
import type { BackfillStats } from "../../src/stats/backfill_stats.ts";
import { TEST_DATABASE_URL } from "../support/postgres/databases.ts";
import { createOwnDatabase } from "../support/postgres/own_database.ts";
import { runScript } from "../support/service/run_script.ts";
import { inherited } from "../support/service/service_process.ts";
import { TEST_SECRET } from "../support/service/test_app.ts";

interface DemoRun {
  readonly code: number;
  readonly stats: BackfillStats;
  readonly stderr: string;
}

const ROOT = new URL("../../", import.meta.url);

/** Runs the demo's command as it stands in deno.json, with the given settings. */
async function demo(env: Record<string, string>, ...args: string[]): Promise<DemoRun> {
  const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
    args: ["task", "demo", "--exit", "--json", "--port", "0", ...args],
    cwd: ROOT,
    clearEnv: true,
    env: { ...inherited(), ...env },
    stdin: "null",
  }).output();
  const decode = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);
  const lastLine = decode(stdout).trimEnd().split("\n").at(-1) ?? "";
  return { code, stats: JSON.parse(lastLine || "null"), stderr: decode(stderr) };
}

Deno.test("the demo runs twelve months of real books with no keys and no server", async () => {
  const folder = `.data/test-${crypto.randomUUID()}`;
  const { code, stats, stderr } = await demo({ DATA_DIR: folder }, "--months", "12");
  assertEquals(code, 0, stderr);
  assertEquals(stats.by_status.completed, 12);
  assertGreater(stats.progress.total_isbns_resolved, 120);
  for (const month of stats.recent_activity) {
    assertEquals(month.year, 2012);
    assert(month.isbns_queued <= month.isbns_resolved);
    assert(month.isbns_resolved <= month.books_generated);
  }
  assertMatch(stderr, /X-Cron-Secret/);

  const more = await demo({ DATA_DIR: folder }, "--months", "14", "--keep");
  assertEquals(more.code, 0, more.stderr);
  assertEquals(more.stats.by_status.completed, 14);

  const env = { DATA_DIR: `${folder}/demo` };
  const screen = await runScript("src/cli/stats.ts", { env, args: ["--json"] });
  assertEquals(JSON.parse(screen.stdout).by_status.completed, 14, screen.stderr);
  await assertRefused(env);
  await Deno.remove(new URL(folder, ROOT), { recursive: true });
});

Deno.test({
  name: "the demo leaves the database it is given alone, and its own is refused by the service",
  ignore: TEST_DATABASE_URL === null,
  async fn() {
    const folder = `.data/test-${crypto.randomUUID()}`;
    const beside = new URL(`${folder}/demo/of-an-embedded-demo`, ROOT);
    await Deno.mkdir(new URL(`${folder}/demo`, ROOT), { recursive: true });
    await Deno.writeTextFile(beside, "");
    const own = await createOwnDatabase(TEST_DATABASE_URL!);
    const run = await demo({ DATA_DIR: folder, DATABASE_URL: own.url }, "--months", "1");
    assertEquals([run.code, run.stats.by_status.completed], [0, 1], run.stderr);
    const given = await openServerDatabase(own.url, { maxConnections: 1 });
    const [row] = await given.sql`SELECT count(*)::int AS count FROM pg_tables
      WHERE schemaname = 'public'`;
    await given.close();
    assertEquals(row!.count, 0, "the demo wrote into the database it was given");
    assert((await Deno.stat(beside)).isFile);
    await assertRefused({ DATA_DIR: `${folder}/service`, DATABASE_URL: `${own.url}_demo` });
    await own.drop();
    await Deno.remove(new URL(folder, ROOT), { recursive: true });
  },
});

Deno.test("the demo takes no folder that it did not make, kept or not", async () => {
  const folder = `.data/test-${crypto.randomUUID()}`;
  const real = new URL(`${folder}/demo/postgres`, ROOT);
  const database = await openEmbeddedDatabase(real.pathname);
  await migrate(database.sql, await readMigrations());
  await database.close();
  for (const flags of [["--keep"], []]) {
    const ended = await runScript("src/cli/demo.ts", {
      env: { DATA_DIR: folder },
      args: ["--exit", "--port", "0", ...flags],
      set: "demo",
    });
    assertEquals(ended.code, 1);
    assertMatch(ended.stderr, /tables that no demo made/);
    assert((await Deno.stat(real)).isDirectory);
  }
  await Deno.remove(new URL(folder, ROOT), { recursive: true });
});

/** Fails unless the service says that it does not run on what is a demo's. */
async function assertRefused(env: Record<string, string>): Promise<void> {
  const ended = await runScript("main.ts", {
    env: { ALEXANDRIA_WEBHOOK_SECRET: TEST_SECRET, PORT: "0", ...env },
  });
  assertEquals(ended.code, 1);
  assertMatch(ended.stderr, /is a demo's/);
}
