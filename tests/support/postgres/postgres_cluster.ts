import { execFile } from "../machine/exec_file.ts";
import { freePort } from "../network/free_port.ts";

/** A Postgres server of a test's own, with the settings and the access rules the test wants. */
export interface PostgresCluster {
  readonly port: number;
  /** For the superuser, where the access rules let it in. */
  readonly url: string;
  /** The folder of its Unix socket and of its files; every user of this machine may enter it. */
  readonly folder: string;
  /** Runs SQL as the superuser `postgres`, whatever the access rules say. */
  execute(sql: string): Promise<void>;
  /** Stops the server, at once and without a goodbye to its clients, unless `mode` says otherwise. */
  stop(mode?: "fast" | "immediate"): Promise<void>;
  start(): Promise<void>;
  /** Makes it a standby, which is always read-only; `SELECT pg_promote()` undoes that. */
  demote(): Promise<void>;
  /** Restarts it to show another certificate; it must have shown one before. */
  certify(certificate: ServerCertificate): Promise<void>;
  /** Stops the server and removes its files. */
  remove(): Promise<void>;
}

/** A certificate with its private key, both as PEM text. */
interface ServerCertificate {
  readonly certificate: string;
  readonly key: string;
}

export interface ClusterOptions {
  /** Where to keep its files, in `data`; by default in a temporary folder that is removed with it. */
  readonly folder?: string;
  /** Lines of pg_hba.conf for connections over TCP; by default everybody on this machine is let in. */
  readonly hba?: readonly string[];
  /** Settings of postgresql.conf. */
  readonly settings?: Readonly<Record<string, string | number>>;
  /** The certificate to show to clients that ask for TLS; without it the server offers none. */
  readonly certificate?: ServerCertificate;
  /** Of its databases, unless they are made with another; UTF8 by default. */
  readonly encoding?: string;
  /** Run once, as the superuser, on the new server. */
  readonly sql?: string;
  /** Makes the server a standby, which is always read-only. */
  readonly isStandby?: boolean;
}

/** Where Debian puts each version's programs, in a folder of its own. */
const DEBIAN_FOLDER = "/usr/lib/postgresql";
const BINARIES = await findBinaries();

/** Whether clusters can be started here. */
export const HAS_CLUSTERS = BINARIES !== null;

/** Registers a test that starts clusters; it is ignored, and its name says why, where there are none. */
export function clusterTest(name: string, fn: (test: Deno.TestContext) => Promise<void>): void {
  Deno.test({
    name: BINARIES === null ? `${name} (no Postgres under ${DEBIAN_FOLDER} to run it on)` : name,
    ignore: BINARIES === null,
    sanitizeOps: false,
    sanitizeResources: false,
    fn,
  });
}

const IS_ROOT = await isRoot();

