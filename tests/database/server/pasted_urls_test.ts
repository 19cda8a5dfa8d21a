// About server_database.ts
import { assert, assertEquals, assertMatch } from "@std/assert";
import {
  clusterTest,
  type PostgresCluster,
  startCluster,
} from "../../support/postgres/postgres_cluster.ts";
import { createAuthority } from "../../support/network/private_certificates.ts";
import { lookAround, type Surroundings } from "./look_around.ts";
import { PASTED_TLS_URLS } from "./pasted_tls_urls.ts";
import { runScript } from "../../support/service/run_script.ts";
import { APP_PASSWORD, ODD_PASSWORD, PASTED_URLS, type PastedUrl } from "./pasted_urls.ts";

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

async function check(row: PastedUrl, servers: Servers): Promise<void> {
  const variables = Object.entries(row.variables ?? {})
    .map(([name, value]) => [name, servers.fill(value)]);
  const environment = {
    ALEXANDRIA_WEBHOOK_SECRET: "only-for-tests-0123456789",
    ...Object.fromEntries(variables),
    DATABASE_URL: servers.fill(row.url),
  };
  const seen = row.isSocket ? await lookFromOutside(environment) : await lookAround(environment);
  if ("fails" in row) {
    assert("error" in seen, JSON.stringify(seen));
    assertMatch(seen.error, row.fails);
    const secrets = [APP_PASSWORD, ODD_PASSWORD, "wr0ng-one", "d?e#f", "e#f%g"];
    for (const secret of secrets) assert(!seen.error.includes(secret), seen.error);
    return;
  }
  assert("found" in seen, JSON.stringify(seen));
  for (const [name, value] of Object.entries(row.works)) {
    assertEquals(seen.found[name], value, name);
  }
  assertEquals(seen.ignored, row.ignored ?? []);
  assertEquals(seen.pasted, [], "reached the server as settings");
}

/** What a process of its own sees: the tests may reach loopback only, which no socket is. */
async function lookFromOutside(environment: Record<string, string>): Promise<Surroundings> {
  const { stdout, stderr } = await runScript("tests/database/server/look_around.ts", {
    env: environment,
  });
  assert(stdout !== "", stderr);
  return JSON.parse(stdout);
}
