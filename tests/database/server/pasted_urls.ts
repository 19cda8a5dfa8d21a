/** What a row of the table leads to. */
export type PastedUrl =
  & {
    /** Where it is seen, or what it shows. */
    readonly from: string;
    /** `{plain}`, `{tls}` and `{standby}` stand for ports, `{folder}` and `{authority}` for paths. */
    readonly url: string;
    readonly variables?: Readonly<Record<string, string>>;
    /** Whether it names a socket, which the tests' own permissions don't reach. */
    readonly isSocket?: true;
  }
  & (
    | { readonly works: Readonly<Record<string, unknown>>; readonly ignored?: readonly string[] }
    | { readonly fails: RegExp }
  );

/** The password of `app`, which stands in URLs in three spellings. */
export const APP_PASSWORD = "s3cret";
/** The password of `odd`, of every character that means something in a URL. */
export const ODD_PASSWORD = "a@b:c/d?e#f%g&h%20=";
const ODD_ENCODED = "a%40b%3Ac%2Fd%3Fe%23f%25g%26h%2520%3D";

/** How most URLs begin. */
export const APP = `app:${APP_PASSWORD}`;

/**
 * URLs that say where to connect, as whom, and what else a driver might want. The servers: `{plain}` offers no TLS and wants passwords; `{tls}` lets `app` in over TLS only, with a
 * certificate of a private authority for db.example.test and 127.0.0.1, lets `clear` in without TLS
 * only, and `certified` with a client's certificate; `{standby}` is read-only and wants nothing.
 */