/** The programs of the newest version. */
async function findBinaries(): Promise<string | null> {
  const versions: string[] = [];
  try {
    for await (const { name } of Deno.readDir(DEBIAN_FOLDER)) versions.push(name);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
  const folders = versions.toSorted((a, b) => Number(b) - Number(a)).map((v) =>
    `${DEBIAN_FOLDER}/${v}/bin`
  );
  for (const folder of folders) {
    if (await Deno.stat(`${folder}/initdb`).then(() => true, () => false)) return folder;
  }
  return null;
}

/**
 * Starts a server on a free loopback port and on a Unix socket in its folder. Database `postgres`,
 * superuser `postgres`.
 */
export async function startCluster(options: ClusterOptions = {}): Promise<PostgresCluster> {
  if (BINARIES === null) throw new Error(`There is no Postgres under ${DEBIAN_FOLDER}`);
  const folder = options.folder ??
    await Deno.makeTempDir({ prefix: "alexandria-test-cluster-" });
  const data = `${folder}/data`;
  await Deno.chmod(folder, 0o755);
  await giveToPostgres(folder);
  const run = (program: string, ...args: string[]): Promise<string> =>
    asPostgres(`${BINARIES}/${program}`, args);
  const texts = ["-E", options.encoding ?? "UTF8", "--locale", "C"];
  await run("initdb", "-D", data, "-A", "trust", "-U", "postgres", ...texts, "--no-sync");

  const port = freePort();
  await writeSettings(data, { ...options, port, folder });
  const control = (...args: string[]): Promise<string> => run("pg_ctl", "-D", data, "-w", ...args);
  const execute = async (sql: string): Promise<void> => {
    const file = `${folder}/${crypto.randomUUID()}.sql`;
    await Deno.writeTextFile(file, sql);
    const options = ["-qX", "-v", "ON_ERROR_STOP=1", "-h", folder, "-p", String(port)];
    await run("psql", ...options, "-f", file);
    await Deno.remove(file);
  };
  let isRunning = false;
  const cluster: PostgresCluster = {
    port,
    url: `postgres://postgres@127.0.0.1:${port}/postgres`,
    folder,
    execute,
    async start(): Promise<void> {
      const log = `${folder}/log`;
      await control("-l", log, "start").catch(async (cause) => {
        throw new Error(`A cluster does not start: ${await Deno.readTextFile(log)}`, { cause });
      });
      isRunning = true;
    },
    async stop(mode = "immediate"): Promise<void> {
      isRunning = false;
      await control("-m", mode, "stop");
    },
    async demote(): Promise<void> {
      await cluster.stop("fast");
      await asPostgres("touch", [`${data}/standby.signal`]);
      await cluster.start();
    },
    async certify(certificate): Promise<void> {
      await cluster.stop("fast");
      await writeCertificate(data, certificate);
      await cluster.start();
    },
    async remove(): Promise<void> {
      if (isRunning) await cluster.stop();
      await Deno.remove(options.folder === undefined ? folder : data, { recursive: true });
    },
  };
  try {
    await cluster.start();
    if (options.sql !== undefined) await execute(options.sql);
    if (options.isStandby) await cluster.demote();
  } catch (error) {
    await cluster.remove();
    throw error;
  }
  return cluster;
}

async function writeSettings(
  data: string,
  { hba, settings, certificate, port, folder }: ClusterOptions & { port: number; folder: string },
): Promise<void> {
  const lines = Object.entries({
    port,
    listen_addresses: "127.0.0.1,::1",
    unix_socket_directories: folder,
    fsync: "off",
    max_connections: 30,
    shared_buffers: "16MB",
    ...(certificate === undefined ? {} : {
      ssl: "on",
      ssl_cert_file: "server.crt",
      ssl_key_file: "server.key",
    }),
    ...settings,
  }).map(([name, value]) => `${name} = '${String(value).replaceAll("'", "''")}'`);
  await Deno.writeTextFile(`${data}/postgresql.conf`, `${lines.join("\n")}\n`, { append: true });
  const trusting = ["host all all 127.0.0.1/32 trust", "host all all ::1/128 trust"];
  // The superuser's way in for `execute`; the rest is the test's.
  const access = ["local all postgres trust", ...(hba ?? ["local all all trust", ...trusting])];
  await Deno.writeTextFile(`${data}/pg_hba.conf`, `${access.join("\n")}\n`);
  if (certificate !== undefined) await writeCertificate(data, certificate);
}

async function writeCertificate(
  data: string,
  { certificate, key }: ServerCertificate,
): Promise<void> {
  for (const [name, text] of [["crt", certificate], ["key", key]] as const) {
    await Deno.writeTextFile(`${data}/server.${name}`, text, { mode: 0o600 });
    await giveToPostgres(`${data}/server.${name}`);
  }
}

/** The server refuses to run as root, so that root hands it to the account Debian makes for it. */
async function asPostgres(program: string, args: readonly string[]): Promise<string> {
  return IS_ROOT
    ? await execFile("runuser", ["-u", "postgres", "--", program, ...args])
    : await execFile(program, args);
}

async function giveToPostgres(path: string): Promise<void> {
  if (IS_ROOT) await execFile("chown", ["postgres", path]);
}

/** Who we are shows in what we own. */
async function isRoot(): Promise<boolean> {
  const file = await Deno.makeTempFile();
  const { uid } = await Deno.stat(file);
  await Deno.remove(file);
  return uid === 0;
}
