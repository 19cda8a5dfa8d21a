import { readAddresses } from "./connection_addresses.ts";
import { readOptions } from "./connection_options.ts";
import {
  type ConnectionTarget,
  SESSION_ATTRIBUTES,
  type SessionAttributes,
} from "./connection_target.ts";
import { ParameterReader } from "./parameter_reader.ts";
import { ConnectionProblem, splitConnectionUrl } from "./split_connection_url.ts";

/** The variables of libpq that fill in what DATABASE_URL leaves out, and the names without PG. */
const VARIABLES = {
  PGHOST: "host",
  PGHOSTADDR: "hostaddr",
  PGPORT: "port",
  PGDATABASE: "dbname",
  PGUSER: "user",
  PGPASSWORD: "password",
  PGSSLMODE: "sslmode",
  PGSSLROOTCERT: "sslrootcert",
  PGSSLCERT: "sslcert",
  PGSSLKEY: "sslkey",
  PGAPPNAME: "application_name",
  PGCONNECT_TIMEOUT: "connect_timeout",
  PGOPTIONS: "options",
  PGTARGETSESSIONATTRS: "target_session_attrs",
} as const;

/** Who runs this process, as systems call it: the user where neither URL nor PGUSER names one. */
const ACCOUNT_VARIABLES = ["USER", "LOGNAME", "USERNAME"] as const;

/** The environment variables that {@linkcode readConnectionUrl} knows what to do with. */
export const CONNECTION_VARIABLES: readonly string[] = [
  ...Object.keys(VARIABLES),
  ...ACCOUNT_VARIABLES,
];

const DEFAULT_CONNECT_TIMEOUT_S = 10;
/** Also what libpq's "no limit" amounts to: something must end a wait for a silent server. */
const LONGEST_CONNECT_TIMEOUT_S = 300;
const DEFAULT_KEEP_ALIVE_S = 60;

/** Words by which other drivers ask for what libpq calls `target_session_attrs`. */
const SERVER_TYPES: Readonly<Record<string, SessionAttributes>> = {
  any: "any",
  primary: "primary",
  master: "primary",
  secondary: "standby",
  slave: "standby",
  preferprimary: "any",
  prefersecondary: "prefer-standby",
  preferslave: "prefer-standby",
};

/** Parameters that each say, with this value, that a pooler keeps no prepared statements. */
const POOLER_SIGNS: readonly (readonly [string, RegExp])[] = [
  ["pgbouncer", /^(true|1)$/i], // Prisma
  ["prepare", /^(false|0)$/i], // postgres.js
  ["no_prepare", /^(true|1)$/i],
  ["prepared_statements", /^(false|0)$/i], // Rails
  ["prepareThreshold", /^0$/], // JDBC
  ["statement_cache_size", /^0$/], // Prisma, asyncpg
  ["prepared_statement_cache_size", /^0$/], // SQLAlchemy
  ["default_query_exec_mode", /^(exec|simple_protocol)$/], // pgx
];

/** Names other drivers have for the most connections of a process. */
const LIMITS = ["connection_limit", "max", "pool_max_conns", "pool_size"] as const;

/** What neither can be done nor may be left undone, and what does the same. */
const IMPOSSIBLE: Readonly<Record<string, string>> = {
  service: "whose file is not read: write host, user and database into the URL",
  passfile: "which is not read: write the password into the URL, or set PGPASSWORD",
  sslpassword: "which cannot be used: name a key file without a password in sslkey",
  sslidentity: "which cannot be used: name PEM files in sslcert and sslkey",
};

/**
 * Reads a URL as people paste it, with the parameters of libpq and those that common drivers and
 * object mappers add; `variables` are environment variables that fill in what it leaves out. Every
 * parameter is honoured, is refused in a sentence, or has its name in `ignored_parameters`.
 *
 * Encryption (`sslmode=require`) is the default, except for hosts of this machine.
 *
 * Gives what is wrong, to go on from "DATABASE_URL …", when something cannot be used. It never holds
 * the password, or any text that might be part of one.
 */
