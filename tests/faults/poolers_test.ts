import { assertEquals, assertMatch, assertRejects } from "@std/assert";
import postgres from "postgres";
import { openServerDatabase } from "../../src/database/server/server_database.ts";
import { AppError } from "../../src/errors.ts";
import { TEST_DATABASE_URL } from "../support/postgres/databases.ts";
import {
  assertUndisturbed,
  startMonths,
  untilCompleted,
} from "../support/months/months_at_work.ts";
import { HAS_PGBOUNCER, startPgBouncer } from "../support/postgres/pgbouncer.ts";
import { startService } from "../support/service/service_process.ts";
import { withPlace } from "../support/service/test_app.ts";

const MONTHS = 36;
/** So that months, and not the wait for the next rescue, take the time. */
const LIMIT_MS = 300_000;

/** As Debian's package configures it, but for what is told here. */
const POOLERS: Readonly<Record<string, Readonly<Record<string, string | number>>>> = {
  "PgBouncer in session mode": { pool_mode: "session" },
  "PgBouncer in transaction mode": { pool_mode: "transaction" },
  "PgBouncer in transaction mode with one connection": {
    pool_mode: "transaction",
    default_pool_size: 1,
  },
};

const ignore = !HAS_PGBOUNCER || TEST_DATABASE_URL === null;
const why = HAS_PGBOUNCER ? "" : " (there is no pgbouncer here)";
const options = { ignore, sanitizeOps: false, sanitizeResources: false };

for (const [pooler, settings] of Object.entries(POOLERS)) {
  Deno.test({
    name: `${MONTHS} months complete behind ${pooler} [server]${why}`,
    ...options,
    fn: () =>
      withPlace("server", async (place) => {
        const bouncer = await startPgBouncer(place.environment.DATABASE_URL!, settings);
        try {
          const service = await startService(place, { settings: { DATABASE_URL: bouncer.url } });
          try {
            await startMonths(service, MONTHS);
            await untilCompleted(place, { count: MONTHS, limitMs: LIMIT_MS });
            await assertUndisturbed(place, MONTHS);
            assertEquals((await service.call("/readyz")).status, 200);
          } finally {
            service.kill("SIGTERM");
            assertEquals((await service.ended()).code, 0);
          }
        } finally {
          await bouncer.stop();
        }
      }),
  });
}

Deno.test({
  name: `what a pooler cannot do stops the start with a sentence [server]${why}`,
  ...options,
  async fn() {
    const bouncer = await startPgBouncer(TEST_DATABASE_URL!, { pool_mode: "statement" });
    const refusal = async (query: string): Promise<string> => {
      const url = `${bouncer.url}${query}`;
      return (await assertRejects(() => openServerDatabase(url), AppError)).message;
    };
    assertMatch(await refusal(""), /set its pool_mode to transaction or session, or connect past/);
    assertMatch(
      await refusal("?options=endpoint%3Dx"),
      /does not take options as a connection sta/,
    );
    await bouncer.stop();
  },
});

Deno.test({
  name: `nothing of a session is left to those who share it behind a pooler [server]${why}`,
  ...options,
  async fn() {
    const bouncer = await startPgBouncer(TEST_DATABASE_URL!, {
      pool_mode: "transaction",
      default_pool_size: 1,
    });
    const database = await openServerDatabase(`${bouncer.url}?search_path=pg_catalog`, {
      maxConnections: 4,
    });
    const { sql } = database;
    await Promise.all(
      Array.from(
        { length: 20 },
        (_, i) => i % 2 === 0 ? sql`SELECT ${i}::int` : sql.begin((tx) => tx`SELECT ${i}::int`),
      ),
    );
    await assertRejects(() => sql.begin((tx) => tx`SELECT 1 / ${0}::int`));
    await assertRejects(async () => await sql`SELECT 1 / ${0}::int`);
    assertEquals(await readSession(bouncer.url), await readSession(TEST_DATABASE_URL!));
    await database.close();
    await bouncer.stop();
  },
});

/** What a program finds that sends its statements outside transactions and sets nothing. */
async function readSession(url: string): Promise<Record<string, unknown>[]> {
  const sql = postgres(url, { max: 1, prepare: false, fetch_types: false });
  const rows = await sql`
    SELECT name, setting FROM pg_settings
    WHERE name LIKE '%timeout' OR name LIKE 'default_transaction%' OR name LIKE '%path'
      OR name IN ('TimeZone', 'DateStyle')
    UNION ALL SELECT 'prepared: ' || statement, '' FROM pg_prepared_statements
    ORDER BY name`;
  await sql.end();
  return rows.map((row) => ({ ...row }));
}
