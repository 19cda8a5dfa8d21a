import { createHash } from "node:crypto";
import type postgres from "postgres";
import { AppError } from "../../errors.ts";
import type { Queryable } from "../connection/connection.ts";
import { demandPlace } from "./migration_place.ts";
import { explainRefusal } from "./migration_refusal.ts";
import { demandTableRights } from "./table_rights.ts";

export interface Migration {
  /** The four digits its file name starts with. */
  readonly version: number;
  readonly name: string;
  readonly text: string;
  readonly checksum: string;
}

/** Any constant of our own: all processes that migrate one database wait for each other on it. */
const ADVISORY_LOCK_KEY = 7_215_042_711;

const MIGRATIONS_DIRECTORY = new URL("../../../migrations/", import.meta.url);

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
 * Processes that start together take turns; each sees what the other has done. Where nothing is to be
 * applied nothing is written, and no more is needed than to read and write rows.
 *
 * Throws `AppError` DATABASE_NEWER when the database knows a migration this code does not,
 * DATABASE_DAMAGED when an applied file was changed afterwards, and DATABASE_REFUSED or CONFIG_INVALID,
 * with what an administrator can do, when the user may not do what is needed or something is in the way.
 */
export async function migrate(
  sql: postgres.Sql,
  migrations: readonly Migration[],
): Promise<string[]> {
  const place = await demandPlace(sql);
  const explained = async <T>(what: string, action: () => Promise<T>): Promise<T> => {
    try {
      return await action();
    } catch (error) {
      throw explainRefusal(error, { what, place });
    }
  };
  const applied: string[] = [];
  for (const migration of await findPending(sql, migrations)) {
    const { version, name } = migration;
    const what = `Migration ${String(version).padStart(4, "0")} (${name})`;
    if (await explained(what, () => applyOnce(sql, migration))) applied.push(name);
  }
  await demandTableRights(sql, { migrations, place });
  return applied;
}

/** Names of the migrations the database still lacks; all of them when it was never migrated. */
export async function pendingMigrations(
  sql: Queryable,
  migrations: readonly Migration[],
): Promise<string[]> {
  return (await findPending(sql, migrations)).map(({ name }) => name);
}

async function findPending(
  sql: Queryable,
  migrations: readonly Migration[],
): Promise<readonly Migration[]> {
  if (!await hasRecord(sql)) return migrations;
  await checkApplied(sql, migrations);
  const done = await sql<{ version: number }[]>`SELECT version FROM schema_migration`;
  const versions = new Set(done.map(({ version }) => version));
  return migrations.filter(({ version }) => !versions.has(version));
}

/**
 * In the schema where tables would be made: another one's, further down the search path, is not ours.
 * Not by to_regclass(), which does not see what was made while the transaction waited for a lock.
 */
async function hasRecord(sql: Queryable): Promise<boolean> {
  const rows = await sql`
    SELECT 1 FROM pg_class
    WHERE relname = 'schema_migration' AND relnamespace = to_regnamespace(quote_ident(current_schema()))`;
  return rows.length > 0;
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
    if (!await hasRecord(tx)) {
      await tx`
        CREATE TABLE schema_migration (
          version integer PRIMARY KEY,
          name text NOT NULL,
          checksum text NOT NULL,
          applied_at timestamptz NOT NULL DEFAULT now()
        )`;
    }
    const done = await tx`SELECT 1 FROM schema_migration WHERE version = ${migration.version}`;
    if (done.length > 0) return false;
    if (migration.text.includes("pg_trgm")) await provideTrigrams(tx);
    await tx.unsafe(migration.text).simple();
    await tx`
      INSERT INTO schema_migration (version, name, checksum)
      VALUES (${migration.version}, ${migration.name}, ${migration.checksum})`;
    return true;
  });
}

/**
 * Makes the extension unless it is there, and has its names found for the rest of the transaction
 * whichever schema it is in.
 */
async function provideTrigrams(tx: postgres.TransactionSql): Promise<void> {
  const found = await tx`SELECT 1 FROM pg_extension WHERE extname = 'pg_trgm'`;
  if (found.length === 0) {
    const [home] = await tx<{ schema: string }[]>`
      SELECT quote_ident(coalesce(
        (SELECT nspname FROM pg_namespace WHERE nspname = 'public'), current_schema())) AS schema`;
    await tx.unsafe(`CREATE EXTENSION pg_trgm WITH SCHEMA ${home!.schema}`);
  }
  const [extension] = await tx<{ schema: string; user: string; is_usable: boolean }[]>`
    SELECT quote_ident(n.nspname) AS schema, quote_ident(current_user) AS user,
      has_schema_privilege(n.oid, 'USAGE') AS is_usable
    FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace WHERE e.extname = 'pg_trgm'`;
  const { schema, user, is_usable } = extension!;
  if (!is_usable) {
    throw new AppError(
      "DATABASE_REFUSED",
      `The extension pg_trgm is in the schema ${schema}, which the user ${user} may not use. An ` +
        `administrator permits it: GRANT USAGE ON SCHEMA ${schema} TO ${user}`,
    );
  }
  await tx`SELECT set_config('search_path', current_setting('search_path') || ', ' || ${schema}, true)`;
}
