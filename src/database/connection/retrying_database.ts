import type postgres from "postgres";
import { type Database, demandReady, type Transaction } from "./connection.ts";
import { type DatabaseRetry, retryWhileAway } from "./retry_while_away.ts";

/**
 * The database as work asks it that has paid for something: while it cannot work, again and again for as
 * long as the work may wait, so that nothing that was paid for is lost and nobody is asked twice. What is
 * asked must be safe to run again, see {@linkcode retryWhileAway}.
 */
export interface RetryingDatabase {
  /** Throws what `statement` throws when it is no trouble of the database, or when the time is up. */
  ask<T>(statement: (sql: postgres.Sql) => Promise<T>): Promise<T>;
  /** The same with a transaction. */
  transact<T>(body: (tx: Transaction) => Promise<T>): Promise<T>;
  /** Asks a last time, when it has been waited for already. */
  askOnce<T>(statement: (sql: postgres.Sql) => Promise<T>): Promise<T>;
  /** Waits until the database works. Throws `AppError` with what keeps it when the time is up. */
  awaitReady(): Promise<void>;
}

/** Asks `database` for as long as `retry` allows. */
export function retryingDatabase(
  database: Pick<Database, "sql" | "trouble">,
  retry: DatabaseRetry,
): RetryingDatabase {
  const { sql } = database;
  return {
    ask: (statement) => retryWhileAway(() => statement(sql), retry),
    // The client's type takes a body's result for a list of statements.
    transact: (body) => retryWhileAway(() => sql.begin(body) as ReturnType<typeof body>, retry),
    askOnce: (statement) => statement(sql),
    awaitReady: () => retryWhileAway(() => demandReady(database), retry),
  };
}
