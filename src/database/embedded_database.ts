import { PGlite } from "@electric-sql/pglite";
import { pg_trgm } from "@electric-sql/pglite/contrib/pg_trgm";
import postgres from "postgres";
import { AppError } from "../errors.ts";
import { CLIENT_DEFAULTS } from "./client_options.ts";
import { type Database, firstContact, type OpenOptions } from "./connection.ts";
import { createStateReader } from "./database_state.ts";
import { openEngineStream } from "./engine_stream.ts";
import { guardClient } from "./guarded_client.ts";
import { PrivateFiles } from "./private_files.ts";
import { STORABLE_TYPES } from "./storable_text.ts";
import { SteadySocket } from "./steady_socket.ts";

/**
 * The engine keeps its cache within its own memory, which it never gives back; the files are in the
 * system's cache as well. Its default of 128 MB made the whole process nearly twice as large.
 */
const START = [...PGlite.defaultStartParams, "-c", "shared_buffers=16MB"];

/** Far beyond the longest transaction of ours, which stores one month. */
const TRANSACTION_LIMIT_MS = 30_000;

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
 * Throws `AppError` DATABASE_DAMAGED when the files cannot be opened, CONFIG_INVALID when the process
 * has no permission to.
 */
export async function openEmbeddedDatabase(
  directory: string | null,
  { searchPath, transactionLimitMs = TRANSACTION_LIMIT_MS, onChange = () => {} }:
    & OpenOptions
    & { transactionLimitMs?: number } = {},
): Promise<Database> {
  const engine = await startEngine(directory);
  let socket: SteadySocket | null = null;
  const client = postgres({
    ...CLIENT_DEFAULTS,
    user: "postgres",
    database: "postgres",
    max: 1,
    onnotice: () => {},
    types: STORABLE_TYPES,
    socket: () => (socket = new SteadySocket(Promise.resolve(openEngineStream(engine)))),
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
      await engine.close();
    },
  };
}

async function startEngine(directory: string | null): Promise<PGlite> {
  const options = { extensions: { pg_trgm }, startParams: START };
  try {
    if (directory === null) return await PGlite.create({ dataDir: "memory://", ...options });
    await Deno.mkdir(directory, { recursive: true, mode: 0o700 });
    return await PGlite.create({ fs: new PrivateFiles(directory), ...options });
  } catch (error) {
    if (error instanceof Deno.errors.NotCapable) {
      throw new AppError(
        "CONFIG_INVALID",
        `The permissions of this process do not cover the embedded database and its program: start ` +
          `it with deno task, which works them out (but not for a DENO_DIR with spaces in it)`,
        { cause: error },
      );
    }
    throw new AppError(
      "DATABASE_DAMAGED",
      `Cannot open the embedded database in ${directory}: its files are damaged or were written by ` +
        `another version. Move the folder away to start afresh, or restore it from a copy`,
      { cause: error },
    );
  }
}
