import { assertEquals, assertRejects } from "@std/assert";
import type { Database } from "../../../src/database/connection/connection.ts";
import { openEmbeddedDatabase } from "../../../src/database/embedded/embedded_database.ts";
import { openServerDatabase } from "../../../src/database/server/server_database.ts";
import { AppError } from "../../../src/errors.ts";
import {
  DATABASE_KINDS,
  databaseTest,
  TEST_DATABASE_URL,
} from "../../support/postgres/databases.ts";

/** The client loses the connection of a transaction that begins as the 101st statement on it. */
const AROUND_THE_LIMIT = [98, 99, 100, 101, 102, 200];

for (const kind of DATABASE_KINDS) {
  Deno.test({
    name: `a transaction can begin behind any number of statements [${kind}]`,
    sanitizeOps: false,
    sanitizeResources: false,
    async fn() {
      // One connection on a server too, so that all of them are before the transaction.
      const database = kind === "embedded"
        ? await openEmbeddedDatabase(null)
        : await openServerDatabase(TEST_DATABASE_URL!, { maxConnections: 1 });
      await beginBehind(database.sql);
      await database.close();
    },
  });
}

async function beginBehind(sql: Database["sql"]): Promise<void> {
  for (const count of AROUND_THE_LIMIT) {
    const sent = Array.from({ length: count }, (_, i) => sql`SELECT ${i}::int AS i`.execute());
    const inside = sql.begin(async (tx) => {
      await tx`CREATE TEMP TABLE kept (id int) ON COMMIT DROP`;
      await tx`INSERT INTO kept VALUES (1)`;
      const [row] = await tx<{ count: number }[]>`SELECT count(*)::int AS count FROM kept`;
      return row!.count;
    });
    const behind = Array.from({ length: count }, (_, i) => sql`SELECT ${i}::int AS i`.execute());
    assertEquals(await inside, 1);
    for (const answers of [await Promise.all(sent), await Promise.all(behind)]) {
      assertEquals(answers.map(([row]) => row!.i), Array.from({ length: count }, (_, i) => i));
    }
    const [row] = await sql`SELECT to_regclass('pg_temp.kept') AS kept`;
    assertEquals(row!.kept, null, "the transaction was left open");
  }
}

databaseTest("transactions that begin together each keep to themselves", async ({ sql }) => {
  const seen = await Promise.all(
    Array.from({ length: 150 }, (_, i) =>
      sql.begin(async (tx) => {
        await tx`CREATE TEMP TABLE own ON COMMIT DROP AS SELECT ${i}::int AS i`;
        return (await tx`SELECT i FROM own`).map((row) => row.i);
      })),
  );
  assertEquals(seen, Array.from({ length: 150 }, (_, i) => [i]));
});

databaseTest("what a transaction sends at once is carried out in order", async ({ sql }) => {
  for (const count of [...AROUND_THE_LIMIT, 500]) {
    const ids = await sql.begin(async (tx) => {
      await tx`CREATE TEMP TABLE sent (id serial, i int) ON COMMIT DROP`;
      await Promise.all(
        Array.from({ length: count }, (_, i) => tx`INSERT INTO sent (i) VALUES (${i})`),
      );
      return await tx`SELECT i FROM sent ORDER BY id`;
    });
    assertEquals(ids.map((row) => row.i), Array.from({ length: count }, (_, i) => i));
  }
});

databaseTest("a statement sent after its transaction ended is refused", async ({ sql }) => {
  let late: PromiseLike<unknown>[] = [];
  await sql.begin(async (tx) => {
    await tx`SELECT 1`;
    late = [tx`SELECT 2`, tx.unsafe("SELECT 3")];
  });
  for (const statement of late) {
    const refused = await assertRejects(async () => await statement, AppError);
    assertEquals(refused.code, "DATABASE_UNREACHABLE");
  }
});

databaseTest("a statement that fails gives its turn to the next", async ({ sql }) => {
  await assertRejects(async () => await sql`SELECT 1 / 0`);
  await assertRejects(() => sql.begin((tx) => tx`SELECT 1 / 0`));
  await assertRejects(async () => await sql.unsafe("nonsense"));
  assertEquals((await sql`SELECT 1 AS one`)[0]!.one, 1);
});

Deno.test({
  name: "no present connection is used again after one was read-only [server]",
  ignore: TEST_DATABASE_URL === null,
  sanitizeOps: false,
  sanitizeResources: false,
  async fn() {
    const { sql, close } = await openServerDatabase(TEST_DATABASE_URL!, { maxConnections: 2 });
    const pids = async (): Promise<number[]> => {
      const both = [1, 2].map(() => sql`SELECT pg_backend_pid() AS pid, pg_sleep(0.1)`);
      return (await Promise.all(both)).map(([row]) => row!.pid);
    };
    const before = await pids();
    assertEquals(new Set(before).size, 2);
    await assertRejects(async () =>
      await sql.unsafe("DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = '25006'; END $$")
    );
    assertEquals((await pids()).filter((pid) => before.includes(pid)), []);
    await close();
  },
});
