/** Opens the database that the environment names, and prints what is found there as JSON. */
import { writeLine } from "../../../src/cli/exit_on_error.ts";
import { parseConfig, readEnvironment } from "../../../src/config.ts";
import { openServerDatabase } from "../../../src/database/server/server_database.ts";
import { AppError } from "../../../src/errors.ts";

/** What the server says of the connection, or why there is none. */
export type Surroundings =
  | {
    readonly found: Readonly<Record<string, unknown>>;
    /** Parameters of the URL that mean nothing here. */
    readonly ignored: readonly string[];
    /** Settings that reached the server though this service does not set them. */
    readonly pasted: readonly string[];
  }
  | { readonly error: string };

/** What this service sets, and what the URLs of the table ask for. */
const SETTINGS = [
  "DateStyle",
  "application_name",
  "client_encoding",
  "enable_memoize",
  "geqo",
  "idle_in_transaction_session_timeout",
  "search_path",
  "statement_timeout",
  "TimeZone",
  "transaction_isolation",
  "transaction_read_only",
];

/** Looks around in the database of `DATABASE_URL` and the variables that complete it. */
export async function lookAround(
  environment: Readonly<Record<string, string>>,
): Promise<Surroundings> {
  try {
    const { DATABASE_URL: target } = parseConfig(environment);
    const database = await openServerDatabase(target!, { maxConnections: 2 });
    try {
      const [found] = await database.sql`
        SELECT current_user AS user, current_database() AS database,
          (SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()) AS ssl,
          host(inet_server_addr()) AS address, pg_is_in_recovery() AS standby,
          current_setting('application_name') AS name, current_setting('search_path') AS path,
          current_setting('client_encoding') AS encoding, current_setting('TimeZone') AS zone,
          current_setting('transaction_read_only') = 'off' AS writable,
          (SELECT count(*)::int FROM pg_prepared_statements) AS prepared`;
      const pasted = await database.sql`
        SELECT name FROM pg_settings
        WHERE source IN ('client', 'session') AND name <> ALL (${SETTINGS})`;
      return {
        found: found!,
        ignored: target!.ignored_parameters,
        pasted: pasted.map(({ name }) => name),
      };
    } finally {
      await database.close();
    }
  } catch (error) {
    if (error instanceof AppError) return { error: error.message };
    throw error;
  }
}

if (import.meta.main) writeLine(JSON.stringify(await lookAround(readEnvironment())));
