/** States and flags of the kernel's tables: https://docs.kernel.org/networking/proc_net_tcp.html */
const TCP_LISTEN = "0A";
const UNIX_ACCEPTING = 0x10000;

/** What a process accepts connections on, as `tcp:<port>` and `unix:<path>`. On Linux only. */
export async function listeningSockets(pid: number): Promise<string[]> {
  const inodes = new Set(
    // Some are closed while they are listed, which is no reason to fail.
    [...(await shell(`ls -l /proc/${pid}/fd || test $? = 1`)).matchAll(/socket:\[(\d+)\]/g)].map((
      [, id],
    ) => id),
  );
  const ports = [...await rowsOf("tcp"), ...await rowsOf("tcp6")]
    .filter((row) => row[3] === TCP_LISTEN && inodes.has(row[9]))
    .map((row) => `tcp:${parseInt(row[1]!.split(":").at(-1)!, 16)}`);
  const paths = (await rowsOf("unix"))
    .filter((row) => (parseInt(row[3]!, 16) & UNIX_ACCEPTING) !== 0 && inodes.has(row[6]))
    .map((row) => `unix:${row[7]}`);
  return [...ports, ...paths].toSorted();
}

async function rowsOf(table: string): Promise<string[][]> {
  const lines = (await shell(`cat /proc/net/${table}`)).trimEnd().split("\n").slice(1);
  return lines.map((line) => line.trim().split(/\s+/));
}

/** Deno itself reads nothing below `/proc` without all permissions. */
async function shell(command: string): Promise<string> {
  const { success, stdout, stderr } = await new Deno.Command("sh", { args: ["-c", command] })
    .output();
  if (!success) throw new Error(`${command}: ${new TextDecoder().decode(stderr)}`);
  return new TextDecoder().decode(stdout);
}
