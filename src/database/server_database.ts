import postgres from "postgres";
import { type ConnectionTarget, describeTarget } from "../domain/connection_target.ts";
import { readConnectionUrl } from "../domain/connection_url.ts";
import { AppError } from "../errors.ts";
import { clientOptions } from "./client_options.ts";
import { connectionOptions, type Database, firstContact, type OpenOptions } from "./connection.ts";
import { createStateReader } from "./database_state.ts";
import { guardClient } from "./guarded_client.ts";
import { adviceOnRefusal } from "./refusal_advice.ts";
import { readCertificates } from "./server_socket.ts";
import { openServerStream } from "./server_stream.ts";
import { SteadySocket } from "./steady_socket.ts";

const STATEMENT_TIMEOUT_MS = 30_000;

/**
 * Connects to a Postgres server and proves the connection with one query. A URL stands for itself,
 * without the variables of the environment that a target may have been completed with.
 *
 * Throws `AppError` DATABASE_UNREACHABLE with what to do when the server does not answer or refuses,
 * CONFIG_INVALID when the URL or a file it names cannot be used.
 */
export async function openServerDatabase(
  where: string | ConnectionTarget,
  { maxConnections = 10, searchPath, onChange = () => {} }:
    & OpenOptions
    & { maxConnections?: number } = {},
): Promise<Database> {
  const target = targetOf(where);
  const certificates = await readCertificates(target);
  const connections = Math.min(maxConnections, target.connection_limit ?? maxConnections);
  const shared = connectionOptions({
    statementTimeoutMs: STATEMENT_TIMEOUT_MS,
    ...(searchPath === undefined ? {} : { searchPath }),
  });
  const client = postgres({
    ...clientOptions(target, shared, { connections }),
    socket: () => new SteadySocket(openServerStream(target, certificates)),
  } as postgres.Options<Record<string, never>>);
  const sql = guardClient(client, { maxAtOnce: connections, limitMs: null });
  const location = describeTarget(target);
  try {
    await firstContact(sql);
  } catch (error) {
    await sql.end({ timeout: 1 });
    // Here it is the operator who asks: the server's own words say most.
    const reason = error instanceof Error ? error.message : String(error);
    const advice = adviceOnRefusal(error, target);
    throw new AppError(
      "DATABASE_UNREACHABLE",
      `Cannot use the database at ${location}: ${reason}${advice}. Check that it runs and that ` +
        `DATABASE_URL is right (unset it to use the embedded database)`,
      { cause: error },
    );
  }
  return {
    sql,
    kind: "server",
    location,
    trouble: createStateReader(sql, { onChange }),
    close: () => sql.end({ timeout: 5 }),
  };
}

function targetOf(where: string | ConnectionTarget): ConnectionTarget {
  if (typeof where !== "string") return where;
  const read = readConnectionUrl(where);
  if ("target" in read) return read.target;
  throw new AppError("CONFIG_INVALID", `DATABASE_URL ${read.problem}`);
}
