import postgres from "postgres";
import { type ConnectionTarget, describeTarget } from "../domain/connection_target.ts";
import { readConnectionUrl } from "../domain/connection_url.ts";
import { AppError, toAppError } from "../errors.ts";
import { clientOptions } from "./client_options.ts";
import { connectionOptions, type Database, firstContact } from "./connection.ts";
import { guardTransactions } from "./guarded_transactions.ts";
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
  { maxConnections = 10, searchPath }: { maxConnections?: number; searchPath?: string } = {},
): Promise<Database> {
  const target = targetOf(where);
  const certificates = await readCertificates(target);
  const connections = Math.min(maxConnections, target.connection_limit ?? maxConnections);
  const shared = connectionOptions({
    statementTimeoutMs: STATEMENT_TIMEOUT_MS,
    ...(searchPath === undefined ? {} : { searchPath }),
  });
  const sql = postgres({
    ...clientOptions(target, shared, { connections }),
    socket: () => new SteadySocket(openServerStream(target, certificates)),
  } as postgres.Options<Record<string, never>>);
  guardTransactions(sql, { limitMs: null });
  const location = describeTarget(target);
  try {
    await firstContact(sql);
  } catch (error) {
    await sql.end({ timeout: 1 });
    const cause = toAppError(error);
    // Of a database that is away the plain reason says as much.
    const reason = cause.code === "DATABASE_UNREACHABLE" && error instanceof Error
      ? error.message
      : cause.message;
    throw new AppError(
      "DATABASE_UNREACHABLE",
      `Cannot use the database at ${location}: ${reason}${
        adviceOnRefusal(error, target)
      }. Check that it runs and that ` +
        `DATABASE_URL is right (unset it to use the embedded database)`,
      { cause: error },
    );
  }
  return { sql, kind: "server", location, close: () => sql.end({ timeout: 5 }) };
}

function targetOf(where: string | ConnectionTarget): ConnectionTarget {
  if (typeof where !== "string") return where;
  const read = readConnectionUrl(where);
  if ("target" in read) return read.target;
  throw new AppError("CONFIG_INVALID", `DATABASE_URL ${read.problem}`);
}
