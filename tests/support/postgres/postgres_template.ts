import { Buffer } from "node:buffer";
import {
  migrate,
  type Migration,
  readMigrations,
} from "../../../src/database/migrations/migrate.ts";
import { openEmbeddedDatabase } from "../../../src/database/embedded/embedded_database.ts";

/** Its files are private, as the service keeps them; a template of another make has another name. */
const TEMPLATE_NAME = "pglite-0.5.14-private";

/**
 * Fills the folder with an initialised embedded database, whose `public` schema is migrated if wanted.
 * Starting on a copy takes a tenth of the time of initialising one, so the first test of a machine makes
 * a template for all others.
 */
export async function copyPostgresTemplate(
  directory: string,
  { isMigrated }: { isMigrated: boolean },
): Promise<void> {
  const migrations = isMigrated ? await readMigrations() : [];
  const version = migrations.length === 0 ? "bare" : await hashOf(migrations);
  const template = `${await temporaryFolder()}/${TEMPLATE_NAME}-${version}`;
  if (!await exists(template)) await makeTemplate(template, migrations);
  await Deno.mkdir(directory, { recursive: true, mode: 0o700 });
  await copyFolder(template, directory);
}

async function hashOf(migrations: readonly Migration[]): Promise<string> {
  const text = new TextEncoder().encode(JSON.stringify(migrations));
  return Buffer.from(await crypto.subtle.digest("SHA-256", text)).toString("hex").slice(0, 16);
}

async function temporaryFolder(): Promise<string> {
  const probe = await Deno.makeTempFile();
  await Deno.remove(probe);
  const folder = `${probe.slice(0, probe.lastIndexOf("/"))}/alexandria-test-templates`;
  await Deno.mkdir(folder, { recursive: true });
  return folder;
}

async function makeTemplate(
  template: string,
  migrations: readonly Migration[],
): Promise<void> {
  const fresh = await Deno.makeTempDir({ prefix: "alexandria-test-template-" });
  const database = await openEmbeddedDatabase(fresh);
  await database.sql.unsafe("CREATE EXTENSION pg_trgm");
  if (migrations.length > 0) await migrate(database.sql, migrations);
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
      await Deno.mkdir(target, { recursive: true, mode: 0o700 });
      await copyFolder(source, target);
    } else await Deno.copyFile(source, target);
  }
}