export function readConnectionUrl(
  url: string,
  variables: Readonly<Record<string, string | undefined>> = {},
): { readonly target: ConnectionTarget } | { readonly problem: string } {
  try {
    return { target: readTarget(url, variables) };
  } catch (error) {
    if (error instanceof ConnectionProblem) return { problem: error.message };
    throw error;
  }
}

function readTarget(
  url: string,
  variables: Readonly<Record<string, string | undefined>>,
): ConnectionTarget {
  const parameters = splitConnectionUrl(url);
  for (const [variable, name] of Object.entries(VARIABLES)) {
    const value = variables[variable];
    if (value && !parameters.has(name)) parameters.set(name, { value, source: variable });
  }
  const read = new ParameterReader(parameters);
  for (const [name, why] of Object.entries(IMPOSSIBLE)) {
    if (read.take(name)) throw new ConnectionProblem(`comes with ${name}, ${why}`);
  }
  const account = ACCOUNT_VARIABLES.map((name) => variables[name]).find(Boolean);
  const user = read.take("user")?.value ?? account;
  if (user === undefined) {
    throw new ConnectionProblem("names no user: write postgres://user:password@host/database");
  }
  const options = readOptions(read);
  return {
    ...readAddresses(read),
    user,
    password: read.take("password")?.value ?? null,
    database: read.take("dbname")?.value ?? user,
    ssl_client: readClientCertificate(read),
    session_attributes: readSessionAttributes(read),
    connect_timeout_ms: readConnectTimeout(read) * 1000,
    keep_alive_ms: readKeepAlive(read),
    application_name: read.first(["application_name", "ApplicationName"])?.value ?? null,
    settings: options.settings,
    startup_options: options.rest,
    connection_limit: read.wholeNumber(LIMITS, { min: 1 }),
    // All are looked at, so that none counts as ignored.
    is_pooled: POOLER_SIGNS.map(([name, sign]) => read.isLike(name, sign)).includes(true),
    ignored_parameters: [...options.ignored, ...read.untaken()],
  };
}

function readClientCertificate(read: ParameterReader): ConnectionTarget["ssl_client"] {
  const certificate = read.take("sslcert");
  const key = read.take("sslkey");
  if (certificate === undefined && key === undefined) return null;
  if (certificate === undefined || key === undefined) {
    const [given, missing] = key === undefined ? ["sslcert", "sslkey"] : ["sslkey", "sslcert"];
    throw new ConnectionProblem(
      `comes with ${given} but without ${missing}: a client's certificate takes both files (the file ` +
        `of the authority that signed the server's goes in sslrootcert)`,
    );
  }
  return { certificate: certificate.value, key: key.value };
}

function readSessionAttributes(read: ParameterReader): SessionAttributes {
  const type = read.choice("targetServerType", Object.keys(SERVER_TYPES));
  return read.choice("target_session_attrs", SESSION_ATTRIBUTES) ??
    (type === undefined ? "any" : SERVER_TYPES[type]!);
}

function readConnectTimeout(read: ParameterReader): number {
  const names = ["connect_timeout", "connectTimeout", "loginTimeout"] as const;
  const seconds = read.wholeNumber(names, { min: -1 }) ?? DEFAULT_CONNECT_TIMEOUT_S;
  return seconds <= 0 ? LONGEST_CONNECT_TIMEOUT_S : Math.min(seconds, LONGEST_CONNECT_TIMEOUT_S);
}

function readKeepAlive(read: ParameterReader): number | null {
  const idle = read.wholeNumber(["keepalives_idle"], { min: 0 }) || DEFAULT_KEEP_ALIVE_S;
  const isOff = [read.isLike("keepalives", /^0$/), read.isLike("tcpKeepAlive", /^false$/i)];
  return isOff.includes(true) ? null : idle * 1000;
}
