import { z } from "zod";
import type { Config } from "../config.ts";
import { parseConfig, readEnvironment } from "../config.ts";
import { type DataDirectory, holdDataDirectory } from "../data_directory.ts";
import type { Database } from "../database/connection.ts";
import { openEmbeddedDatabase } from "../database/embedded_database.ts";
import { pendingMigrations, readMigrations } from "../database/migrate.ts";
import { openServerDatabase } from "../database/server_database.ts";
import { AppError } from "../errors.ts";

/**
 * The log as a command reaches it: its database, or, when a running service has the embedded one to
 * itself, that service's API.
 */
export type OpenLog =
  | { readonly kind: "database"; readonly database: Database; close(): Promise<void> }
  | { readonly kind: "service"; call(path: string, body?: unknown): Promise<unknown> };

/** The settings of a command that does not listen and so needs no secret. */
export function commandConfig(): Config {
  return parseConfig({ ALEXANDRIA_WEBHOOK_SECRET: "not-needed-by-commands", ...readEnvironment() });
}

/**
 * Opens the log the settings point at. `isMigrated` demands that its tables are up to date.
 *
 * Throws `AppError` when neither the database nor a service answers.
 */
export async function openLog(
  config: Config,
  { isMigrated = true }: { isMigrated?: boolean } = {},
): Promise<OpenLog> {
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
    return { kind: "service", call: (path, body) => callService(config, { path, body, error }) };
  }
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

const problemSchema = z.object({ error: z.string() });

async function callService(
  config: Config,
  { path, body, error }: { path: string; body: unknown; error: AppError },
): Promise<unknown> {
  const url = `http://${config.HOST}:${config.PORT}/api/internal/${path}`;
  let response: Response;
  try {
    response = await fetch(url, {
      method: body === undefined ? "GET" : "POST",
      headers: { "X-Cron-Secret": config.ALEXANDRIA_WEBHOOK_SECRET },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(10_000),
    });
  } catch (cause) {
    throw new AppError(
      "DATA_DIR_IN_USE",
      `${error.message}. Asked the running service at ${url}, which did not answer: set HOST and ` +
        `PORT to where it listens`,
      { cause },
    );
  }
  const answer: unknown = await response.json().catch(() => null); // not ours: judged below
  if (response.ok && answer !== null) return answer;
  const problem = problemSchema.safeParse(answer);
  throw new AppError(
    "BAD_REQUEST",
    `The running service at ${url} answered ${response.status}: ` +
      (problem.success ? problem.data.error : "as no service of ours does: check HOST and PORT") +
      (response.status === 401 ? " (set ALEXANDRIA_WEBHOOK_SECRET to its secret)" : ""),
  );
}
