// About server_database.ts, steady_socket.ts
import { assertEquals, assertRejects } from "@std/assert";
import { systemClock } from "../../../src/clock.ts";
import type { Database } from "../../../src/database/connection/connection.ts";
import { openServerDatabase } from "../../../src/database/server/server_database.ts";
import { AppError, toAppError } from "../../../src/errors.ts";
import { TEST_DATABASE_URL, withDatabase } from "../../support/postgres/databases.ts";
import { withPatience } from "../../support/patience.ts";
import { type SilentProxy, startSilentProxy } from "../../support/database_faults/silent_proxy.ts";

const STATEMENT_LIMIT_MS = 600;
/** So that nothing but closing ends what waits for an answer. */
const UNLIMITED_MS = 3_600_000;
const NEW_ONES_WORK = { isNewSilent: false };

interface Wire {
  readonly database: Database;
  readonly proxy: SilentProxy;
  /** The same database, past the proxy. */
  readonly direct: Database;
}

function silenceTest(
  name: string,
  body: (wire: Wire) => Promise<void>,
  { statementLimitMs = STATEMENT_LIMIT_MS } = {},
): void {
  Deno.test({
    name: `${name} [server]`,
    ignore: TEST_DATABASE_URL === null,
    sanitizeOps: false,
    sanitizeResources: false,
    fn: () =>
      withDatabase("server", async (direct) => {
        const url = new URL(TEST_DATABASE_URL!);
        const proxy = await startSilentProxy({
          hostname: url.hostname,
          port: Number(url.port || 5432),
        });
        url.port = String(proxy.port);
        url.searchParams.set("connect_timeout", String(Math.ceil(statementLimitMs / 1000)));
        const [row] = await direct.sql`SELECT current_schema() AS schema`;
        const database = await openServerDatabase(url.href, {
          maxConnections: 1,
          searchPath: row!.schema,
          statementLimitMs,
        });
        await direct.sql`CREATE TABLE thing (id int PRIMARY KEY, count int NOT NULL)`;
        await direct.sql`INSERT INTO thing VALUES (1, 0)`;
        try {
          await withPatience(body({ database, proxy, direct }), "nothing has ended the silence");
        } finally {
          await proxy.close();
          await database.close();
        }
      }, { isMigrated: false }),
  });
}

/** What can be under way when a connection falls silent. */
const STAGES: Readonly<Record<string, (wire: Wire) => Promise<unknown>>> = {
  "a single statement": async ({ database: { sql }, proxy }) => {
    await sql`SELECT 1`;
    proxy.silence(NEW_ONES_WORK);
    await sql`UPDATE thing SET count = 1`;
  },
  "a transaction's statement": ({ database: { sql }, proxy }) =>
    sql.begin(async (tx) => {
      await tx`SELECT 1`;
      proxy.silence(NEW_ONES_WORK);
      await tx`UPDATE thing SET count = 1`;
    }),
  "a commit": ({ database: { sql }, proxy }) =>
    sql.begin(async (tx) => {
      await tx`UPDATE thing SET count = 1`;
      proxy.silence(NEW_ONES_WORK);
    }),
  "a rollback": ({ database: { sql }, proxy }) =>
    sql.begin(async (tx) => {
      await tx`UPDATE thing SET count = 1`;
      proxy.silence(NEW_ONES_WORK);
      throw new AppError("DATABASE_UNREACHABLE", "said by the body");
    }),
  "a statement of which the server has heard the half": ({ database: { sql }, proxy }) =>
    sql.begin(async (tx) => {
      await tx`UPDATE thing SET count = 1`;
      proxy.silence({ ...NEW_ONES_WORK, isServerOnly: true });
      await tx`UPDATE thing SET count = ${2}`;
    }),
};

for (const [stage, fallSilent] of Object.entries(STAGES)) {
  silenceTest(`silence during ${stage} ends it, and leaves no lock`, async (wire) => {
    const error = await assertRejects(() => fallSilent(wire));
    assertEquals(toAppError(error).code, "DATABASE_UNREACHABLE");
    // The row was locked by what the server knows nothing of: its client is still connected there.
    await wire.database.sql.begin(async (tx) => {
      await tx`SELECT 1`;
      await tx`UPDATE thing SET count = ${7} WHERE id = ${1}`;
    });
    assertEquals([...await wire.direct.sql`SELECT count FROM thing`], [{ count: 7 }]);
  });
}

silenceTest("a connection that is silent when a transaction begins is replaced", async (wire) => {
  const { database: { sql }, proxy, direct } = wire;
  await sql`SELECT 1`;
  const before = proxy.connections();
  proxy.silence(NEW_ONES_WORK);
  await sql.begin((tx) => tx`UPDATE thing SET count = count + 1`);
  assertEquals(proxy.connections(), before + 1);
  assertEquals([...await direct.sql`SELECT count FROM thing`], [{ count: 1 }]);
});

silenceTest("a database that is silent altogether is told, and that it is back", async (wire) => {
  const { database, proxy } = wire;
  await database.sql`CREATE TABLE control (id int)`;
  assertEquals(await database.trouble(), null);
  proxy.silence({ isNewSilent: true });
  while ((await database.trouble())?.code !== "DATABASE_UNREACHABLE") await systemClock.sleep(50);
  proxy.mend();
  while (await database.trouble() !== null) await systemClock.sleep(50);
});

silenceTest("closing ends amid silence", async ({ database, proxy }) => {
  const fallen = Promise.withResolvers<void>();
  const refused = assertRejects(() =>
    database.sql.begin(async (tx) => {
      await tx`SELECT 1`;
      proxy.silence({ isNewSilent: true });
      fallen.resolve();
      await tx`SELECT 2`;
    })
  );
  await fallen.promise;
  await database.close();
  await refused;
}, { statementLimitMs: UNLIMITED_MS });
