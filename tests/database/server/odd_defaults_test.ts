// About server_database.ts
import { assertEquals } from "@std/assert";
import type { Database } from "../../../src/database/connection/connection.ts";
import { migrate, readMigrations } from "../../../src/database/migrations/migrate.ts";
import { openServerDatabase } from "../../../src/database/server/server_database.ts";
import { TEST_DATABASE_URL } from "../../support/postgres/databases.ts";
import { createOwnDatabase } from "../../support/postgres/own_database.ts";

/** What an administrator may have made the default of a database. */
const DEFAULTS: Readonly<Record<string, string>> = {
  "serializable transactions": "default_transaction_isolation TO serializable",
  "repeatable reads": "default_transaction_isolation TO 'repeatable read'",
  "read-only transactions": "default_transaction_read_only TO on",
  "another time zone and style of dates": `"TimeZone" TO 'Pacific/Auckland';
    ALTER DATABASE {name} SET "DateStyle" TO 'SQL, DMY'`,
};
const AT_ONCE = 40;

for (const [what, settings] of Object.entries(DEFAULTS)) {
  Deno.test({
    name: `a database with ${what} by default is like any other [server]`,
    ignore: TEST_DATABASE_URL === null,
    sanitizeOps: false,
    sanitizeResources: false,
    async fn() {
      const own = await createOwnDatabase(TEST_DATABASE_URL!);
      const name = new URL(own.url).pathname.slice(1);
      const admin = await openServerDatabase(own.url, { maxConnections: 1 });
      for (const setting of `ALTER DATABASE {name} SET ${settings}`.split(";")) {
        await admin.execute(setting.replaceAll("{name}", name));
      }
      await admin.close();
      const database = await openServerDatabase(own.url, { maxConnections: 8 });
      await migrate(database.sql, await readMigrations());
      assertEquals(await database.trouble(), null);
      await assertCounts(database);
      await assertTellsTime(database);
      await database.close();
      await own.drop();
    },
  });
}

/** Fails unless all who write one row at once are let through, alone and in transactions. */
async function assertCounts({ sql }: Database): Promise<void> {
  await sql`CREATE TABLE tally (id int PRIMARY KEY, count int NOT NULL)`;
  await sql`INSERT INTO tally VALUES (1, 0)`;
  const add = (queryable: typeof sql) =>
    queryable`UPDATE tally SET count = count + 1 WHERE id = ${1}`;
  await Promise.all(
    Array.from({ length: AT_ONCE }, async (_, i) => {
      if (i % 2 === 0) return await add(sql);
      return await sql.begin(async (tx) => {
        await tx`SELECT count(*) FROM tally`; // a snapshot that is out of date when it is our turn
        await add(tx as unknown as typeof sql);
      });
    }),
  );
  const [row] = await sql`SELECT count FROM tally`;
  assertEquals(row!.count, AT_ONCE);
}

async function assertTellsTime({ sql }: Database): Promise<void> {
  const moment = new Date("2012-03-04T22:30:15.123Z");
  const read = (queryable: typeof sql) =>
    queryable<{ at: Date; day: string }[]>`
      SELECT ${moment}::timestamptz AS at, ${moment}::timestamptz::date::text AS day`;
  const inside = await sql.begin((tx) => read(tx as unknown as typeof sql));
  for (const [row] of [await read(sql), inside]) {
    assertEquals([row!.at.toISOString(), row!.day], [moment.toISOString(), "2012-03-04"]);
  }
}
