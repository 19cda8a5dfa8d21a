import { createHash } from "node:crypto";
import type postgres from "postgres";
import { AppError } from "../errors.ts";
import type { Queryable } from "./connection.ts";

export interface Migration {
  /** The four digits its file name starts with. */
  readonly version: number;
  readonly name: string;
  readonly text: string;
  readonly checksum: string;
}

/** Any constant of our own: all processes that migrate one database wait for each other on it. */
const ADVISORY_LOCK_KEY = 7_215_042_711;

const MIGRATIONS_DIRECTORY = new URL("../../migrations/", import.meta.url);

/** Reads the numbered files of `directory` in order. Throws when a number is missing or twice. */
export async function readMigrations(
  directory: URL = MIGRATIONS_DIRECTORY,
): Promise<Migration[]> {
  const migrations: Migration[] = [];
  for await (const entry of Deno.readDir(directory)) {
    const match = /^(\d{4})_([a-z0-9_]+)\.sql$/.exec(entry.name);
    if (!match) continue;
    const text = await Deno.readTextFile(new URL(entry.name, directory));
    const checksum = createHash("sha256").update(text).digest("hex");
    migrations.push({ version: Number(match[1]), name: match[2]!, text, checksum });
  }
  migrations.sort((a, b) => a.version - b.version);
  migrations.forEach(({ version, name }, index) => {
    if (version !== index + 1) {
      throw new AppError(
        "INTERNAL",
        `Migration ${version} (${name}) is out of sequence: expected number ${index + 1}`,
      );
    }
  });
  return migrations;
}

/**
 * Brings the database to the newest version, one transaction per file, and returns the names applied.
 * Processes that start together take turns; each sees what the other has done.
 *
 * Throws `AppError` DATABASE_NEWER when the database knows a migration this code does not, and
 * DATABASE_DAMAGED when an applied file was changed afterwards.
 */
export async function migrate(
  sql: postgres.Sql,
  migrations: readonly Migration[],
): Promise<string[]> {
  await demandSchema(sql);
  await sql.begin(async (tx) => {
    await tx`SELECT pg_advisory_xact_lock(${ADVISORY_LOCK_KEY})`;
    await tx`
      CREATE TABLE IF NOT EXISTS schema_migration (
        version integer PRIMARY KEY,
        name text NOT NULL,
        checksum text NOT NULL,
        applied_at timestamptz NOT NULL DEFAULT now()
      )`;
  });
  await checkApplied(sql, migrations);
  const applied: string[] = [];
  for (const migration of migrations) {
    if (await applyOnce(sql, migration)) applied.push(migration.name);
  }
  return applied;
}

async function demandSchema(sql: Queryable): Promise<void> {
  const [row] = await sql<{ schema: string | null; path: string }[]>`
    SELECT current_schema() AS schema, current_setting('search_path') AS path`;
  if (row!.schema !== null) return;
  throw new AppError(
    "CONFIG_INVALID",
    `None of the schemas in search_path (${row!.path}) exists: create one, or correct DATABASE_URL`,
  );
}

/** Names of the migrations the database still lacks; all of them when it was never migrated. */
export async function pendingMigrations(
  sql: Queryable,
  migrations: readonly Migration[],
): Promise<string[]> {
  const [row] = await sql<{ exists: boolean }[]>`
    SELECT to_regclass('schema_migration') IS NOT NULL AS exists`;
  if (!row?.exists) return migrations.map(({ name }) => name);
  await checkApplied(sql, migrations);
  const done = await sql<{ version: number }[]>`SELECT version FROM schema_migration`;
  const versions = new Set(done.map(({ version }) => version));
  return migrations.filter(({ version }) => !versions.has(version)).map(({ name }) => name);
}

async function checkApplied(sql: Queryable, migrations: readonly Migration[]): Promise<void> {
  const rows = await sql<{ version: number; name: string; checksum: string }[]>`
    SELECT version, name, checksum FROM schema_migration ORDER BY version`;
  for (const row of rows) {
    const known = migrations.find(({ version }) => version === row.version);
    if (!known) {
      throw new AppError(
        "DATABASE_NEWER",
        `The database is newer than this program: it has migration ${row.version} (${row.name}), ` +
          `this program knows ${migrations.length}. Run the newer program; nothing was changed`,
      );
    }
    if (known.checksum !== row.checksum) {
      throw new AppError(
        "DATABASE_DAMAGED",
        `Migration ${row.version} (${row.name}) was changed after it was applied. Restore the file ` +
          `and put the change in a new migration; nothing was changed`,
      );
    }
  }
}

async function applyOnce(sql: postgres.Sql, migration: Migration): Promise<boolean> {
  return await sql.begin(async (tx) => {
    await tx`SELECT pg_advisory_xact_lock(${ADVISORY_LOCK_KEY})`;
    const done = await tx`SELECT 1 FROM schema_migration WHERE version = ${migration.version}`;
    if (done.length > 0) return false;
    await tx.unsafe(migration.text).simple();
    await tx`
      INSERT INTO schema_migration (version, name, checksum)
      VALUES (${migration.version}, ${migration.name}, ${migration.checksum})`;
    return true;
  });
}
