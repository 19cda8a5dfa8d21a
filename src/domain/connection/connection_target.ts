/** Whether a connection is encrypted and the server's certificate checked, in the words of libpq. */
export const SSL_MODES = [
  "disable",
  "allow",
  "prefer",
  "require",
  "verify-ca",
  "verify-full",
] as const;
export type SslMode = typeof SSL_MODES[number];

/** What kind of server is wanted, in the words of libpq. */
export const SESSION_ATTRIBUTES = [
  "any",
  "read-write",
  "read-only",
  "primary",
  "standby",
  "prefer-standby",
] as const;
export type SessionAttributes = typeof SESSION_ATTRIBUTES[number];

/** Where a server listens. */
export type ServerAddress =
  | {
    readonly kind: "tcp";
    /** The name or IP address that its certificate must be for. */
    readonly host: string;
    /** What to connect to: the same, unless `hostaddr` says otherwise. */
    readonly connect_to: string;
    readonly port: number;
    readonly ssl_mode: SslMode;
  }
  | { readonly kind: "socket"; readonly path: string; readonly port: number };

/** Everything a connection to a Postgres server takes, as plain data. */
export interface ConnectionTarget {
  /** To be tried in this order; at least one. */
  readonly addresses: readonly ServerAddress[];
  readonly user: string;
  readonly password: string | null;
  readonly database: string;
  /** No `sslmode` was given: that of each address is the default for its host. */
  readonly is_ssl_mode_default: boolean;
  /** A file of certificates to trust, `system` for those of the runtime; `null` for the same. */
  readonly ssl_root_certificate: string | null;
  /** Files of the certificate to show to the server, and of its private key. */
  readonly ssl_client: { readonly certificate: string; readonly key: string } | null;
  readonly session_attributes: SessionAttributes;
  /** For each address: until it is ready for queries. */
  readonly connect_timeout_ms: number;
  /** How long a connection is silent before the system asks whether it lives; `null` for never. */
  readonly keep_alive_ms: number | null;
  readonly application_name: string | null;
  /** Settings of the session, such as `search_path`, by their name. */
  readonly settings: Readonly<Record<string, string>>;
  /** The rest of `options`, for a proxy in between, such as Neon's `endpoint=…`. */
  readonly startup_options: string | null;
  /** The most connections this process may open. */
  readonly connection_limit: number | null;
  /** A pooler may give each transaction another session, so that nothing may be kept in one. */
  readonly is_pooled: boolean;
  /** Names of parameters that mean nothing here. */
  readonly ignored_parameters: readonly string[];
}

/** The file of a server's Unix socket, as every server names it. */
export function socketFile({ path, port }: Extract<ServerAddress, { kind: "socket" }>): string {
  return `${path}/.s.PGSQL.${port}`;
}

/** Where a server is, for messages: holds no user and no password. */
export function describeAddress(address: ServerAddress): string {
  if (address.kind === "socket") return `${address.path}:${address.port}`;
  const { host, port } = address;
  return `${host.includes(":") ? `[${host}]` : host}:${port}`;
}

/** Where a database is, for messages: holds no user and no password. */
export function describeTarget({ addresses, database }: ConnectionTarget): string {
  return `${addresses.map(describeAddress).join(",")}/${database}`;
}
