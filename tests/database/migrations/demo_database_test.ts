import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import type { Database } from "../../../src/database/connection/connection.ts";
import { prepareDemoDatabase } from "../../../src/database/migrations/demo_database.ts";
import {
  demandNoDemo,
  hasDemoMark,
  markAsDemo,
} from "../../../src/database/migrations/demo_mark.ts";
import { openEmbeddedDatabase } from "../../../src/database/embedded/embedded_database.ts";
import { migrate, readMigrations } from "../../../src/database/migrations/migrate.ts";
import { seedMonths } from "../../../src/database/months/months.ts";
import { startRun } from "../../../src/database/scheduling/runs.ts";
import { openServerDatabase } from "../../../src/database/server/server_database.ts";
import { AppError } from "../../../src/errors.ts";
import { DATABASE_KINDS, TEST_DATABASE_URL } from "../../support/postgres/databases.ts";
import { createOwnDatabase } from "../../support/postgres/own_database.ts";
import { clusterTest, startCluster } from "../../support/postgres/postgres_cluster.ts";

/** Registers the test once for each kind of database, each with an empty one of its own. */
function emptyTest(name: string, body: (database: Database) => Promise<void>): void {
  for (const kind of DATABASE_KINDS) {
    Deno.test({
      name: `${name} [${kind}]`,
      sanitizeOps: false,
      sanitizeResources: false,
      async fn() {
        const own = kind === "server" ? await createOwnDatabase(TEST_DATABASE_URL!) : null;
        const database = own === null
          ? await openEmbeddedDatabase(null)
          : await openServerDatabase(own.url, { maxConnections: 2 });
        try {
          await body(database);
        } finally {
          await database.close();
          await own?.drop();
        }
      },
    });
  }
}

async function startLog(
  { sql }: Database,
  startedBy: Parameters<typeof startRun>[1]["startedBy"],
): Promise<void> {
  await migrate(sql, await readMigrations());
  await seedMonths(sql, { yearStart: 2012, yearEnd: 2012 });
  await startRun(sql, { startedBy, maxCostUsd: null, at: null });
}

emptyTest(
  "an empty database can become a demo's, and the service then refuses it",
  async (database) => {
    await demandNoDemo(database);
    await markAsDemo(database);
    await markAsDemo(database);
    await startLog(database, "api"); // asked for through the demo's API
    await markAsDemo(database);
    const refused = await assertRejects(() => demandNoDemo(database), AppError, "is a demo's");
    assertEquals(refused.code, "CONFIG_INVALID");
  },
);

emptyTest("a database with a real log never becomes a demo's", async (database) => {
  await startLog(database, "demo");
  await startLog(database, "tick");
  await assertRejects(() => markAsDemo(database), AppError, "no demo made");
  assert(!await hasDemoMark(database.sql));
});

emptyTest("a log without runs is not taken for a demo's", async (database) => {
  await migrate(database.sql, await readMigrations());
  await assertRejects(() => markAsDemo(database), AppError, "no demo made");
});

emptyTest("a demo's database from before the mark is known by its runs", async (database) => {
  await startLog(database, "demo");
  await markAsDemo(database);
  assert(await hasDemoMark(database.sql));
});

function serverTest(name: string, body: (url: string) => Promise<void>): void {
  Deno.test({
    name: `${name} [server]`,
    ignore: TEST_DATABASE_URL === null,
    sanitizeOps: false,
    sanitizeResources: false,
    async fn() {
      const own = await createOwnDatabase(TEST_DATABASE_URL!);
      try {
        await body(own.url);
      } finally {
        await own.drop();
      }
    },
  });
}

async function inDatabase<T>(url: string, ask: (database: Database) => Promise<T>): Promise<T> {
  const database = await openServerDatabase(url, { maxConnections: 1 });
  try {
    return await ask(database);
  } finally {
    await database.close();
  }
}

const tables = (url: string) =>
  inDatabase(
    url,
    async ({ sql }) =>
      (await sql`SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1`)
        .map(({ tablename }) => tablename),
  );

serverTest(
  "a demo makes a database beside the one it is given and leaves that alone",
  async (url) => {
    await inDatabase(url, ({ sql }) => sql`CREATE TABLE precious (id int)`);
    const given = new URL(url);
    given.searchParams.set("search_path", "elsewhere,public");
    const demoUrl = await prepareDemoDatabase(given.href, { isKept: false });
    assertEquals(new URL(demoUrl).pathname, `${given.pathname}_demo`);
    assertEquals(new URL(demoUrl).search, "");
    await inDatabase(demoUrl, async (demo) => {
      await markAsDemo(demo);
      await demo.sql`CREATE TABLE simulated (id int)`;
    });
    assertEquals(await tables(url), ["precious"]);
    assertEquals(await prepareDemoDatabase(url, { isKept: true }), demoUrl);
    assertEquals(await tables(demoUrl), ["demo_mark", "simulated"]);
    await prepareDemoDatabase(url, { isKept: false });
    assertEquals(await tables(demoUrl), []);
    assertEquals(await tables(url), ["precious"]);
  },
);

serverTest("a database that only bears the name of a demo's stays", async (url) => {
  const demoUrl = await prepareDemoDatabase(url, { isKept: false });
  await inDatabase(demoUrl, ({ sql }) => sql`CREATE TABLE precious (id int)`);
  await assertRejects(() => prepareDemoDatabase(url, { isKept: false }), AppError, "no demo made");
  assertEquals(await tables(demoUrl), ["precious"]);
});

serverTest("a demo that somebody is using is not removed", async (url) => {
  const demoUrl = await prepareDemoDatabase(url, { isKept: false });
  await inDatabase(demoUrl, async (demo) => {
    await markAsDemo(demo);
    await assertRejects(() => prepareDemoDatabase(url, { isKept: false }), AppError, "is in use");
    assert(await hasDemoMark(demo.sql));
  });
});

serverTest("a user who may not make databases is told what to do", async (url) => {
  const role = `test_${crypto.randomUUID().replaceAll("-", "")}`;
  await inDatabase(url, ({ sql }) => sql.unsafe(`CREATE ROLE ${role} LOGIN PASSWORD 'p'`));
  const poor = new URL(url);
  poor.username = role;
  poor.password = "p";
  const error = await assertRejects(
    () => prepareDemoDatabase(poor.href, { isKept: false }),
    AppError,
  );
  assertStringIncludes(error.message, "CREATEDB");
  await inDatabase(url, ({ sql }) => sql.unsafe(`DROP ROLE ${role}`));
});

clusterTest("a demo's database takes every text, on a server that does not", async () => {
  const cluster = await startCluster({ encoding: "LATIN1" });
  try {
    const url = await prepareDemoDatabase(cluster.url, { isKept: false });
    const demo = await openServerDatabase(url, { maxConnections: 1 });
    const [row] = await demo.sql`SELECT ${"Анна Каренина"} AS title`;
    await demo.close();
    assertEquals(row!.title, "Анна Каренина");
  } finally {
    await cluster.remove();
  }
});
