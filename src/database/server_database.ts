import postgres from "postgres";
import { AppError, toAppError } from "../errors.ts";
import { connectionOptions, type Database } from "./connection.ts";

const STATEMENT_TIMEOUT_MS = 30_000;

/**
 * Connects to a Postgres server and proves the connection with one query.
 *
 * Throws `AppError` DATABASE_UNREACHABLE with what to do when the server does not answer or refuses.
 */
export async function openServerDatabase(
  url: string,
  { maxConnections = 10, searchPath }: { maxConnections?: number; searchPath?: string } = {},
): Promise<Database> {
  const sql = postgres(url, {
    max: maxConnections,
    ...connectionOptions({
      statementTimeoutMs: STATEMENT_TIMEOUT_MS,
      ...(searchPath === undefined ? {} : { searchPath }),
    }),
  });
  const location = describeUrl(url);
  try {
    await sql`SELECT 1`;
  } catch (error) {
    await sql.end({ timeout: 1 });
    const cause = toAppError(error);
    throw new AppError(
      "DATABASE_UNREACHABLE",
      `Cannot use the database at ${location}: ${cause.message}. Start it, or correct DATABASE_URL ` +
        `(unset it to use the embedded database)`,
      { cause: error },
    );
  }
  return { sql, kind: "server", location, close: () => sql.end({ timeout: 5 }) };
}

/** The URL without user, password and options. */
function describeUrl(url: string): string {
  const { hostname, port, pathname } = new URL(url);
  return `${hostname}:${port || "5432"}${pathname}`;
}
