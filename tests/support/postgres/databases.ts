import type { Database } from "../../../src/database/connection/connection.ts";
import { openEmbeddedDatabase } from "../../../src/database/embedded/embedded_database.ts";
import { copyPostgresTemplate } from "./postgres_template.ts";
import { createSharedSchema, type SharedSchema } from "./shared_schema.ts";
import { openServerDatabase } from "../../../src/database/server/server_database.ts";

/** The databases this run tests on: always the embedded one, a server when TEST_DATABASE_URL is set. */
export const TEST_DATABASE_URL = Deno.env.get("TEST_DATABASE_URL") ?? null;
export const DATABASE_KINDS: readonly Database["kind"][] = TEST_DATABASE_URL === null
  ? ["embedded"]
  : ["embedded", "server"];

/**
 * Registers the test once for each kind of database. Each gets a migrated schema without rows, so tests
 * cannot see each other's.
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

/**
 * Opens a migrated database without any rows for `body`, whatever happens inside; not migrated, an empty
 * schema.
 */
export async function withDatabase(
  kind: Database["kind"],
  body: (database: Database) => Promise<void>,
  { isMigrated = true }: { isMigrated?: boolean } = {},
): Promise<void> {
  const schema = isMigrated ? await takeSchema(kind) : newName();
  const database = await open(kind, typeof schema === "string" ? schema : schema.name);
  try {
    if (typeof schema === "string") await database.sql.unsafe(`CREATE SCHEMA ${schema}`);
    await body(database);
  } finally {
    if (kind === "server") await database.close();
    if (typeof schema === "string") await drop(kind, schema);
    else await giveBack(kind, schema);
  }
}

/** Migrated schemas that no test uses, by kind: making one takes longer than most tests do. */
const unused: Record<Database["kind"], SharedSchema[]> = { embedded: [], server: [] };

async function takeSchema(kind: Database["kind"]): Promise<SharedSchema> {
  const schema = unused[kind].pop();
  if (schema !== undefined) return schema;
  const name = newName();
  const database = await open(kind, name);
  const created = await createSharedSchema(database.sql, name);
  if (kind === "server") await database.close();
  return created;
}

async function giveBack(kind: Database["kind"], schema: SharedSchema): Promise<void> {
  const database = await open(kind, schema.name);
  try {
    if (await schema.renew(database.sql)) unused[kind].push(schema);
    else await drop(kind, schema.name);
  } finally {
    if (kind === "server") await database.close();
  }
}

async function drop(kind: Database["kind"], schema: string): Promise<void> {
  const database = await open(kind, "public");
  try {
    await database.sql.unsafe(`DROP SCHEMA ${schema} CASCADE`);
  } finally {
    if (kind === "server") await database.close();
  }
}

Deno.test.afterAll(async () => {
  for (const { name } of unused.server.splice(0)) await drop("server", name);
});

function newName(): string {
  return `test_${crypto.randomUUID().replaceAll("-", "")}`;
}

async function open(kind: Database["kind"], schema: string): Promise<Database> {
  if (kind === "server") {
    if (TEST_DATABASE_URL === null) throw new Error("TEST_DATABASE_URL is not set");
    const searchPath = `${schema}, public`;
    return await openServerDatabase(TEST_DATABASE_URL, { maxConnections: 6, searchPath });
  }
  engine ??= openEngine();
  const database = await engine;
  await database.sql.unsafe(`SET search_path TO ${schema}, public`);
  return database;
}

let engine: Promise<Database> | null = null;

/** It lives as long as the file's tests. */
async function openEngine(): Promise<Database> {
  const directory = await Deno.makeTempDir({ prefix: "alexandria-test-postgres-" });
  await copyPostgresTemplate(directory, { isMigrated: false });
  globalThis.addEventListener("unload", () => Deno.removeSync(directory, { recursive: true }));
  return await openEmbeddedDatabase(directory);
}
