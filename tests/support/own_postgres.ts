/** A Postgres server of a test's own. */
export interface OwnPostgres {
  readonly url: string;
  stop(): Promise<void>;
}

const BINARIES = "/usr/lib/postgresql";
const ADDRESS = "127.0.0.1";

/**
 * Starts a server with its files in `folder/db`, from the newest of Debian's packages; null where there
 * is none. It refuses to run as root, and in root's folder runs as the user its package made.
 */
export async function startOwnPostgres(folder: string): Promise<OwnPostgres | null> {
  const bin = await newestBinaries();
  if (bin === null) return null;
  const isRoot = (await Deno.stat(folder)).uid === 0;
  const data = `${folder}/db`;
  if (isRoot) await demand("chown", ["postgres", folder]);
  const run = (program: string, args: string[]): Promise<void> =>
    isRoot
      ? demand("runuser", ["-u", "postgres", "--", `${bin}/${program}`, ...args])
      : demand(`${bin}/${program}`, args);
  const port = freePort();
  await run("initdb", ["-D", data, "-A", "trust", "-U", "postgres"]);
  const options = `-c listen_addresses=${ADDRESS} -c port=${port} -c unix_socket_directories=''`;
  await run("pg_ctl", ["-D", data, "-w", "-l", `${folder}/log`, "-o", options, "start"]);
  return {
    url: `postgres://postgres@${ADDRESS}:${port}/postgres`,
    stop: () => run("pg_ctl", ["-D", data, "-m", "immediate", "stop"]),
  };
}

async function newestBinaries(): Promise<string | null> {
  const versions: number[] = [];
  try {
    for await (const { name } of Deno.readDir(BINARIES)) versions.push(Number(name));
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
  return versions.length === 0 ? null : `${BINARIES}/${Math.max(...versions)}/bin`;
}

function freePort(): number {
  using listener = Deno.listen({ hostname: ADDRESS, port: 0 });
  return listener.addr.port;
}

async function demand(command: string, args: string[]): Promise<void> {
  const { success, stderr } = await new Deno.Command(command, {
    args,
    stdin: "null",
    stdout: "null",
    stderr: "piped",
  }).output();
  if (!success) throw new Error(`${command}: ${new TextDecoder().decode(stderr)}`);
}
