import type postgres from "postgres";
import type { AppError } from "../../errors.ts";
import type { StateReader } from "./database_state.ts";

/** What a statement needs: the database, or a transaction. */
export type Queryable = postgres.ISql;

/** What needs to be part of a transaction takes one: the database itself can't be given in its place. */
export type Transaction = postgres.TransactionSql;

/** A piece of SQL that a statement is put together from. */
export type Fragment = postgres.Fragment;

/** An open database. Both kinds are the same postgres.js client; only what is behind it differs. */
export interface Database {
  readonly sql: postgres.Sql;
  readonly kind: "embedded" | "server";
  /** Where it is, for messages: never holds a password. */
  readonly location: string;
  /** A pooler is in between, so that no two transactions need have the same session. */
  readonly is_pooled: boolean;
  readonly trouble: StateReader;
  /** Runs a command that Postgres allows in no transaction, such as CREATE DATABASE. */
  execute(command: string): Promise<void>;
  /** From now on, what does not answer for a moment is given up: the service is stopping. */
  hurry(): void;
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
 * Proves the connection and learns the database's array types, once. The client would ask for them on
 * every new connection, and when one is lost during that question nobody hears of it: an unhandled
 * rejection, which ends the process.
 *
 * Tells whether the session is the connection's own: a pooler makes up its process number.
 */
export async function firstContact(sql: postgres.Sql): Promise<{ hasOwnSession: boolean }> {
  const answer = await sql<{ pid: number }[]>`SELECT pg_backend_pid() AS pid`;
  (sql.options as { fetch_types: boolean }).fetch_types = false;
  return { hasOwnSession: answer[0]!.pid === answer.state.pid };
}

/** A nullable moment as a statement parameter; `null` lets the statement use the database's now(). */
export function momentParameter(at: Date | null): string | null {
  return at === null ? null : at.toISOString();
}
