import { AppError } from "../errors.ts";
import type { OpenLog } from "./open_log.ts";

/**
 * The log's database, for commands that a service's API cannot answer. `purpose` ends the sentence
 * "stop it to …".
 *
 * Throws `AppError` DATA_DIR_IN_USE when a running service has the database to itself.
 */
export function demandDatabase(
  log: OpenLog,
  purpose: string,
): Extract<OpenLog, { kind: "database" }> {
  if (log.kind === "database") return log;
  throw new AppError(
    "DATA_DIR_IN_USE",
    `A running service has the embedded database to itself: stop it to ${purpose}, or use a ` +
      `server database (DATABASE_URL)`,
  );
}
