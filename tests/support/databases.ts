import type { Database } from "../../src/database/connection/connection.ts";
import { openEmbeddedDatabase } from "../../src/database/embedded/embedded_database.ts";
import { copyPostgresTemplate } from "./postgres_template.ts";
import { migrate, type Migration, readMigrations } from "../../src/database/migrations/migrate.ts";
import { openServerDatabase } from "../../src/database/server/server_database.ts";

/** The databases this run tests on: always the embedded one, a server when TEST_DATABASE_URL is set. */
export const TEST_DATABASE_URL = Deno.env.get("TEST_DATABASE_URL") ?? null;
export const DATABASE_KINDS: readonly Database["kind"][] = TEST_DATABASE_URL === null
  ? ["embedded"]
  : ["embedded", "server"];

/**
 * Registers the test once for each kind of database. Each gets a migrated schema of its own that is
 * dropped afterwards, so tests cannot see each other's rows.
 */
export function databaseTest(
  name: string,
  body: (database: Database) => Promise<void>,
  { isMigrated = true }: { isMigrated?: boolean } = {},
): void {
  for (const kind of DATABASE_KINDS) {
    Deno.test({
      name: `${name} [${kind}]`,
      // The engine lives as long as the file's tests; its socket is not this test's to close.
      sanitizeOps: false,
      sanitizeResources: false,
      fn: () => withDatabase(kind, body, { isMigrated }),
    });
  }
}

let migrations: Promise<Migration[]> | null = null;

/** Opens a database of its own for `body`, whatever happens inside. */
export async function withDatabase(
  kind: Database["kind"],
  body: (database: Database) => Promise<void>,
  { isMigrated = true }: { isMigrated?: boolean } = {},
): Promise<void> {
  const schema = `test_${crypto.randomUUID().replaceAll("-", "")}`;
  const database = kind === "server"
    ? await openServerSchema(schema)
    : await openEmbeddedSchema(schema);
  try {
    migrations ??= readMigrations();
    if (isMigrated) await migrate(database.sql, await migrations);
    await body(database);
  } finally {
    await database.close();
  }
}

async function openServerSchema(schema: string): Promise<Database> {
  if (TEST_DATABASE_URL === null) throw new Error("TEST_DATABASE_URL is not set");
  const database = await openServerDatabase(TEST_DATABASE_URL, {
    maxConnections: 6,
    searchPath: `${schema}, public`,
  });
  await database.sql.unsafe(`CREATE SCHEMA ${schema}`);
  return {
    ...database,
    async close(): Promise<void> {
      await database.sql.unsafe(`DROP SCHEMA ${schema} CASCADE`).catch(() => {
        // The test may have broken the connection on purpose; the schema's name is never used again.
      });
      await database.close();
    },
  };
}

let engine: Promise<Database> | null = null;

async function openEmbeddedSchema(schema: string): Promise<Database> {
  engine ??= openEngine();
  const database = await engine;
  await database.sql.unsafe(`CREATE SCHEMA ${schema}`);
  await database.sql.unsafe(`SET search_path TO ${schema}, public`);
  return {
    ...database,
    async close(): Promise<void> {
      await database.sql.unsafe(`DROP SCHEMA ${schema} CASCADE`);
    },
  };
}

async function openEngine(): Promise<Database> {
  const directory = await Deno.makeTempDir({ prefix: "alexandria-test-postgres-" });
  await copyPostgresTemplate(directory);
  globalThis.addEventListener("unload", () => Deno.removeSync(directory, { recursive: true }));
  return await openEmbeddedDatabase(directory);
}
