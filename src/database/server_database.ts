import postgres from "postgres";
import { AppError } from "../errors.ts";
import { connectionOptions, type Database, firstContact, type OpenOptions } from "./connection.ts";
import { createStateReader } from "./database_state.ts";
import { guardClient } from "./guarded_client.ts";
import { openServerStream, type ServerTarget, type SslMode } from "./server_stream.ts";
import { SteadySocket } from "./steady_socket.ts";

const STATEMENT_TIMEOUT_MS = 30_000;
const DEFAULT_PORT = "5432";

/**
 * Connects to a Postgres server and proves the connection with one query.
 *
 * Throws `AppError` DATABASE_UNREACHABLE with what to do when the server does not answer or refuses.
 */
export async function openServerDatabase(
  url: string,
  { maxConnections = 10, searchPath, onChange = () => {} }:
    & OpenOptions
    & { maxConnections?: number } = {},
): Promise<Database> {
  const { bareUrl, target } = splitUrl(url);
  const client = postgres(bareUrl, {
    max: maxConnections,
    socket: () => new SteadySocket(openServerStream(target)),
    ...connectionOptions({
      statementTimeoutMs: STATEMENT_TIMEOUT_MS,
      ...(searchPath === undefined ? {} : { searchPath }),
    }),
  } as postgres.Options<Record<string, never>>);
  const sql = guardClient(client, { maxAtOnce: maxConnections, limitMs: null });
  const location = describeUrl(url);
  try {
    await firstContact(sql);
  } catch (error) {
    await sql.end({ timeout: 1 });
    // Here it is the operator who asks: the server's own words say most.
    const reason = error instanceof Error ? error.message : String(error);
    throw new AppError(
      "DATABASE_UNREACHABLE",
      `Cannot use the database at ${location}: ${reason}. Check that it runs and that ` +
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

/**
 * Takes host, port and encryption out of the URL, since the socket is ours; the client gets the rest.
 * `sslmode` is `disable` (the default), `require` (encrypted, certificate not checked) or
 * `verify-full`; the modes between and around them count as the nearest stricter one.
 */
function splitUrl(url: string): { bareUrl: string; target: ServerTarget } {
  const bare = new URL(url);
  const mode = bare.searchParams.get("sslmode") ?? "disable";
  bare.searchParams.delete("sslmode");
  return {
    bareUrl: bare.href,
    target: {
      host: bare.hostname.replace(/^\[|\]$/g, ""), // the brackets of IPv6 belong to the URL
      port: Number(bare.port || DEFAULT_PORT),
      ssl_mode: sslMode(mode),
    },
  };
}

function sslMode(mode: string): SslMode {
  switch (mode) {
    case "disable":
      return "disable";
    case "allow":
    case "prefer":
    case "require":
      return "require";
    case "verify-ca":
    case "verify-full":
      return "verify-full";
  }
  throw new AppError(
    "CONFIG_INVALID",
    `sslmode in DATABASE_URL must be disable, require or verify-full (it is "${mode}")`,
  );
}

/** The URL without user, password and options. */
function describeUrl(url: string): string {
  const { hostname, port, pathname } = new URL(url);
  return `${hostname}:${port || DEFAULT_PORT}${pathname}`;
}
