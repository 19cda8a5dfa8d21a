import { type Config, parseConfig, readEnvironment } from "../config.ts";
import { type DataDirectory, holdDataDirectory } from "../app/data_directory.ts";
import type { Database } from "../database/connection/connection.ts";
import { openEmbeddedDatabase } from "../database/embedded/embedded_database.ts";
import { pendingMigrations, readMigrations } from "../database/migrations/migrate.ts";
import { openServerDatabase } from "../database/server/server_database.ts";
import { AppError } from "../errors.ts";
import { secretsOf } from "../secret_settings.ts";
import { hideOnTerminal, writeError } from "./exit_on_error.ts";

/**
 * The log as a command reaches it: its database, or, when a running service has the embedded one to
 * itself, that service's API.
 */
export type DatabaseOrService =
  | { readonly kind: "database"; readonly database: Database; close(): Promise<void> }
  | {
    readonly kind: "service";
    /** The sentence for when it does not answer at `url`. */
    whenSilent(url: string): string;
  };

/** The settings of a command that does not listen and so needs no secret; it prints none of them. */
export function commandConfig(): Config {
  const environment = readEnvironment();
  hideOnTerminal(secretsOf(environment));
  return parseConfig({ ALEXANDRIA_WEBHOOK_SECRET: "not-needed-by-commands", ...environment });
}

/**
 * Opens the log the settings point at. `isMigrated` demands that its tables are up to date.
 *
 * Throws `AppError` when neither the database nor a service answers.
 */
export async function openDatabaseOrService(
  config: Config,
  { isMigrated = true }: { isMigrated?: boolean } = {},
): Promise<DatabaseOrService> {
  if (config.DATABASE_URL !== undefined) {
    const database = await openServerDatabase(config.DATABASE_URL);
    if (isMigrated) await demandTables(database);
    return { kind: "database", database, close: () => database.close() };
  }
  let directory: DataDirectory;
  try {
    directory = await holdDataDirectory(config.DATA_DIR);
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== "DATA_DIR_IN_USE") throw error;
    return {
      kind: "service",
      whenSilent: (url) =>
        `${error.message}. Asked the running service at ${url}, which did not answer: wait until ` +
        `it has started, or set HOST and PORT to where it listens`,
    };
  }
  directory.warnings.forEach(writeError);
  if (isMigrated && !await exists(directory.database_path)) {
    directory.release();
    throw new AppError(
      "CONFIG_INVALID",
      `There is no database in ${config.DATA_DIR} yet: start the service or run deno task migrate, ` +
        `or set DATA_DIR (a demo keeps its own in .data/demo)`,
    );
  }
  const database = await openEmbeddedDatabase(directory.database_path);
  const close = async (): Promise<void> => {
    await database.close();
    directory.release();
  };
  if (isMigrated) await demandTables(database);
  return { kind: "database", database, close };
}

async function exists(path: string): Promise<boolean> {
  return await Deno.stat(path).then(() => true, () => false);
}

async function demandTables({ sql, location }: Database): Promise<void> {
  const pending = await pendingMigrations(sql, await readMigrations());
  if (pending.length > 0) {
    throw new AppError(
      "CONFIG_INVALID",
      `The database ${location} lacks ${pending.length} migrations: run deno task migrate, or start ` +
        `the service once`,
    );
  }
}
