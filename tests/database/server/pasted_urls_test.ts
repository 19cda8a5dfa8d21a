// About server_database.ts
import { assert, assertEquals, assertMatch, assertRejects } from "@std/assert";
import { parseConfig } from "../../../src/config.ts";
import type { Database } from "../../../src/database/connection/connection.ts";
import { openServerDatabase } from "../../../src/database/server/server_database.ts";
import type { ConnectionTarget } from "../../../src/domain/connection/connection_target.ts";
import { AppError } from "../../../src/errors.ts";
import { clusterTest, type PostgresCluster, startCluster } from "../../support/postgres_cluster.ts";
import { createAuthority } from "../../support/private_certificates.ts";
import { PASTED_TLS_URLS } from "./pasted_tls_urls.ts";
import { runScript } from "../../support/run_script.ts";
import { APP_PASSWORD, ODD_PASSWORD, PASTED_URLS, type PastedUrl } from "./pasted_urls.ts";

const SECRET = { ALEXANDRIA_WEBHOOK_SECRET: "only-for-tests-0123456789" };
/** What this service sets, and what the URLs of the table ask for. */
const SETTINGS = [
  "DateStyle",
  "application_name",
  "DateStyle",
  "client_encoding",
  "DateStyle",
  "enable_memoize",
  "geqo",
  "idle_in_transaction_session_timeout",
  "search_path",
  "statement_timeout",
  "TimeZone",
  "transaction_isolation",
  "transaction_read_only",
];

const SQL = `
  CREATE DATABASE books;
  CREATE ROLE app LOGIN PASSWORD '${APP_PASSWORD}';
  CREATE ROLE "app.ref" LOGIN PASSWORD '${APP_PASSWORD}';
  CREATE ROLE clear LOGIN PASSWORD '${APP_PASSWORD}';
  CREATE ROLE odd LOGIN PASSWORD '${ODD_PASSWORD}';
  CREATE ROLE certified LOGIN;
  CREATE ROLE local LOGIN`;
const ON_LOOPBACK = ["127.0.0.1/32", "::1/128"];

interface Servers {
  readonly fill: (text: string) => string;
  remove(): Promise<void>;
}

async function startServers(): Promise<Servers> {
  const [authority, stranger] = await Promise.all([createAuthority(), createAuthority()]);
  const certificate = await authority.sign("db", ["DNS:db.example.test", "IP:127.0.0.1"]);
  const client = await authority.sign("certified", []);
  const clusters: PostgresCluster[] = [];
  const start = async (options: Parameters<typeof startCluster>[0]): Promise<PostgresCluster> => {
    const cluster = await startCluster(options);
    clusters.push(cluster);
    return cluster;
  };
  const plain = await start({
    hba: [
      "local all local trust",
      ...ON_LOOPBACK.map((address) => `host all all ${address} scram-sha-256`),
    ],
  });
  const tls = await start({
    certificate,
    settings: { ssl_ca_file: authority.certificatePath },
    hba: ON_LOOPBACK.flatMap((address) => [
      `hostssl all app ${address} scram-sha-256`,
      `hostnossl all clear ${address} scram-sha-256`,
      `hostssl all certified ${address} cert`,
    ]),
  });
  const standby = await start({ isStandby: true, sql: SQL });
  for (const cluster of [plain, tls]) await cluster.execute(SQL);
  await plain.execute("CREATE DATABASE app");
  const values: Readonly<Record<string, string>> = {
    plain: String(plain.port),
    tls: String(tls.port),
    standby: String(standby.port),
    folder: plain.folder,
    "folder%": encodeURIComponent(plain.folder),
    authority: authority.certificatePath,
    stranger: stranger.certificatePath,
    "client.crt": client.certificatePath,
    "client.key": client.keyPath,
  };
  return {
    fill: (text) => text.replace(/\{([^}]+)\}/g, (_, name) => values[name]!),
    async remove(): Promise<void> {
      await Promise.all(clusters.map((cluster) => cluster.remove()));
      await Promise.all([authority.remove(), stranger.remove()]);
    },
  };
}

clusterTest(
  "each URL as people paste it works, or one sentence says what is wrong and right",
  async (test) => {
    const servers = await startServers();
    try {
      for (const row of [...PASTED_URLS, ...PASTED_TLS_URLS]) {
        await test.step({
          name: row.from,
          sanitizeOps: false,
          sanitizeResources: false,
          fn: () => check(row, servers),
        });
      }
      for (const url of REACHED_FROM_TASKS) {
        await test.step(`a task may reach ${url}`, () => migrates(servers.fill(url)));
      }
    } finally {
      await servers.remove();
    }
  },
);

/** One URL for each kind of permission it takes: a socket, several hosts, files of certificates. */
const REACHED_FROM_TASKS = [
  "postgres://postgres@/books?host={folder}&port={plain}",
  "postgres://postgres@[::1]:1,nowhere.invalid:1,localhost:{standby}/books?target_session_attrs=standby",
  "postgres://certified@db.example.test:{tls}/books?hostaddr=127.0.0.1&sslmode=verify-full" +
  "&sslrootcert={authority}&sslcert={client.crt}&sslkey={client.key}",
];

/** Fails unless a command reaches the database with the permissions it is started with. */
async function migrates(url: string): Promise<void> {
  const { stdout, stderr } = await runScript("src/cli/migrate.ts", {
    args: ["--dry-run"],
    env: { DATABASE_URL: url },
  });
  assertMatch(stdout, /would be applied/, stderr);
}

async function open(
  { url, variables = {} }: PastedUrl,
  { fill }: Servers,
): Promise<{ database: Database; target: ConnectionTarget }> {
  const filled = Object.entries(variables).map(([name, value]) => [name, fill(value)]);
  const { DATABASE_URL: target } = parseConfig({
    ...SECRET,
    ...Object.fromEntries(filled),
    DATABASE_URL: fill(url),
  });
  return { target: target!, database: await openServerDatabase(target!, { maxConnections: 2 }) };
}

async function check(row: PastedUrl, servers: Servers): Promise<void> {
  if ("fails" in row) {
    const { message } = await assertRejects(() => open(row, servers), AppError);
    assertMatch(message, row.fails);
    const secrets = [APP_PASSWORD, ODD_PASSWORD, "wr0ng-one", "d?e#f", "e#f%g"];
    for (const secret of secrets) assert(!message.includes(secret), message);
    return;
  }
  const { database, target } = await open(row, servers);
  try {
    const [found] = await database.sql`
      SELECT current_user AS user, current_database() AS database,
        (SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()) AS ssl,
        host(inet_server_addr()) AS address, pg_is_in_recovery() AS standby,
        current_setting('application_name') AS name, current_setting('search_path') AS path,
        current_setting('client_encoding') AS encoding, current_setting('TimeZone') AS zone,
        current_setting('transaction_read_only') = 'off' AS writable,
        (SELECT count(*)::int FROM pg_prepared_statements) AS prepared`;
    for (const [name, value] of Object.entries(row.works)) assertEquals(found![name], value, name);
    assertEquals(target.ignored_parameters, row.ignored ?? []);
    const pasted = await database.sql`
      SELECT name FROM pg_settings
      WHERE source IN ('client', 'session') AND name <> ALL (${SETTINGS})`;
    assertEquals(pasted.map(({ name }) => name), [], "reached the server as settings");
  } finally {
    await database.close();
  }
}
