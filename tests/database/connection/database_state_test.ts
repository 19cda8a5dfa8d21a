import { assertEquals } from "@std/assert";
import { systemClock } from "../../../src/clock.ts";
import { openServerDatabase } from "../../../src/database/server/server_database.ts";
import { createStateReader } from "../../../src/database/connection/database_state.ts";
import type { AppError } from "../../../src/errors.ts";
import { readMigrations } from "../../../src/database/migrations/migrate.ts";
import { databaseTest } from "../../support/postgres/databases.ts";
import { clusterTest, startCluster } from "../../support/postgres/postgres_cluster.ts";

databaseTest("a database that works has no trouble", async ({ sql }) => {
  const heard: unknown[] = [];
  const trouble = createStateReader(sql, { onChange: (found) => heard.push(found) });
  assertEquals(await trouble(), null);
  assertEquals(heard, []);
});

databaseTest("tables that are gone are told, and that they are back", async ({ sql }) => {
  const heard: (string | null)[] = [];
  const onChange = (found: AppError | null): void => void heard.push(found?.code ?? null);
  await sql`ALTER TABLE control RENAME TO control_elsewhere`;
  const trouble = createStateReader(sql, { onChange });
  assertEquals((await trouble())?.code, "DATABASE_REFUSED");
  assertEquals((await trouble())?.code, "DATABASE_REFUSED");
  await sql`ALTER TABLE control_elsewhere RENAME TO control`;
  // What was seen last holds for a second.
  while (await trouble() !== null) await systemClock.sleep(50);
  assertEquals(heard, ["DATABASE_REFUSED", null]);
});

databaseTest("questions that come together are answered by one look", async ({ sql }) => {
  let looks = 0;
  const counting = new Proxy(sql, {
    get(target, name) {
      if (name === "unsafe") looks++;
      return Reflect.get(target, name);
    },
  });
  const trouble = createStateReader(counting, { onChange: () => {} });
  const answers = await Promise.all(Array.from({ length: 500 }, trouble));
  assertEquals(new Set(answers), new Set([null]));
  assertEquals(looks, 1);
});

clusterTest("a standby is read-only, and can be read", async () => {
  const tables = (await readMigrations()).map(({ text }) => text).join("\n");
  const standby = await startCluster({ isStandby: true, sql: tables });
  try {
    const database = await openServerDatabase(standby.url, { maxConnections: 1 });
    assertEquals((await database.trouble())?.code, "DATABASE_READ_ONLY");
    const [row] = await database.sql`SELECT count(*)::int AS months FROM backfill_log`;
    assertEquals(row!.months, 0);
    await database.close();
  } finally {
    await standby.remove();
  }
});
