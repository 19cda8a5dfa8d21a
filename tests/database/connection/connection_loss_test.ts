// About guarded_client.ts, connection_pool.ts
import { assertEquals, assertMatch, assertRejects } from "@std/assert";
import { openEmbeddedDatabase } from "../../../src/database/embedded/embedded_database.ts";
import { openServerDatabase } from "../../../src/database/server/server_database.ts";
import { toAppError } from "../../../src/errors.ts";
import { TEST_DATABASE_URL } from "../../support/postgres/databases.ts";
import { startTcpProxy } from "../../support/network/tcp_proxy.ts";

const loose = { sanitizeOps: false, sanitizeResources: false };
const onServer = { ...loose, ignore: TEST_DATABASE_URL === null };

Deno.test("a connection cut in a transaction ends it and nothing else", onServer, async () => {
  const url = new URL(TEST_DATABASE_URL!);
  const proxy = startTcpProxy({ hostname: url.hostname, port: Number(url.port || 5432) });
  url.port = String(proxy.port);
  const database = await openServerDatabase(url.href, { maxConnections: 2 });
  const reached: string[] = [];
  const error = await assertRejects(() =>
    database.sql.begin(async (tx) => {
      await tx`SELECT 1`;
      proxy.cut();
      await tx`SELECT 2`.catch(() => reached.push("refused"));
      await tx`SELECT 3`;
      reached.push("went on");
    })
  );
  assertEquals(toAppError(error).code, "DATABASE_UNREACHABLE");
  assertEquals(reached, ["refused"]);
  assertEquals(
    toAppError(await assertRejects(() => database.sql`SELECT 4`)).code,
    "DATABASE_UNREACHABLE",
  );
  proxy.mend();
  let answer: unknown = null;
  while (answer === null) {
    answer = await database.sql`SELECT 5 AS five`.then(([row]) => row!.five, () => null);
  }
  assertEquals(answer, 5);
  await database.close();
  proxy.close();
});

Deno.test(
  "what a body does after its transaction was lost is refused, not run outside it",
  onServer,
  async () => {
    const url = new URL(TEST_DATABASE_URL!);
    const proxy = startTcpProxy({ hostname: url.hostname, port: Number(url.port || 5432) });
    url.port = String(proxy.port);
    const database = await openServerDatabase(url.href, { maxConnections: 1 });
    const lost = Promise.withResolvers<void>();
    const late = Promise.withResolvers<Error>();
    const error = await assertRejects(() =>
      database.sql.begin(async (tx) => {
        await tx`SELECT 1`;
        proxy.cut();
        await lost.promise;
        late.resolve(await assertRejects(async () => await tx`SELECT 2`, Error));
      }).finally(() => lost.resolve())
    );
    assertEquals(toAppError(error).code, "DATABASE_UNREACHABLE");
    assertMatch((await late.promise).message, /ended with its connection/);
    await database.close();
  },
);

Deno.test(
  "an embedded transaction that waits for itself is cut and rolled back",
  loose,
  async () => {
    const database = await openEmbeddedDatabase(null, { transactionLimitMs: 300 });
    await database.sql`CREATE TABLE thing (id int)`;
    await assertRejects(() =>
      database.sql.begin(async (tx) => {
        await tx`INSERT INTO thing VALUES (1)`;
        // The only connection is busy with this transaction: this query can never start.
        await database.sql`SELECT 1`;
      })
    );
    const [row] = await database.sql`SELECT count(*)::int AS count FROM thing`;
    assertEquals(row!.count, 0);
    await database.close();
  },
);
