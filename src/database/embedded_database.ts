import { PGlite } from "@electric-sql/pglite";
import { pg_trgm } from "@electric-sql/pglite/contrib/pg_trgm";
import { PGLiteSocketServer } from "@electric-sql/pglite-socket";
import { connect } from "node:net";
import postgres from "postgres";
import { AppError } from "../errors.ts";
import { CLIENT_DEFAULTS } from "./client_options.ts";
import { type Database, firstContact, type OpenOptions } from "./connection.ts";
import { createStateReader } from "./database_state.ts";
import { guardClient } from "./guarded_client.ts";
import { STORABLE_TYPES } from "./storable_text.ts";
import { SteadySocket } from "./steady_socket.ts";

/** Far beyond the longest transaction of ours, which stores one month. */
const TRANSACTION_LIMIT_MS = 30_000;

/**
 * Starts the embedded Postgres on files in `directory` (made when absent), or in memory when it is
 * `null`, and connects to it over a loopback socket with the client a server would be reached with.
 *
 * It is one session, so the pool holds one connection (more would break the protocol) and a query
 * outside a running transaction waits for the transaction's end. A transaction that in turn waits for
 * such a query would wait for ever, and the engine has no timers of its own: one that is still open
 * after `transactionLimitMs` is cut by closing the connection, which rolls it back.
 *
 * Throws `AppError` DATABASE_DAMAGED when the files cannot be opened.
 */
export async function openEmbeddedDatabase(
  directory: string | null,
  { searchPath, transactionLimitMs = TRANSACTION_LIMIT_MS, onChange = () => {} }:
    & OpenOptions
    & { transactionLimitMs?: number } = {},
): Promise<Database> {
  const engine = await startEngine(directory);
  const server = new PGLiteSocketServer({ db: engine, host: "127.0.0.1", port: 0 });
  await server.start();
  const port = Number(server.getServerConn().split(":").at(-1));
  let socket: SteadySocket | null = null;
  const client = postgres({
    ...CLIENT_DEFAULTS,
    host: "127.0.0.1",
    port,
    user: "postgres",
    database: "postgres",
    max: 1,
    onnotice: () => {},
    types: STORABLE_TYPES,
    socket:
      () => (socket = new SteadySocket(Promise.resolve(connect({ host: "127.0.0.1", port })))),
  } as unknown as postgres.Options<Record<string, never>>);
  const sql = guardClient(client, {
    maxAtOnce: 1,
    limitMs: transactionLimitMs,
    cut: () => socket?.destroy(),
  });
  await firstContact(sql);
  // The engine ignores settings in the connection's start-up message.
  if (searchPath !== undefined) await sql.unsafe(`SET search_path TO ${searchPath}`);
  return {
    sql,
    kind: "embedded",
    location: directory ?? "memory",
    trouble: createStateReader(sql, { onChange }),
    async close(): Promise<void> {
      await sql.end({ timeout: 5 });
      await server.stop();
      await engine.close();
    },
  };
}

async function startEngine(directory: string | null): Promise<PGlite> {
  try {
    if (directory !== null) await Deno.mkdir(directory, { recursive: true });
    return await PGlite.create({ dataDir: directory ?? "memory://", extensions: { pg_trgm } });
  } catch (error) {
    throw new AppError(
      "DATABASE_DAMAGED",
      `Cannot open the embedded database in ${directory}: its files are damaged or were written by ` +
        `another version. Move the folder away to start afresh, or restore it from a copy`,
      { cause: error },
    );
  }
}
