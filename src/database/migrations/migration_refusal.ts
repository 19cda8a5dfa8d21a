import { AppError, toAppError } from "../../errors.ts";
import type { MigrationPlace } from "./migration_place.ts";

/** What the server answers to a statement, as the client gives it. */
interface ServerError extends Error {
  readonly code: string;
}

/** SQLSTATEs of Postgres's appendix A. */
const NOT_PERMITTED = "42501";
/** A table, index, column, type or schema of that name is there. */
const ALREADY_THERE = /^42(P07|710|701|P06|723)$/;
/** A table, object, function or schema is missing. */
const NOT_THERE = /^(42P01|42704|42883|3F000)$/;
/** Which of the two an extension gives whose files are not on the server depends on its version. */
const NOT_INSTALLED = /^(0A000|58P01)$/;

/**
 * The sentence for an administrator when the server refuses `what` (a migration, say); the error itself
 * when it is no refusal but a database in trouble, or no server's at all.
 */
export function explainRefusal(
  thrown: unknown,
  { what, place }: { what: string; place: MigrationPlace },
): unknown {
  if (thrown instanceof AppError || !isServerError(thrown)) return thrown;
  const { code, message } = thrown;
  const isRefusal = code === NOT_PERMITTED || NOT_THERE.test(code) || NOT_INSTALLED.test(code);
  if (!isRefusal && toAppError(thrown).code !== "INTERNAL") return thrown;
  return new AppError(
    code === NOT_PERMITTED ? "DATABASE_REFUSED" : "CONFIG_INVALID",
    `${what} fails, and nothing of it is kept: ${message}. ${advice(thrown, place)}`,
    { cause: thrown },
  );
}

function advice(error: ServerError, { user, database, schema }: MigrationPlace): string {
  const { code, message } = error;
  const byAdministrator = `An administrator helps, in the database ${database}:`;
  if (/\bextension\b/.test(message)) {
    const create = `CREATE EXTENSION pg_trgm WITH SCHEMA ${schema}`;
    return NOT_INSTALLED.test(code)
      ? `Install Postgres's own extensions on the server (the package postgresql-contrib, where it ` +
        `is a package of its own)`
      : `${byAdministrator} ${create}, or GRANT CREATE ON DATABASE ${database} TO ${user}`;
  }
  if (code === NOT_PERMITTED && /\bowner\b/.test(message)) {
    return `Run deno task migrate as the owner of the tables; after that the user ${user} needs ` +
      `GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA ${schema} TO ${user}`;
  }
  if (code === NOT_PERMITTED) {
    return `${byAdministrator} GRANT USAGE, CREATE ON SCHEMA ${schema} TO ${user}. Or run deno task ` +
      `migrate as somebody who may, and then GRANT USAGE ON SCHEMA ${schema} TO ${user}; GRANT ` +
      `SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA ${schema} TO ${user}`;
  }
  if (ALREADY_THERE.test(code)) {
    return `The schema ${schema} holds what this program did not make. Give it one of its own: ` +
      `CREATE SCHEMA alexandria AUTHORIZATION ${user}, and search_path=alexandria in DATABASE_URL`;
  }
  if (NOT_THERE.test(code)) {
    return `Something that earlier migrations made in the schema ${schema} has been removed: restore ` +
      `the database from a copy, or use an empty one`;
  }
  return `It is the SQLSTATE ${code}`;
}

function isServerError(error: unknown): error is ServerError {
  return error instanceof Error && "code" in error && /^[0-9A-Z]{5}$/.test(String(error.code));
}
