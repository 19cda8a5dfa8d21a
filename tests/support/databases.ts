import type { Database } from "../../src/database/connection.ts";
import { openEmbeddedDatabase } from "../../src/database/embedded_database.ts";
import { migrate, type Migration, readMigrations } from "../../src/database/migrate.ts";
import { openServerDatabase } from "../../src/database/server_database.ts";

/** The databases this run tests on: always the embedded one, a server when TEST_DATABASE_URL is set. */
export const TEST_DATABASE_URL = Deno.env.get("TEST_DATABASE_URL") ?? null;
export const DATABASE_KINDS: readonly Database["kind"][] = TEST_DATABASE_URL === null
  ? ["embedded"]
  : ["embedded", "server"];

const TEMPLATE_VERSION = "pglite-0.5.14";

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

/** Starting on a copy of an initialised folder takes a tenth of initialising one. */
async function openEngine(): Promise<Database> {
  const template = `${await temporaryFolder()}/${TEMPLATE_VERSION}`;
  if (!await exists(template)) await makeTemplate(template);
  const directory = await Deno.makeTempDir({ prefix: "alexandria-test-postgres-" });
  await copyFolder(template, directory);
  globalThis.addEventListener("unload", () => Deno.removeSync(directory, { recursive: true }));
  return await openEmbeddedDatabase(directory);
}

async function temporaryFolder(): Promise<string> {
  const probe = await Deno.makeTempFile();
  await Deno.remove(probe);
  const folder = `${probe.slice(0, probe.lastIndexOf("/"))}/alexandria-test-templates`;
  await Deno.mkdir(folder, { recursive: true });
  return folder;
}

async function makeTemplate(template: string): Promise<void> {
  const fresh = await Deno.makeTempDir({ prefix: "alexandria-test-template-" });
  const database = await openEmbeddedDatabase(fresh);
  await database.sql.unsafe("CREATE EXTENSION pg_trgm");
  await database.close();
  try {
    await Deno.rename(fresh, template);
  } catch (error) {
    // Another test file was faster; its template is as good as this one.
    if (!await exists(template)) throw error;
    await Deno.remove(fresh, { recursive: true });
  }
}

async function exists(path: string): Promise<boolean> {
  return await Deno.stat(path).then(() => true, () => false);
}

async function copyFolder(from: string, to: string): Promise<void> {
  for await (const entry of Deno.readDir(from)) {
    const [source, target] = [`${from}/${entry.name}`, `${to}/${entry.name}`];
    if (entry.isDirectory) {
      await Deno.mkdir(target, { recursive: true });
      await copyFolder(source, target);
    } else await Deno.copyFile(source, target);
  }
}
