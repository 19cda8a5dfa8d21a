import type postgres from "postgres";
import { migrate, readMigrations } from "../../../src/database/migrations/migrate.ts";

/** Rows that the migrations themselves insert, by table. */
type Baseline = ReadonlyMap<string, string>;

/** A migrated schema, and what it takes to make it as new. */
export interface SharedSchema {
  readonly name: string;
  /** Empties it as if it had just been migrated; false when a test has changed more than rows. */
  renew(sql: postgres.Sql): Promise<boolean>;
}

/** Makes a migrated schema in the database of `sql`, whose search path must begin with it. */
export async function createSharedSchema(sql: postgres.Sql, name: string): Promise<SharedSchema> {
  await sql.unsafe(`CREATE SCHEMA ${name}`);
  await migrate(sql, await readMigrations());
  const made = await fingerprint(sql, name);
  const baseline = await readBaseline(sql, name);
  const tables = [...baseline.keys()].join(", ");
  return {
    name,
    async renew(sql): Promise<boolean> {
      if (await fingerprint(sql, name) !== made) return false;
      await sql.begin(async (tx) => {
        await tx.unsafe(`TRUNCATE ${tables} RESTART IDENTITY CASCADE`);
        for (const [table, rows] of baseline) {
          if (rows === "[]") continue;
          await tx.unsafe(
            `INSERT INTO ${table} SELECT * FROM json_populate_recordset(NULL::${table}, $1::text::json)`,
            [rows],
          );
        }
      });
      return true;
    },
  };
}

async function readBaseline(sql: postgres.Sql, schema: string): Promise<Baseline> {
  const tables = await sql<{ name: string }[]>`
    SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables WHERE schemaname = ${schema}`;
  const baseline = new Map<string, string>();
  for (const { name } of tables) {
    const [row] = await sql.unsafe<{ rows: string }[]>(
      `SELECT coalesce(json_agg(t), '[]')::text AS rows FROM ${name} t`,
    );
    baseline.set(name, row!.rows);
  }
  return baseline;
}

/** Changes with every table, column, constraint, index, function and trigger. */
async function fingerprint(sql: postgres.Sql, schema: string): Promise<string> {
  const [row] = await sql<{ hash: string }[]>`
    SELECT md5(string_agg(line, ' ' ORDER BY line)) AS hash FROM (
      SELECT c.relname || '.' || a.attname || a.atttypid::text AS line
      FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
      WHERE c.relnamespace = ${schema}::regnamespace AND NOT a.attisdropped
      UNION ALL
      SELECT conname || pg_get_constraintdef(oid) FROM pg_constraint
      WHERE connamespace = ${schema}::regnamespace
      UNION ALL SELECT proname FROM pg_proc WHERE pronamespace = ${schema}::regnamespace
      UNION ALL
      SELECT t.tgname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
      WHERE c.relnamespace = ${schema}::regnamespace AND NOT t.tgisinternal
    ) AS lines`;
  return row!.hash;
}
