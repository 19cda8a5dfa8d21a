import postgres from "postgres";
import { CLIENT_DEFAULTS } from "../connection/client_options.ts";
import { ConnectionPool } from "../connection/connection_pool.ts";
import { type Database, firstContact, type OpenOptions } from "../connection/connection.ts";
import { createStateReader } from "../connection/database_state.ts";
import { startEmbeddedEngine } from "./embedded_engine.ts";
import { guardClient } from "../connection/guarded_client.ts";
import type { ParsedOptions } from "../connection/single_connection.ts";

/** Far beyond the longest transaction of ours, which stores one month. */
const TRANSACTION_LIMIT_MS = 30_000;
const CLOSE_MS = 5_000;

/**
 * Starts the embedded Postgres on files in `directory` (made when absent), or in memory when it is
 * `null`, and connects to it within this process with the client a server would be reached with. It
 * listens nowhere, and its files are for their owner alone.
 *
 * It is one session, so the pool holds one connection (more would break the protocol) and a query
 * outside a running transaction waits for the transaction's end. A transaction that in turn waits for
 * such a query would wait for ever, and the engine has no timers of its own: one that is still open
 * after `transactionLimitMs` is cut by closing the connection, which rolls it back.
 *
 * Throws `AppError` DATABASE_FULL when the disk has no room to start, DATABASE_DAMAGED when the files
 * cannot be opened, CONFIG_INVALID when the process has no permission to.
 */
export async function openEmbeddedDatabase(
  directory: string | null,
  { searchPath, transactionLimitMs = TRANSACTION_LIMIT_MS, onChange = () => {} }:
    & OpenOptions
    & { transactionLimitMs?: number } = {},
): Promise<Database> {
  const engine = await startEmbeddedEngine(directory);
  const template = postgres(
    { ...CLIENT_DEFAULTS, user: "postgres", database: "postgres" } as unknown as postgres.Options<
      Record<string, never>
    >,
  );
  const options = template.options as unknown as ParsedOptions;
  const pool = new ConnectionPool({
    options,
    open: () => engine.connect(),
    limits: { connect: Infinity, begin: Infinity, statement: Infinity },
    maxConnections: 1,
  });
  const sql = guardClient(template, pool, {
    async begin(connection): Promise<void> {
      await connection.execute("BEGIN", "begin");
    },
    singles: () => "left to the session",
    transactionLimitMs,
  });
  await firstContact(sql);
  options.prepare = true;
  // The engine ignores settings in the connection's start-up message.
  if (searchPath !== undefined) await sql.unsafe(`SET search_path TO ${searchPath}`);
  return {
    sql,
    kind: "embedded",
    location: directory ?? "memory",
    is_pooled: false,
    trouble: createStateReader(sql, { onChange }),
    async execute(command): Promise<void> {
      await sql.unsafe(command);
    },
    hurry(): void {}, // it answers or it does not
    async close(): Promise<void> {
      await pool.end(CLOSE_MS);
      await engine.close();
    },
  };
}
