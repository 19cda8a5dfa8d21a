/** `deno task migrate`: brings the database to the newest version. */
import { migrate, pendingMigrations, readMigrations } from "../database/migrations/migrate.ts";
import { AppError } from "../errors.ts";
import { exitOnError, writeLine } from "./exit_on_error.ts";
import { commandConfig, openDatabaseOrService } from "./database_or_service.ts";
import { flag, parseFlags } from "./parse_flags.ts";

const options = await exitOnError(() =>
  parseFlags(Deno.args, {
    command: "deno task migrate",
    flags: { "dry-run": { ...flag(), help: "only name what would be applied" } },
  })
);

await exitOnError(async () => {
  const config = commandConfig();
  const log = await openDatabaseOrService(config, { isMigrated: false });
  if (log.kind === "service") {
    throw new AppError(
      "DATA_DIR_IN_USE",
      `A running service has ${config.DATA_DIR}; it migrated the database when it started`,
    );
  }
  try {
    const migrations = await readMigrations();
    const names = options["dry-run"]
      ? await pendingMigrations(log.database.sql, migrations)
      : await migrate(log.database.sql, migrations);
    const verb = options["dry-run"] ? "would be applied" : "applied";
    for (const name of names) writeLine(`${name} ${verb}`);
    if (names.length === 0) writeLine("The database is up to date");
  } finally {
    await log.close();
  }
});
