import { AppError } from "../errors.ts";
import type { DatabaseOrService } from "./database_or_service.ts";

/**
 * The log's database, for commands that a service's API cannot answer. `purpose` ends the sentence
 * "stop it to …".
 *
 * Throws `AppError` DATA_DIR_IN_USE when a running service has the database to itself.
 */
export function demandDatabase(
  log: DatabaseOrService,
  purpose: string,
): Extract<DatabaseOrService, { kind: "database" }> {
  if (log.kind === "database") return log;
  throw new AppError(
    "DATA_DIR_IN_USE",
    `A running service has the embedded database to itself: stop it to ${purpose}, or use a ` +
      `server database (DATABASE_URL)`,
  );
}