export const PASTED_URLS: readonly PastedUrl[] = [
  {
    from: "the manual",
    url: `postgresql://${APP}@127.0.0.1:{plain}/books`,
    works: { user: "app", database: "books", ssl: false, name: "alexandria-backfill" },
  },
  {
    from: "a local server, by its name and with white space around",
    url: ` postgres://${APP}@localhost:{plain}/books\n`,
    works: { user: "app", database: "books" },
  },
  {
    from: "an IPv6 address",
    url: `postgres://${APP}@[::1]:{plain}/books`,
    works: { database: "books", address: "::1" },
  },
  {
    from: "an IPv6 address without brackets",
    url: `postgres://${APP}@::1:{plain}/books`,
    fails: /an IPv6 address is written in brackets/,
  },
  {
    from: "no database: the user's",
    url: `postgres://${APP}@127.0.0.1:{plain}`,
    works: { database: "app" },
  },
  {
    from: "every odd character escaped",
    url: `postgres://odd:${ODD_ENCODED}@127.0.0.1:{plain}/books`,
    works: { user: "odd" },
  },
  {
    from: "@, :, # and a lone % as they are",
    url: `postgres://odd:a@b:c%2Fd%3Fe#f%g&h%2520=@127.0.0.1:{plain}/books`,
    works: { user: "odd" },
  },
  {
    from: "a / as it is",
    url: `postgres://odd:a@b:c/d%3Fe#f%g&h%2520=@127.0.0.1:{plain}/books`,
    fails: /has a \/ or \? in its user or password, where \/ is to be written %2F/,
  },
  {
    from: "a ? as it is",
    url: `postgres://odd:a%40b:c%2Fd?e#f%g&h%2520=@127.0.0.1:{plain}/books`,
    fails: /has a \/ or \? in its user or password|not of the form name=value/,
  },
  {
    from: "an escape of no character",
    url: `postgres://odd:a%ffb@127.0.0.1:{plain}/books`,
    fails: /a % itself is written %25/,
  },
  {
    from: "a wrong password",
    url: `postgres://app:wr0ng-one@127.0.0.1:{plain}/books`,
    fails: /password authentication failed for user "app"/,
  },
  {
    from: "no password",
    url: `postgres://app@127.0.0.1:{plain}/books`,
    fails: /password authentication failed .*holds no password, and PGPASSWORD is not set/,
  },
  {
    from: "the password, the port and the database in variables",
    url: `postgres://app@127.0.0.1`,
    variables: { PGPASSWORD: APP_PASSWORD, PGPORT: "{plain}", PGDATABASE: "books" },
    works: { user: "app", database: "books" },
  },
  {
    from: "everything in variables",
    url: "postgres://",
    variables: {
      PGHOST: "127.0.0.1",
      PGPORT: "{plain}",
      PGUSER: "app",
      PGPASSWORD: APP_PASSWORD,
      PGDATABASE: "books",
      PGAPPNAME: "from the variables",
      PGOPTIONS: "-c search_path=shelf",
    },
    works: { user: "app", name: "from the variables", path: "shelf" },
  },
  {
    from: "a URL that outdoes the variables",
    url: `postgres://${APP}@127.0.0.1:{plain}/books?application_name=mine&sslmode=disable`,
    variables: {
      PGHOST: "nowhere.invalid",
      PGPORT: "1",
      PGUSER: "other",
      PGSSLMODE: "verify-full",
    },
    works: { user: "app", database: "books", name: "mine" },
  },
  {
    from: "a variable that is wrong",
    url: `postgres://${APP}@127.0.0.1:{plain}/books`,
    variables: { PGSSLMODE: "on" },
    fails: /comes with PGSSLMODE=on, which must be one of disable, allow, prefer, require/,
  },
  {
    from: "a socket, escaped",
    url: "postgres://local@{folder%}:{plain}/books",
    isSocket: true,
    works: { user: "local", database: "books", address: null },
  },
  {
    from: "a socket, as Cloud SQL and Prisma write it",
    url: "postgresql://local:unused@/books?host={folder}&port={plain}",
    isSocket: true,
    works: { user: "local", database: "books", address: null },
  },
  {
    from: "a socket beside a host, which it outdoes, with TLS, which it does without",
    url: "postgres://local@localhost:{plain}/books?host={folder}/&sslmode=require",
    isSocket: true,
    works: { user: "local", address: null },
  },
  {
    from: "a socket that is not there",
    url: "postgres://local@/books?host=/nowhere/at/all",
    isSocket: true,
    fails: /database at \/nowhere\/at\/all:5432\/books: .*ENOENT/,
  },
  {
    from: "several hosts, of which the first is away",
    url: `postgres://${APP}@127.0.0.1:1,127.0.0.1:{plain}/books`,
    works: { database: "books" },
  },
  {
    from: "several hosts, all away",
    url: `postgres://${APP}@127.0.0.1:1,[::1]:1/books`,
    fails: /127\.0\.0\.1:1: .*ECONNREFUSED.*; \[::1\]:1: .*ECONNREFUSED/,
  },
  {
    from: "a cluster, of which the writable server is wanted",
    url:
      `postgres://${APP}@localhost:{standby},localhost:{plain}/books?target_session_attrs=read-write`,
    works: { database: "books", standby: false },
  },
  {
    from: "JDBC's words for the same",
    url:
      `jdbc:postgresql://localhost:{standby},localhost:{plain}/books?user=app&password=${APP_PASSWORD}` +
      `&targetServerType=primary&ApplicationName=java&loginTimeout=5&currentSchema=shelf,public`,
    works: { database: "books", standby: false, name: "java", path: "shelf,public" },
  },
  {
    from: "a standby is preferred",
    url:
      `postgres://${APP}@localhost:{plain},localhost:{standby}/books?target_session_attrs=prefer-standby`,
    works: { database: "books", standby: true },
  },
  {
    from: "a standby is preferred and there is none",
    url: `postgres://${APP}@127.0.0.1:{plain}/books?target_session_attrs=prefer-standby`,
    works: { database: "books", standby: false },
  },
  {
    from: "only a standby is there",
    url: `postgres://${APP}@127.0.0.1:{standby}/books?target_session_attrs=read-write`,
    fails: /is read-only, which target_session_attrs does not want/,
  },
  {
    from: "options with settings, of which libpq knows three spellings",
    url:
      `postgres://${APP}@127.0.0.1:{plain}/books?options=-c%20geqo%3Doff+--search-path%3Dshelf+-cenable_memoize=off`,
    works: { path: "shelf" },
  },
  {
    from: "Supabase's pooler through Prisma",
    url: `postgresql://app.ref:${APP_PASSWORD}@localhost:{plain}/books?pgbouncer=true` +
      `&connection_limit=1&pool_timeout=0&statement_cache_size=0&schema=Shelf 2`,
    works: { user: "app.ref", path: '"Shelf 2"', prepared: 0 },
    ignored: ["pool_timeout"],
  },
  {
    from: "postgres.js and Rails, with limits as they like them",
    url: `postgres://${APP}@127.0.0.1:{plain}/books?prepare=false&pool_size=2&encoding=utf8` +
      `&statement_timeout=5&idle_in_transaction_session_timeout=7&default_transaction_read_only=on`,
    works: { prepared: 0, writable: true },
    ignored: [
      "encoding",
      "statement_timeout",
      "idle_in_transaction_session_timeout",
      "default_transaction_read_only",
    ],
  },
  {
    from: "SQLAlchemy, and all of libpq that is not for us",
    url: `postgresql+asyncpg://${APP}@127.0.0.1:{plain}/books?keepalives=1&keepalives_idle=30` +
      `&keepalives_interval=10&keepalives_count=3&tcp_user_timeout=5000&connect_timeout=3` +
      `&gssencmode=disable&client_encoding=SQL_ASCII&fallback_application_name=x&require_auth=scram`,
    works: { name: "alexandria-backfill", encoding: "UTF8" },
    ignored: [
      "keepalives_interval",
      "keepalives_count",
      "tcp_user_timeout",
      "gssencmode",
      "client_encoding",
      "fallback_application_name",
      "require_auth",
    ],
  },
  {
    from: "options that would undo what the service relies on",
    url: `postgres://${APP}@127.0.0.1:{plain}/books?options=-c TimeZone=Pacific/Auckland` +
      ` -c default_transaction_read_only=on`,
    works: { zone: "UTC", writable: true },
    ignored: ["options -c timezone", "options -c default_transaction_read_only"],
  },
  {
    from: "search_path, as this project's tests have it",
    url: `postgres://${APP}@127.0.0.1:{plain}/books?search_path=shelf%2Cpublic`,
    works: { path: "shelf,public" },
  },
  {
    from: "a time-out that is none",
    url: `postgres://${APP}@127.0.0.1:{plain}/books?connect_timeout=soon`,
    fails: /comes with connect_timeout=soon, which must be a whole number/,
  },
  {
    from: "a port that is none",
    url: `postgres://${APP}@127.0.0.1:54x32/books`,
    fails: /has a port that is no number from 1 to 65535/,
  },
  {
    from: "libpq's service file",
    url: "postgres:///?service=books",
    fails: /comes with service, whose file is not read/,
  },
  {
    from: "no user anywhere",
    url: "postgres://127.0.0.1:{plain}/books",
    fails: /names no user: write postgres:\/\/user:password@host\/database/,
  },
  {
    from: "a console that copies the command with it",
    url: `psql 'postgres://${APP}@127.0.0.1:{plain}/books'`,
    fails: /must begin with postgres:\/\/ .*nothing around it/,
  },
  {
    from: "another database",
    url: `mysql://${APP}@127.0.0.1:{plain}/books`,
    fails: /must begin with postgres:\/\//,
  },
];
