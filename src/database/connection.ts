import postgres from "postgres";
import type { AppError } from "../errors.ts";
import type { StateReader } from "./database_state.ts";
import { STORABLE_TYPES } from "./storable_text.ts";

/** What a statement function needs: a connection, or the transaction it must be part of. */
export type Queryable = postgres.ISql;

/** A piece of SQL that a statement is put together from. */
export type Fragment = postgres.Fragment;

/** An open database. Both kinds are the same postgres.js client; only what is behind it differs. */
export interface Database {
  readonly sql: postgres.Sql;
  readonly kind: "embedded" | "server";
  /** Where it is, for messages: never holds a password. */
  readonly location: string;
  readonly trouble: StateReader;
  close(): Promise<void>;
}

/** What both kinds can be opened with. */
export interface OpenOptions {
  readonly searchPath?: string;
  /** Hears when the database stops or begins to work; null is for "it works". */
  readonly onChange?: (trouble: AppError | null) => void;
}

/** Throws `AppError` with what keeps the database from its work, before anything is begun in vain. */
export async function demandReady({ trouble }: Pick<Database, "trouble">): Promise<void> {
  const found = await trouble();
  if (found !== null) throw found;
}

/**
 * Options every connection shares. Times cross as ISO text both ways, so that nothing depends on the
 * machine's time zone or on what the database or its user is set to; a statement that runs longer than `statementTimeoutMs` is cancelled, because
 * on the embedded database, which is one session, it would hold up everybody else.
 */
export function connectionOptions(
  { statementTimeoutMs, searchPath }: { statementTimeoutMs: number; searchPath?: string },
): postgres.Options<Record<string, never>> {
  return {
    onnotice: () => {},
    types: STORABLE_TYPES,
    connection: {
      application_name: "alexandria-backfill",
      TimeZone: "UTC",
      DateStyle: "ISO",
      statement_timeout: statementTimeoutMs,
      ...(searchPath === undefined ? {} : { search_path: searchPath }),
    },
  };
}

/**
 * Proves the connection and learns the database's array types, once. The client would ask for them on
 * every new connection, and when one is lost during that question nobody hears of it: an unhandled
 * rejection, which ends the process.
 */
export async function firstContact(sql: postgres.Sql): Promise<void> {
  await sql`SELECT 1`;
  (sql.options as { fetch_types: boolean }).fetch_types = false;
}

/** A nullable moment as a statement parameter; `null` lets the statement use the database's now(). */
export function momentParameter(at: Date | null): string | null {
  return at === null ? null : at.toISOString();
}
