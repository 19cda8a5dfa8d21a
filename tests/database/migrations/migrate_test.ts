import { assertEquals, assertRejects } from "@std/assert";
import {
  migrate,
  type Migration,
  pendingMigrations,
  readMigrations,
} from "../../../src/database/migrations/migrate.ts";
import { AppError } from "../../../src/errors.ts";
import { databaseTest } from "../../support/postgres/databases.ts";

const migrations = await readMigrations();

function extra(version: number, text: string): Migration {
  return { version, name: `extra_${version}`, text, checksum: `checksum of ${text}` };
}

databaseTest("migrate() applies every file once", async ({ sql }) => {
  const names = migrations.map(({ name }) => name);
  assertEquals(await pendingMigrations(sql, migrations), names);
  assertEquals(await migrate(sql, migrations), names);
  assertEquals(await migrate(sql, migrations), []);
  assertEquals(await pendingMigrations(sql, migrations), []);
}, { isMigrated: false });

databaseTest("migrate() lets processes that start together take turns", async ({ sql }) => {
  const applied = await Promise.all([migrate(sql, migrations), migrate(sql, migrations)]);
  assertEquals(applied.flat().toSorted(), migrations.map(({ name }) => name).toSorted());
}, { isMigrated: false });

databaseTest("migrate() leaves nothing of a file that fails", async ({ sql }) => {
  const broken = extra(migrations.length + 1, "CREATE TABLE half (id int); SELECT no_such_column");
  await assertRejects(() => migrate(sql, [...migrations, broken]), Error, "no_such_column");
  const [row] = await sql`SELECT to_regclass('half') AS half`;
  assertEquals(row?.half, null);
  assertEquals(await pendingMigrations(sql, [...migrations, broken]), [broken.name]);
});

databaseTest("migrate() refuses a database newer than the code", async ({ sql }) => {
  await migrate(sql, [...migrations, extra(migrations.length + 1, "SELECT 1")]);
  const error = await assertRejects(() => migrate(sql, migrations), AppError, "newer");
  assertEquals(error.code, "DATABASE_NEWER");
});

databaseTest("migrate() refuses a file that was changed after it was applied", async ({ sql }) => {
  const [first, ...rest] = migrations;
  const changed = [{ ...first!, checksum: "another" }, ...rest];
  const error = await assertRejects(() => migrate(sql, changed), AppError, "was changed");
  assertEquals(error.code, "DATABASE_DAMAGED");
});
