import { execFile } from "../machine/exec_file.ts";
import { freePort } from "../network/free_port.ts";

/** The program's path, as Debian installs it; null where it is missing. */
const PROGRAM = await Deno.stat("/usr/sbin/pgbouncer").then(
  () => "/usr/sbin/pgbouncer",
  () => null,
);

/** Whether poolers can be started here. */
export const HAS_PGBOUNCER = PROGRAM !== null;

/** A pooler in front of a server. */
export interface PgBouncer {
  /** The server's URL, through the pooler. */
  readonly url: string;
  stop(): Promise<void>;
}

/**
 * Starts PgBouncer in front of the server that `databaseUrl` names. Everything but what is needed to
 * reach it, and what `settings` say, is as it is by default.
 */
export async function startPgBouncer(
  databaseUrl: string,
  settings: Readonly<Record<string, string | number>>,
): Promise<PgBouncer> {
  const url = new URL(databaseUrl);
  const folder = await Deno.makeTempDir({ prefix: "alexandria-test-pgbouncer-" });
  const user = decodeURIComponent(url.username);
  const password = decodeURIComponent(url.password);
  const port = freePort();
  const lines = Object.entries({
    listen_addr: "127.0.0.1",
    listen_port: port,
    unix_socket_dir: "",
    auth_type: "trust",
    auth_file: `${folder}/users`,
    logfile: `${folder}/log`,
    pidfile: `${folder}/pid`,
    ...settings,
  }).map(([name, value]) => `${name} = ${value}`);
  const server = `* = host=${url.hostname} port=${url.port || 5432}`;
  await Deno.writeTextFile(
    `${folder}/ini`,
    `[databases]\n${server}\n[pgbouncer]\n${lines.join("\n")}\n`,
  );
  await Deno.writeTextFile(`${folder}/users`, `"${user}" "${password}"\n`);
  await Deno.chmod(folder, 0o777);
  // It refuses to run as root, and takes any other user.
  await execFile(PROGRAM!, ["-q", "-d", "-u", "postgres", `${folder}/ini`]);
  while (!await accepts(port)) continue;
  url.host = `127.0.0.1:${port}`;
  return {
    url: url.href,
    async stop(): Promise<void> {
      const pid = Number(await Deno.readTextFile(`${folder}/pid`));
      Deno.kill(pid, "SIGTERM");
      await Deno.remove(folder, { recursive: true });
    },
  };
}

async function accepts(port: number): Promise<boolean> {
  return await Deno.connect({ hostname: "127.0.0.1", port }).then(
    (connection) => (connection.close(), true),
    () => false,
  );
}
